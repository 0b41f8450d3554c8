import {actionOf} from '../../actions/disabled.ts';
import {formatKeys} from '../../components/key-text.ts';
import type {Context} from '../../state/context.ts';
import {moveBy, startOfList, topOf} from '../../state/cursor.ts';
import {
	atDashboard, edited, reduce as reduceAll, rowsOf,
} from '../../state/reduce.ts';
import type {UiState} from '../../state/ui-state.ts';
import type {Change, ScreenModule} from '../screen.ts';
import {
	paletteCursor, paletteEntries, paletteHeight, type PaletteState,
} from './state.ts';
import {Palette} from './view.tsx';

/**
Every action and every option by name, over the screen in front.
*/
export const palette: ScreenModule<PaletteState> = {
	name: 'Palette',
	View: Palette,
	title: () => 'Palette: type a name, arrows choose, Enter confirms.',
	pageRows: ({rows}) => paletteHeight(rows),
	typing: () => 'palette',
	over: ({under}) => under,
	back: state => state.option === undefined ? state.under : {...state, option: undefined},
	keys: [
		{
			press: 'down ctrl-n', where: ['palette'], title: 'next entry', footer: 'next', does: 'view', isMove: true, action: () => ({type: 'move', by: 1}),
		},
		{
			press: 'up ctrl-p', where: ['palette'], title: 'previous entry', does: 'view', isMove: true, action: () => ({type: 'move', by: -1}),
		},
	],
	reduce(state, action, {ui, context}) {
		// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- What is not for it changes nothing.
		switch (action.type) {
			case 'move':
			case 'page':
			case 'jump': {
				const entries = paletteEntries(state, context);
				const height = paletteHeight(context.rows);
				return {...ui, screen: {...state, cursor: moveBy(paletteCursor(state, entries), rowsOf(action, height), entries.map(entry => entry.id), height), option: undefined}};
			}

			case 'type':
			case 'erase': {
				return {
					...ui, screen: {
						...state, text: edited(state.text, action), cursor: startOfList, option: undefined,
					},
				};
			}

			case 'answer': {
				return choose(state, ui, context);
			}

			default: {
				return ui;
			}
		}
	},
	reconcile(state, {context}) {
		const cursor = paletteCursor(state, paletteEntries(state, context));
		return cursor === state.cursor ? state : {...state, cursor};
	},
	rowAt(state, {name, row}, {context}) {
		const entries = paletteEntries(state, context);
		const {index} = paletteCursor(state, entries);
		const wanted = topOf(state.cursor, entries.length, paletteHeight(context.rows)) + row;
		return name !== 'entries' || wanted >= entries.length ? undefined : {type: 'move', by: wanted - index};
	},
	describe(state, {context}) {
		const option = context.options.find(({flag}) => flag === state.option);
		const entry = paletteEntries(state, context).find(({id}) => id === state.cursor.id);
		return option === undefined ? [entry === undefined ? 'Nothing has that name.' : `${entry.title}${entry.kind === 'action' ? `, key ${formatKeys(entry.row.press, false)}` : ''}.`] : [`--${option.flag} is ${option.value}, from ${option.source}.`];
	},
};

// An action does what its key does; one of the first screen leads there first.
function choose(state: PaletteState, ui: UiState, context: Context): Change {
	const entries = paletteEntries(state, context);
	const entry = entries.find(({id}) => id === paletteCursor(state, entries).id);
	if (entry === undefined) {
		return {ui, effects: []};
	}

	if (entry.kind === 'option') {
		return {ui: {...ui, screen: {...state, option: entry.option.flag}}, effects: []};
	}

	const there = entry.isHere ? {...ui, screen: state.under} : atDashboard(ui);
	const action = actionOf(entry.row, there, context);
	return 'disabled' in action ? {ui: {...there, message: {text: action.disabled, role: 'waiting'}}, effects: []} : reduceAll(there, action, context);
}
