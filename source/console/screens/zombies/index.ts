import {moveBy, topOf} from '../../state/cursor.ts';
import {rowsOf} from '../../state/reduce.ts';
import {deleteSelected} from '../dashboard/keys.ts';
import type {ScreenModule} from '../screen.ts';
import {describeServer} from '../shared/evidence.ts';
import {
	marked, openZombies, rowsPerZombie, zombieCursor, zombieIds, zombiesShown, type ZombiesState,
} from './state.ts';
import {Zombies} from './view.tsx';

/**
Servers that have outlived their reason, each with the evidence.
*/
export const zombies: ScreenModule<ZombiesState> = {
	name: 'Zombies',
	View: Zombies,
	title: (_state, {lists, engine}) => `Zombies, ${lists.zombies.length} of ${engine.servers.items.length} servers. Space marks, Enter deletes after a question.`,
	pageRows: zombiesShown,
	back: () => ({at: 'dashboard', typing: undefined}),
	server: ({cursor}) => cursor.id,
	keys: [
		{
			press: 'z', where: ['dashboard'], title: 'zombies: servers past their limits, with the evidence', footer: 'zombies', does: 'view', action: () => ({type: 'open', screen: openZombies}),
		},
		{
			press: 'enter', where: ['zombies'], title: 'delete the marked servers', footer: 'delete marked', does: 'destroy', action: deleteSelected,
		},
		{
			press: 'd', where: ['zombies'], title: 'delete the marked servers, or the selected one', does: 'destroy', action: deleteSelected,
		},
		{
			press: 'space', where: ['zombies'], title: 'mark a zombie', footer: 'mark', rank: 2, does: 'change',
			action({screen}, context) {
				const row = screen.at === 'zombies' ? context.lists.byName.get(zombieCursor(screen, context).id ?? '') : undefined;
				return screen.at !== 'zombies' || row === undefined
					? {disabled: 'nothing to mark here'}
					: {type: 'open', screen: {...marked(screen, row.name, context), cursor: moveBy(screen.cursor, 1, zombieIds(screen, context), zombiesShown(context))}};
			},
		},
		{
			press: 'a', where: ['zombies'], title: 'mark all, or none', footer: 'all', does: 'change', action: ({screen}, context) => screen.at === 'zombies' ? {type: 'open', screen: marked(screen, 'all', context)} : {disabled: ''},
		},
	],
	reduce(state, action, {ui, context}) {
		if (action.type !== 'move' && action.type !== 'page' && action.type !== 'jump') {
			return ui;
		}

		const height = zombiesShown(context);
		return {...ui, screen: {...state, cursor: moveBy(state.cursor, rowsOf(action, height), zombieIds(state, context), height)}};
	},
	reconcile(state, {context}) {
		const cursor = zombieCursor(state, context);
		return cursor === state.cursor ? state : {...state, cursor};
	},
	rowAt(state, {name, row}, {context}) {
		const ids = zombieIds(state, context);
		const cursor = zombieCursor(state, context);
		const index = topOf(cursor, ids.length, zombiesShown(context)) + Math.floor(row / rowsPerZombie);
		return name !== 'body' || index >= ids.length ? undefined : {type: 'move', by: index - cursor.index};
	},
	describe(state, {context}) {
		const {id} = zombieCursor(state, context);
		return id === undefined ? ['No zombies.'] : [`${new Set<string>(state.marked).has(id) ? 'Marked: ' : ''}${describeServer(id, context)}`];
	},
};
