import {rowsIn} from '../../state/geometry.ts';
import {edited, rowsOf} from '../../state/reduce.ts';
import type {Context} from '../../state/context.ts';
import {selectedServer} from '../../state/selected-server.ts';
import type {ActionOrDisabled} from '../../actions/disabled.ts';
import type {UiState} from '../../state/ui-state.ts';
import type {ScreenState} from '../registry.ts';
import type {ScreenModule} from '../screen.ts';
import {noSearch} from '../shared/search.ts';
import {searchKeys} from '../shared/search-keys.ts';
import {
	openScripts, shownScript, scriptLines, scriptsAtMatch, scriptTitles, sourceOf, tabsOf, type HandedScripts, type ScriptsState,
} from './state.ts';
import {Scripts} from './view.tsx';

const isScripts = (screen: ScreenState): screen is ScriptsState => screen.at === 'scripts';

/**
The three scripts that new servers get, as tabs.
*/
export const scripts: ScreenModule<ScriptsState> = {
	name: 'Scripts',
	View: Scripts,
	title: () => 'Scripts. Tab shows the next one, page down reads on.',
	pageRows: ({geometry}) => rowsIn(geometry, 'body'),
	typing: ({search}) => search.typing === undefined ? undefined : 'search',
	prompt: ({search}) => search.typing === undefined ? undefined : search.query,
	back: state => state.search.typing === undefined ? state.under : {...state, search: {query: state.search.typing.before, typing: undefined}},
	keys: [
		{
			press: 's', where: ['dashboard'], title: 'scripts that new servers get', footer: 'scripts', does: 'view', needsEngine: true, action: ui => ({type: 'open', screen: openScripts(ui.screen), effect: {do: 'loadScripts'}}),
		},
		{
			press: 's', where: ['detail'], title: 'scripts that this server was handed, compared with those in force', footer: 'scripts', rank: 2, does: 'view', needsEngine: true, action: openHanded,
		},
		{
			press: 'c', where: ['scripts'], title: 'compare with the built-in script; what a server was handed with the one in force', alias: 'diff', footer: 'compare', does: 'view', action: compare,
		},
		...searchKeys('scripts', isScripts, scriptsAtMatch),
	],
	reduce(state, action, {ui, context}) {
		const height = rowsIn(context.geometry, 'body');
		// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- What is not for it changes nothing.
		switch (action.type) {
			case 'move':
			case 'page':
			case 'jump': {
				const last = Math.max(0, scriptLines(state).length - height);
				return {...ui, screen: {...state, top: Math.max(0, Math.min(last, Math.min(state.top, last) + rowsOf(action, height)))}};
			}

			case 'turn': {
				const tabs = tabsOf(state);
				const tab = tabs[(tabs.indexOf(state.tab) + action.by + tabs.length) % tabs.length] ?? state.tab;
				return {...ui, screen: {...openScripts(state.under, state.handed), load: state.load, tab}};
			}

			case 'type':
			case 'erase': {
				return state.search.typing === undefined ? ui : {...ui, screen: scriptsAtMatch({...state, search: {...state.search, query: edited(state.search.query, action)}}, 1, context, true)};
			}

			case 'answer': {
				return {...ui, screen: {...state, search: {...state.search, typing: undefined}}};
			}

			case 'scriptsLoaded': {
				return {...ui, screen: {...state, load: action.load}};
			}

			default: {
				return ui;
			}
		}
	},
	rowAt: () => undefined,
	describe(state, {context}) {
		if (state.search.typing !== undefined) {
			return state.search.query === '' ? ['Type a text, then Enter; Escape cancels.'] : [`${state.search.query}.`];
		}

		const script = shownScript(state);
		const source = script === undefined ? state.load.state : sourceOf(state, script);
		const lines = scriptLines(state).slice(state.top, state.top + rowsIn(context.geometry, 'body'));
		return [`${scriptTitles[state.tab]}, ${source}.`, ...lines.map(line => line.kind === 'code' ? `${line.number} ${line.text}` : line.text)];
	},
};

function openHanded(ui: UiState, context: Context): ActionOrDisabled {
	const row = selectedServer(ui, context);
	if (row?.is.kind !== 'server') {
		return {disabled: 'no server here'};
	}

	const {id, name, architecture} = row.is.server;
	const given = context.engine.serverScripts.get(id);
	if (given === undefined) {
		return {disabled: 'this server was handed no scripts yet, or by an engine that did not record them'};
	}

	const handed: HandedScripts = {...given, server: name, startupTab: architecture === 'arm64' ? 'startup-arm64' : 'startup-x64'};
	return {type: 'open', screen: openScripts(ui.screen, handed), effect: {do: 'loadScripts', handed}};
}

function compare({screen}: UiState): ActionOrDisabled {
	if (!isScripts(screen) || screen.load.state !== 'loaded') {
		return {disabled: 'the scripts are not there yet'};
	}

	const isBuiltIn = screen.handed === undefined && shownScript(screen)?.source === 'built in';
	if (isBuiltIn || screen.load.base === undefined) {
		return {disabled: isBuiltIn ? 'this is the built-in script' : 'the built-in scripts are not known here'};
	}

	return {
		type: 'open', screen: {
			...screen, isCompared: !screen.isCompared, top: 0, match: undefined, search: noSearch,
		},
	};
}
