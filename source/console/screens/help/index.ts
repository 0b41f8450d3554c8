import {formatKeys} from '../../components/key-text.ts';
import {rowsIn} from '../../state/geometry.ts';
import {rowsOf} from '../../state/reduce.ts';
import {makeTheme} from '../../theme/theme.ts';
import type {ScreenModule} from '../screen.ts';
import {helpLines, helpRows, type HelpState} from './state.ts';
import {Help} from './view.tsx';

const plainTheme = makeTheme('none', false);

/**
Every key there is, from the one table, and every sign.
*/
export const help: ScreenModule<HelpState> = {
	name: 'Help',
	View: Help,
	title: () => 'Keys.',
	keys: [],
	pageRows: ({geometry}) => rowsIn(geometry, 'body'),
	back: ({under}) => under,
	rowAt: () => undefined,
	reduce(state, action, {ui, context}) {
		if (action.type !== 'move' && action.type !== 'page' && action.type !== 'jump') {
			return ui;
		}

		const height = rowsIn(context.geometry, 'body');
		const last = Math.max(0, helpLines(context.isReadOnly, context.columns, plainTheme).length - height);
		return {...ui, screen: {...state, top: Math.max(0, Math.min(last, Math.min(state.top, last) + rowsOf(action, height)))}};
	},
	describe: (_state, {context}, before) => before === undefined ? helpRows(context.isReadOnly, plainTheme).map(row => row.kind === 'key' ? `${formatKeys(row.row.press, false)}: ${row.row.title}.` : `${row.text}.`) : [],
};
