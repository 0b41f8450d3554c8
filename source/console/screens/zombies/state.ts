import {settle, moveBy, type Cursor} from '../../components/cursor.ts';
import type {ServerName} from '../../../model/server-name.ts';
import type {Facts} from '../../facts.ts';
import type {ZombiesState} from '../../view.ts';

export const rowsPerZombie = 3;

export type ZombiesIntent = {readonly type: 'move'; readonly by: number} | {readonly type: 'mark'; readonly name: ServerName} | {readonly type: 'markAll'};

/**
The zombies, and those whose deletion was asked for here: they stay in the list with their result.
*/
export function zombieIds(state: ZombiesState, facts: Pick<Facts, 'lists'>): readonly ServerName[] {
	return [...new Set([...state.asked, ...facts.lists.zombies.map(row => row.name)])];
}

/**
The state after an intent; marks of rows that left are dropped.
*/
export function nextZombies(state: ZombiesState, intent: ZombiesIntent, facts: Pick<Facts, 'lists' | 'rows'>): ZombiesState {
	const ids = zombieIds(state, facts);
	const markable = ids.filter(name => facts.lists.byName.has(name));
	const kept = markable.filter(name => state.marked.has(name));
	const height = Math.max(1, Math.floor((facts.rows - 4) / rowsPerZombie));
	switch (intent.type) {
		case 'move': {
			return {...state, cursor: moveBy(state.cursor, intent.by, ids, height)};
		}

		case 'mark': {
			const isMarked = kept.includes(intent.name);
			const marked = isMarked ? kept.filter(name => name !== intent.name) : [...kept, intent.name];
			return {...state, cursor: moveBy(state.cursor, 1, ids, height), marked: new Set(marked)};
		}

		case 'markAll': {
			return {...state, marked: kept.length === markable.length ? new Set() : new Set(markable)};
		}
	}
}

/**
How many of the deletions that were asked for here have an end, well or not.
*/
export function progressOf(state: ZombiesState, facts: Pick<Facts, 'engine' | 'lists'>): {readonly done: number; readonly of: number} {
	const done = state.asked.filter(name => !facts.lists.byName.has(name) || ['deleted', 'kept'].includes(facts.engine.deletions.get(name)?.state ?? ''));
	return {done: done.length, of: state.asked.length};
}

/**
The cursor on what the list holds now.
*/
export function zombieCursor(state: ZombiesState, facts: Pick<Facts, 'lists'>): Cursor {
	return settle(state.cursor, zombieIds(state, facts));
}
