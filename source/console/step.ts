import type {ServerName} from '../model/server-name.ts';
import {namesToType, type Facts} from './facts.ts';
import type {Effect, Intent} from './intent.ts';
import {nextView} from './next-view.ts';
import {paletteCursor, paletteEntries} from './screens/palette/state.ts';
import {settled} from './settling.ts';
import type {Screen, View} from './view.ts';

export type Step = {readonly view: View; readonly effects: readonly Effect[]};

/**
What an intent makes of the view, and what is to be asked of the world because of it. Pure.
*/
export function step(view: View, intent: Intent, facts: Facts): Step {
	if (intent.type === 'act') {
		return {view, effects: [intent.effect]};
	}

	if (intent.type === 'answer') {
		return answer(view, facts);
	}

	return intent.type === 'openScripts'
		? {
			view: {
				...view, screen: {
					at: 'scripts', tab: 'setup', top: 0, load: {state: 'loading'}, isCompared: false, hit: undefined,
				}, find: '',
			}, effects: [{do: 'loadScripts'}],
		}
		: {view: nextView(view, intent, facts), effects: []};
}

function answer(view: View, facts: Facts): Step {
	const {screen} = view;
	if (screen.at === 'filter') {
		return {view: settled({...view, screen: {at: 'panes'}}, facts), effects: []};
	}

	if (screen.at === 'search') {
		return {view: {...view, screen: screen.under}, effects: []};
	}

	if (screen.at === 'palette') {
		return chosen(view, screen, facts);
	}

	if (screen.at !== 'confirm') {
		return {view, effects: []};
	}

	const back = {...view, screen: screen.under};
	if (screen.focus === 'cancel') {
		return {view: back, effects: []};
	}

	switch (screen.question.about) {
		case 'quit': {
			return {view: back, effects: [{do: 'quit'}]};
		}

		case 'drain': {
			return {view: back, effects: [{do: 'setMode', mode: 'draining'}]};
		}

		case 'delete': {
			const untyped = new Set(namesToType(screen.question.names, screen.typed, facts.lists));
			const names = screen.question.names.filter(name => !untyped.has(name));
			if (names.length === 0) {
				return {view: {...view, message: {text: 'a busy server goes only when its name is typed', role: 'waiting'}}, effects: []};
			}

			const marked = new Set(view.marked).difference(new Set(names));
			return {view: {...afterDelete(back, screen.under, names), marked}, effects: [{do: 'delete', names, typed: screen.typed}]};
		}
	}
}

// An action does what its key does; one of the first screen leads there first.
function chosen(view: View, screen: Extract<Screen, {readonly at: 'palette'}>, facts: Facts): Step {
	const entries = paletteEntries(screen, facts);
	const entry = entries.find(({id}) => id === paletteCursor(screen, entries).id);
	if (entry === undefined) {
		return {view, effects: []};
	}

	if (entry.kind === 'option') {
		return {view: {...view, screen: {...screen, option: entry.option.flag}}, effects: []};
	}

	const there: View = {...view, screen: entry.isHere ? screen.under : {at: 'panes'}};
	const intent = entry.row.intent(there, facts);
	return 'unable' in intent ? {view: {...there, message: {text: intent.unable, role: 'waiting'}}, effects: []} : step(there, intent, facts);
}

function afterDelete(view: View, under: Screen, names: readonly ServerName[]): View {
	return under.at === 'zombies' ? {...view, screen: {...under, state: {...under.state, marked: new Set(), asked: [...new Set([...under.state.asked, ...names])]}}} : view;
}
