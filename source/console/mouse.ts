import {topOf} from './components/cursor.ts';
import type {Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {heightOf, hourRows} from './layout.ts';
import {tabText} from './panes/titles.ts';
import {logRows} from './screens/log/state.ts';
import {pageOf} from './screens/scrolling.ts';
import {rowsPerZombie, zombieCursor, zombieIds} from './screens/zombies/state.ts';
import {readThrough} from './read-through.ts';
import {panes, type Pane, type View} from './view.ts';

/**
Something that the mouse did; column and row count from 0.
*/
export type MouseEvent = {readonly did: 'click' | 'wheelUp' | 'wheelDown'; readonly column: number; readonly row: number};

const escape = '\u{1B}';

/**
What turns reports of clicks and the wheel on, in the form that knows wide terminals (SGR), and off.
*/
export const mouseOn = '\u{1B}[?1000h\u{1B}[?1006h';
export const mouseOff = '\u{1B}[?1006l\u{1B}[?1000l';

const report = /\[<(?<button>\d+);(?<column>\d+);(?<row>\d+)(?<end>m)/giv;
const unfinished = /\[(?:<[\d;]{0,16})?$/v;
const buttons: Readonly<Record<string, MouseEvent['did']>> = {0: 'click', 64: 'wheelUp', 65: 'wheelDown'};

/**
The mouse's doings in a chunk of input, and its last part when that may be half a report: it belongs before the next chunk.
*/
export function readMouse(chunk: string): {readonly events: readonly MouseEvent[]; readonly pending: string} {
	const events = chunk.matchAll(report).flatMap(({groups, index}): readonly MouseEvent[] => {
		if (chunk[index - 1] !== escape) {
			return [];
		}

		const did = buttons[groups?.button ?? ''];
		return did === undefined || groups?.end !== 'M' ? [] : [{did, column: Number(groups.column) - 1, row: Number(groups.row) - 1}];
	}).toArray();
	const begun = chunk.endsWith(escape) ? chunk.length - 1 : chunk.search(unfinished) - 1;
	return {events, pending: chunk[begun] === escape ? chunk.slice(begun) : ''};
}

/**
The input as it was, with an ear for the mouse: Ink reads keys from it and drops what the mouse says.
*/
export function hearMouse(stdin: NodeJS.ReadStream, onMouse: (event: MouseEvent) => void): NodeJS.ReadStream {
	let pending = '';
	const read = (size?: number): unknown => {
		const chunk: unknown = stdin.read(size);
		if (typeof chunk === 'string') { // Ink asks for text.
			const heard = readMouse(pending + chunk);
			pending = heard.pending;
			for (const event of heard.events) {
				onMouse(event);
			}
		}

		return chunk;
	};

	return readThrough(stdin, read);
}

const wheelRows = 3;

/**
What a click or the wheel means there: a click selects, the wheel moves what is under it. Nothing where a question is open.
*/
export function intentsAt(event: MouseEvent, view: View, facts: Facts): readonly Intent[] {
	const {did, row} = event;
	const by = did === 'wheelUp' ? -wheelRows : wheelRows;
	const {screen} = view;
	switch (screen.at) {
		case 'panes': {
			return inPanes(event, view, facts);
		}

		case 'zombies': {
			const ids = zombieIds(screen.state, facts);
			const cursor = zombieCursor(screen.state, facts);
			const index = topOf(cursor, ids.length, pageOf(screen, facts.rows)) + Math.floor((row - 1) / rowsPerZombie);
			return did === 'click' ? moveTo(index, cursor.index, ids.length) : [{type: 'move', by: Math.sign(by)}];
		}

		case 'log': {
			const count = logRows(facts.engine.activity, screen).length;
			const index = topOf(screen.cursor, count, pageOf(screen, facts.rows)) + row - 1;
			return did === 'click' ? moveTo(index, screen.cursor.index, count) : [{type: 'move', by}];
		}

		case 'scripts':
		case 'detail':
		case 'help':
		case 'palette': {
			return did === 'click' ? [] : [{type: 'move', by}];
		}

		case 'filter':
		case 'search':
		case 'confirm': {
			return [];
		}
	}
}

function moveTo(index: number, from: number, count: number): readonly Intent[] {
	return index < 0 || index >= count ? [] : [{type: 'move', by: index - from}];
}

function inPanes({did, row, column}: MouseEvent, view: View, facts: Facts): readonly Intent[] {
	const [notice] = facts.notices;
	if (did === 'click' && notice !== undefined && row === 2) {
		return [notice.leadsTo];
	}

	if (did === 'click' && facts.layout.kind === 'one' && row === topRows(facts)) {
		const pane = tabAt(column, facts.lists);
		return pane === undefined ? [] : [{type: 'goToPane', pane}];
	}

	const place = placeAt(row, view, facts);
	if (place === undefined) {
		return [];
	}

	const {pane, line} = place;
	if (did !== 'click') {
		return [{type: 'goToPane', pane}, {type: 'move', by: did === 'wheelUp' ? -wheelRows : wheelRows}];
	}

	const ids = facts.lists.ids[pane];
	const id = line === undefined ? undefined : ids[topOf(view.cursors[pane], ids.length, heightOf(facts.layout, pane)) + line];
	return id === undefined ? [{type: 'goToPane', pane}] : [{type: 'select', pane, id}];
}

// The pane at a row of the first screen, and the line of its list there, if it is one.
function placeAt(row: number, view: View, facts: Facts): {readonly pane: Pane; readonly line: number | undefined} | undefined {
	const {layout} = facts;
	const top = topRows(facts);
	const inList = (first: number, pane: Pane): number | undefined => row >= first && row < first + heightOf(layout, pane) ? row - first : undefined;
	switch (layout.kind) {
		case 'tooSmall': {
			return undefined;
		}

		case 'one': {
			const line = inList(top + 2 + headingRows(view.pane), view.pane);
			return row < top ? undefined : {pane: view.pane, line};
		}

		case 'four': {
			let from = top + (layout.hasHour ? hourRows + 1 : 0);
			for (const pane of panes) {
				const first = from + 1 + headingRows(pane);
				const end = first + heightOf(layout, pane);
				if (row >= from && row < end) {
					return {pane, line: inList(first, pane)};
				}

				from = end;
			}

			return undefined;
		}
	}
}

// Header and notice.
function topRows({notices}: Facts): number {
	return 2 + (notices.length > 0 ? 1 : 0);
}

function tabAt(column: number, lists: Facts['lists']): Pane | undefined {
	let end = 0;
	return panes.find(pane => {
		end += tabText(pane, lists).length + 1;
		return column < end;
	});
}

function headingRows(pane: Pane): number {
	return pane === 'activity' ? 0 : 1;
}
