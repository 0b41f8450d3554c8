import type {ServerName} from '../../../model/server-name.ts';
import type {Context} from '../../state/context.ts';
import {reconcileCursor, startOfList, type Cursor} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';

/**
The zombies; `asked`: those whose deletion was asked for here.
*/
export type ZombiesState = {readonly at: 'zombies'; readonly cursor: Cursor; readonly marked: ReadonlySet<ServerName>; readonly asked: readonly ServerName[]};

export const openZombies: ZombiesState = {
	at: 'zombies', cursor: startOfList, marked: new Set(), asked: [],
};

export const rowsPerZombie = 3;

/**
Zombies that are on the screen at once.
*/
export function zombiesShown({geometry}: Pick<Context, 'geometry'>): number {
	return Math.max(1, Math.floor(rowsIn(geometry, 'body') / rowsPerZombie));
}

/**
The zombies, and those whose deletion was asked for here: they stay in the list with their result.
*/
export function zombieIds(state: ZombiesState, {lists}: Pick<Context, 'lists'>): readonly ServerName[] {
	return [...new Set([...state.asked, ...lists.zombies.map(row => row.name)])];
}

/**
The state with that one marked, or not any more, or all of them, or none; marks of rows that left are dropped.
*/
export function marked(state: ZombiesState, which: ServerName | 'all', context: Pick<Context, 'lists'>): ZombiesState {
	const markable = zombieIds(state, context).filter(name => context.lists.byName.has(name));
	const kept = markable.filter(name => state.marked.has(name));
	return which === 'all' ? {...state, marked: kept.length === markable.length ? new Set() : new Set(markable)} : {...state, marked: new Set(kept.includes(which) ? kept.filter(name => name !== which) : [...kept, which])};
}

/**
How many of the deletions that were asked for here have an end, well or not.
*/
export function progressOf(state: ZombiesState, {engine, lists}: Pick<Context, 'engine' | 'lists'>): {readonly done: number; readonly of: number} {
	const done = state.asked.filter(name => !lists.byName.has(name) || ['deleted', 'kept'].includes(engine.deletions.get(name)?.state ?? ''));
	return {done: done.length, of: state.asked.length};
}

/**
The cursor on what the list holds now.
*/
export function zombieCursor(state: ZombiesState, context: Pick<Context, 'lists'>): Cursor {
	return reconcileCursor(state.cursor, zombieIds(state, context));
}
