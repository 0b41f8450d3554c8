import {cleanText} from '../../model/clean-text.ts';
import {describeEvent} from '../../model/event.ts';
import {ageSeconds, formatDuration} from '../../model/time.ts';
import {formatAge, formatClock} from '../components/clock.ts';
import {countOf} from '../panes/pane.ts';
import {screenOf} from '../screens/registry.ts';
import type {Context, Frame} from '../state/context.ts';
import {startCommand, type Health} from '../state/health.ts';
import {cursorOf, type UiState} from '../state/ui-state.ts';

/**
What a change says to somebody who cannot see it, sentence by sentence. Seconds that pass say nothing. Before the first frame there is none.
*/
export function sentencesOf(before: Frame | undefined, after: Frame): readonly string[] {
	const {ui, context} = after;
	const screen = screenOf(ui.screen);
	if (before === undefined) {
		return [`Console of ${describeState(context)}`, ...newNotices(undefined, context), ...screen.describe(ui.screen, after, undefined), 'The question mark lists the keys.'].map(line => cleanText(line));
	}

	return [
		...newsOf(before.context, context),
		...newNotices(before.context, context),
		...(ui.message === undefined || ui.message === before.ui.message ? [] : [`${ui.message.text}.`]),
		...moves(before, after),
	].map(line => cleanText(line));
}

function newsOf(before: Context, {engine, health}: Context): readonly string[] {
	const fares = health.is === before.health.is ? [] : [describeHealth(health)];
	if (engine === before.engine) {
		return fares;
	}

	const last = before.engine.activity.at(-1)?.id ?? -1;
	return [
		...fares,
		...(engine.mode === before.engine.mode ? [] : [`The engine is ${engine.mode} now.`]),
		...engine.activity.filter(({id}) => id > last).map(({at, event}) => `${formatClock(at, 'minutes')}: ${describeEvent(event)}.`),
	];
}

function describeHealth(health: Health): string {
	switch (health.is) {
		case 'gone': {
			return `No engine since ${formatClock(health.at, 'minutes')}. To start it: ${startCommand(health.where)}.`;
		}

		case 'slow': {
			return `${health.what === 'both' ? 'GitHub and Hetzner' : health.what} not read for ${formatDuration(health.seconds)}.`;
		}

		case 'blind': {
			return `${health.what === 'both' ? 'GitHub and Hetzner' : health.what} not read since ${formatClock(health.at, 'minutes')}.`;
		}

		case 'nothing read': {
			return 'Nothing was read yet.';
		}

		case 'well': {
			return 'GitHub and Hetzner are read again.';
		}
	}
}

function newNotices(before: Context | undefined, {notices}: Context): readonly string[] {
	const known = new Set(before?.notices.flatMap(({about}) => about));
	return notices.filter(({about}) => about.some(one => !known.has(one))).map(({text, press}) => `Attention: ${text}. The key ${press} leads there.`);
}

// What the person's own key did: another screen, another row, another answer.
function moves(before: Frame, after: Frame): readonly string[] {
	const [from, to] = [before.ui, after.ui];
	const screen = screenOf(to.screen);
	if (from.screen.at !== to.screen.at) {
		return [...(to.screen.at === 'dashboard' ? [] : [screen.title(to.screen, after.context)]), ...screen.describe(to.screen, after, undefined)];
	}

	return isElsewhere(from, to) ? screen.describe(to.screen, after, before) : [];
}

// A row that moves by itself, with the list, is no step of the person.
function isElsewhere(from: UiState, to: UiState): boolean {
	return from.pane !== to.pane || from.screen !== to.screen || cursorOf(from, from.pane).id !== cursorOf(to, to.pane).id || from.query !== to.query || from.marked.size !== to.marked.size || from.orders !== to.orders;
}

/**
How things stand, in two sentences.
*/
function describeState({engine, lists, rowsNow}: Context): string {
	const {waiting, running, servers, busyServers} = lists.counts;
	const [oldest] = lists.waiting;
	const wait = oldest === undefined ? '' : `, the oldest for ${formatAge(ageSeconds(oldest.job.createdAt, rowsNow))}`;
	const count = (value: number, read: Context['engine']['jobs' | 'servers']): string => countOf(value, read).replace('?', 'unknown');
	return cleanText(`${engine.repository}, ${engine.phase === 'running' ? engine.mode : engine.phase}. ${count(waiting, engine.jobs)} jobs queued${wait}, ${count(running, engine.jobs)} running, ${count(servers, engine.servers)} servers, ${busyServers} busy.`);
}
