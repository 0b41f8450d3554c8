import {cleanText} from '../../model/clean-text.ts';
import {sayEvent} from '../../model/event.ts';
import {moveBy, settle} from '../components/cursor.ts';
import type {Facts} from '../facts.ts';
import type {LogScreen, ScriptsScreen} from '../view.ts';
import {logRows} from './log/state.ts';
import {pageOf} from './scrolling.ts';
import {scriptLines} from './scripts/state.ts';

type Searched = ScriptsScreen | LogScreen;

/**
The places at which a text is in lines, whatever its case.
*/
export function hitsIn(lines: readonly string[], find: string): readonly number[] {
	const wanted = find.toLowerCase();
	return wanted === '' ? [] : lines.flatMap((line, at) => line.toLowerCase().includes(wanted) ? [at] : []);
}

/**
The hit after `from` (before it when `by` is -1), beginning again at the other end; undefined when there is none.
*/
export function nextHit(hits: readonly number[], from: number, by: 1 | -1): number | undefined {
	return by === 1 ? (hits.find(hit => hit > from) ?? hits[0]) : (hits.findLast(hit => hit < from) ?? hits.at(-1));
}

/**
How many lines of that screen have the text, and which of them it is at (from 1; 0 when at none).
*/
export function countHits(screen: Searched, find: string, facts: Facts): {readonly at: number; readonly of: number} {
	const hits = hitsIn(linesOf(screen, facts), find);
	return {at: hits.indexOf(placeOf(screen, facts)) + 1, of: hits.length};
}

/**
The screen at the next line that has the text, from the place where it is or just before it (`isFirst`); the same when no line has it.
*/
export function goToHit(screen: Searched, find: string, by: 1 | -1, facts: Facts, isFirst = false): Searched {
	const hit = nextHit(hitsIn(linesOf(screen, facts), find), placeOf(screen, facts) - (isFirst ? by : 0), by);
	if (hit === undefined) {
		return screen;
	}

	if (screen.at === 'scripts') {
		const height = pageOf(screen, facts.rows);
		const last = Math.max(0, scriptLines(screen).length - height);
		const isVisible = hit >= screen.top && hit < screen.top + height;
		return {...screen, hit, top: isVisible ? screen.top : Math.max(0, Math.min(last, hit - Math.floor(height / 3)))};
	}

	const ids = logRows(facts.engine.activity, screen).map(entry => String(entry.id));
	return {...screen, isFollowing: false, cursor: moveBy(screen.cursor, hit - settle(screen.cursor, ids).index, ids, pageOf(screen, facts.rows))};
}

function placeOf(screen: Searched, facts: Facts): number {
	return screen.at === 'scripts' ? (screen.hit ?? (screen.top - 1)) : settle(screen.cursor, logRows(facts.engine.activity, screen).map(entry => String(entry.id))).index;
}

function linesOf(screen: Searched, facts: Facts): readonly string[] {
	return screen.at === 'scripts' ? scriptLines(screen).map(line => line.text) : logRows(facts.engine.activity, screen).map(entry => cleanText(sayEvent(entry.event)));
}
