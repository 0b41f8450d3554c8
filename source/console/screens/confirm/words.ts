import {span, type Span} from '../../components/spans.ts';
import {widthOf, wrapText} from '../../components/text.ts';
import {countOf} from '../../panes/pane.ts';
import {namesToType, type Context} from '../../state/context.ts';
import {describeReason, describeSources, formatServerAndCost} from '../shared/evidence.ts';
import type {ConfirmState, Question} from './state.ts';

/**
The question in words: its title, what will go and why, and both answers.
*/
export type QuestionWords = {readonly title: string; readonly lines: ReadonlyArray<readonly Span[]>; readonly cancel: string; readonly go: string};

/**
What is asked, in lines of at most that width.
*/
export function questionWords({question}: Pick<ConfirmState, 'question'>, context: Context, width: number): QuestionWords {
	const paragraph = (text: string, role: Span['role'] = 'plain'): ReadonlyArray<readonly Span[]> => wrapText(text, width).map(line => [span(line, role)]);
	switch (question.about) {
		case 'quit': {
			return {
				title: 'Quit', cancel: 'Stay', go: 'Quit',
				lines: [...paragraph(whatStays(question)), ...paragraph('Until then nothing is created or deleted. Ctrl-C once more quits at once.', 'dim')],
			};
		}

		case 'mode': {
			return {cancel: 'Cancel', ...modeWords(question, context, paragraph)};
		}

		case 'delete': {
			const count = question.names.length;
			return {
				title: `Delete ${count} ${count === 1 ? 'server' : 'servers'}`, cancel: 'Cancel', go: 'Delete',
				lines: question.names.flatMap(name => {
					const row = context.lists.byName.get(name);
					return row === undefined
						? [[span(name, 'strong')], [span('  is gone already', 'dim')]]
						: [
							...nameAndCost(name, formatServerAndCost(row, context), width),
							...wrapText(`${describeReason(row, context)}; ${describeSources(row, context)}`, width - 2).map(line => [span(`  ${line}`, 'dim')]),
						];
				}),
			};
		}
	}
}

function whatStays({servers, known}: Extract<Question, {readonly about: 'quit'}>): string {
	if (servers === undefined) {
		return known === 0
			? 'The list of servers was not read yet: some may be running and cost money. The next start picks them up.'
			: `The list of servers is out of date. It had ${known === 1 ? '1 server' : `${known} servers`}, which may still be running and cost money: the next start picks them up.`;
	}

	return servers === 1 ? '1 server keeps running and costs money: the next start picks it up.' : `${servers} servers keep running and cost money: the next start picks them up.`;
}

function modeWords({mode}: Extract<Question, {readonly about: 'mode'}>, {lists, engine}: Context, paragraph: (text: string, role?: Span['role']) => ReadonlyArray<readonly Span[]>): Pick<QuestionWords, 'title' | 'go' | 'lines'> {
	const waiting = countOf(lists.counts.waiting, engine.jobs);
	const until = `${waiting} queued ${waiting === '1' ? 'job waits' : 'jobs wait'} until scaling resumes.`;
	switch (mode) {
		case 'draining': {
			return {title: 'Drain', go: 'Drain', lines: [...paragraph('No new servers from now on; idle ones are deleted at once; what runs may finish.'), ...paragraph(until, 'dim')]};
		}

		case 'paused': {
			return {title: 'Pause', go: 'Pause', lines: [...paragraph('No new servers from now on; servers that are done are deleted as before.'), ...paragraph(until, 'dim')]};
		}

		case 'frozen': {
			return {title: 'Freeze', go: 'Freeze', lines: [...paragraph('Nothing is created and nothing deleted from now on: servers that are done go on costing money.'), ...paragraph(until, 'dim')]};
		}

		case 'scaling': {
			return {title: 'Resume scaling', go: 'Resume', lines: paragraph('The mode was changed only a moment ago. Servers are created for queued jobs again.')};
		}
	}
}

// In one line where there is room.
function nameAndCost(name: string, cost: string, width: number): ReadonlyArray<readonly Span[]> {
	return widthOf(name) + 2 + widthOf(cost) <= width ? [[span(name, 'strong'), span(`  ${cost}`)]] : [[span(name, 'strong')], [span(`  ${cost}`)]];
}

/**
What is to be typed, and what was.
*/
export function typingLines(state: ConfirmState, {lists}: Context, width: number): ReadonlyArray<readonly Span[]> {
	if (state.question.about !== 'delete') {
		return [];
	}

	const open = namesToType(state.question.names, state.typed, lists);
	if (open.length === 0) {
		return state.typed.size === 0 ? [] : [[], [span(`${state.typed.size} busy by name: its job is lost`, 'wrong')]];
	}

	const which = open.length === state.question.names.length ? 'Busy: to delete it all the same, type its name' : `${open.length} busy and kept, unless its name is typed`;
	return [[], ...wrapText(which, width).map(line => [span(line, 'waiting')]), [span('> '), span(state.text.slice(-(width - 4)), 'strong'), span('_', 'dim')]];
}
