import type {Dialog} from '../../components/dialog.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import {widthOf, wrapText} from '../../components/text.ts';
import {keySpans} from '../../footer.ts';
import {keymap} from '../../keymap.ts';
import {namesToType, type Facts} from '../../facts.ts';
import type {Theme} from '../../theme.ts';
import type {Screen} from '../../view.ts';
import {sayReason, sayServerAndCost, saySources} from '../evidence.ts';

export type ConfirmScreen = Extract<Screen, {readonly at: 'confirm'}>;

type ConfirmProps = {readonly theme: Theme; readonly screen: ConfirmScreen; readonly facts: Facts};

/**
The question before something happens: what will go, with the evidence. The focus begins on the answer that changes nothing.
*/
export function drawConfirm({theme, screen, facts}: ConfirmProps): Dialog {
	const width = Math.min(facts.columns - 4, 92);
	const {title, lines, cancel, go} = confirmWords(screen, facts, width - 4);
	const most = facts.rows - 8;
	const cut = lines.length > most ? [...lines.slice(0, most - 1), [span(`… and ${lines.length - most + 1} lines more`, 'dim')]] : lines;
	const typing = typingLines(screen, facts, width - 4);
	const button = (text: string, isFocused: boolean): Span => span(isFocused ? `${theme.signs.cursor} ${text} ` : `  ${text} `, isFocused ? 'selected' : 'plain');
	const buttons = [span(' '.repeat(Math.max(0, width - 10 - cancel.length - go.length - 8))), button(cancel, screen.focus === 'cancel'), span(' '.repeat(4)), button(go, screen.focus === 'go')];
	const inside = (spans: readonly Span[]): string => betweenSides(theme, paintSpans(theme, [span(' '), ...spans], width - 2));
	const all = [
		edgeLine(theme, 'top', width, [span(title, 'strong')]),
		...[...cut, ...typing].map(spans => inside(spans)),
		inside([]),
		inside(buttons),
		edgeLine(theme, 'bottom', width, keySpans(theme, keymap.filter(row => row.where.includes('confirm')), {zombies: 0}, width - 4)),
	];
	const top = Math.max(0, Math.floor((facts.rows - all.length) / 2));
	return {
		top, left: Math.floor((facts.columns - width) / 2), width, lines: all,
	};
}

/**
The question in words: its title, what will go and why, and both answers.
*/
export type Words = {readonly title: string; readonly lines: ReadonlyArray<readonly Span[]>; readonly cancel: string; readonly go: string};

/**
What is asked.
*/
export function confirmWords({question}: ConfirmScreen, facts: Facts, width: number): Words {
	switch (question.about) {
		case 'quit': {
			const {servers} = question;
			return {
				title: 'Quit', cancel: 'Stay', go: 'Quit',
				lines: [
					[span(servers === 1 ? '1 server stays and costs money: the next start picks it up.' : `${servers} servers stay and cost money: the next start picks them up.`)],
					[span('Nothing is made or deleted until then. Ctrl-C once more quits at once.', 'dim')],
				],
			};
		}

		case 'drain': {
			const {waiting} = facts.lists.counts;
			return {
				title: 'Drain', cancel: 'Cancel', go: 'Drain',
				lines: [
					...wrapText('No new servers from now on; idle ones are deleted at once; what runs may finish.', width).map(line => [span(line)]),
					[span(`${waiting === 1 ? '1 queued job waits' : `${waiting} queued jobs wait`} until scaling goes on.`, 'dim')],
				],
			};
		}

		case 'delete': {
			const count = question.names.length;
			return {
				title: `Delete ${count} ${count === 1 ? 'server' : 'servers'}`, cancel: 'Cancel', go: 'Delete',
				lines: question.names.flatMap(name => {
					const row = facts.lists.byName.get(name);
					return row === undefined
						? [[span(name, 'strong')], [span('  is gone already', 'dim')]]
						: [
							...nameAndCost(name, sayServerAndCost(row, facts), width),
							...wrapText(`${sayReason(row, facts)}; ${saySources(row, facts)}`, width - 2).map(line => [span(`  ${line}`, 'dim')]),
						];
				}),
			};
		}
	}
}

// In one line where there is room.
function nameAndCost(name: string, cost: string, width: number): ReadonlyArray<readonly Span[]> {
	return widthOf(name) + 2 + widthOf(cost) <= width ? [[span(name, 'strong'), span(`  ${cost}`)]] : [[span(name, 'strong')], [span(`  ${cost}`)]];
}

function typingLines(screen: ConfirmScreen, facts: Facts, width: number): ReadonlyArray<readonly Span[]> {
	if (screen.question.about !== 'delete') {
		return [];
	}

	const open = namesToType(screen.question.names, screen.typed, facts.lists);
	if (open.length === 0) {
		return screen.typed.size === 0 ? [] : [[], [span(`${screen.typed.size} busy by name: its job is lost`, 'wrong')]];
	}

	const which = open.length === screen.question.names.length ? 'Busy: to delete it all the same, type its name' : `${open.length} busy and kept, unless its name is typed`;
	return [[], ...wrapText(which, width).map(line => [span(line, 'waiting')]), [span('> '), span(screen.text.slice(-(width - 4)), 'strong'), span('_', 'dim')]];
}
