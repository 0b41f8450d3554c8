import type {KeyRow} from '../../actions/key-row.ts';
import type {Context} from '../../state/context.ts';
import type {ScreenState} from '../registry.ts';
import {noSearch, type Search} from './search.ts';

type Searched = ScreenState & {readonly search: Search};

/**
The keys of a search on a screen: to type it, to its next and to its previous match. `goTo`: the screen at another match.
*/
export function searchKeys<State extends Searched>(at: State['at'], isState: (screen: ScreenState) => screen is State, goTo: (state: State, by: 1 | -1, context: Context) => State): readonly KeyRow[] {
	const match = (by: 1 | -1): KeyRow['action'] => ({screen}, context) => isState(screen) && screen.search.query !== '' ? {type: 'open', screen: goTo(screen, by, context)} : {disabled: 'no search: / starts one'};
	return [
		{
			press: '/', where: [at], title: `search the ${at}`, footer: 'search', does: 'view',
			action: ({screen}) => isState(screen) ? {type: 'open', screen: {...screen, search: {...noSearch, typing: {before: screen.search.query}}}} : {disabled: 'nothing to search here'},
		},
		{
			press: 'n', where: [at], title: `next match in the ${at}`, footer: 'next', rank: 2, does: 'view', isMove: true, action: match(1),
		},
		{
			press: 'N', where: [at], title: `previous match in the ${at}`, does: 'view', isMove: true, action: match(-1),
		},
	];
}
