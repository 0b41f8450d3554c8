import {cleanText} from '../../model/clean-text.ts';
import {sayEvent} from '../../model/event.ts';
import {sayJob} from '../../model/job.ts';
import {ageSeconds, sayDuration} from '../../model/time.ts';
import {sayJobVerdict, sayRunnerVerdict} from '../../model/say-verdict.ts';
import {sayAge, sayClock} from '../components/clock.ts';
import {passedSince, type Facts} from '../facts.ts';
import {groupOf, sayWait} from '../panes/jobs/state.ts';
import {runnerLook} from '../panes/runners/state.ts';
import {aged, serverLook} from '../panes/servers/state.ts';
import {sayReason, sayServerAndCost, saySources} from '../screens/evidence.ts';
import {
	detailLines, detailThread, timelineOf, type DetailScreen,
} from '../screens/detail/state.ts';
import type {Pane} from '../view.ts';

/**
A row of a pane as a sentence, with its place in the list; undefined when there is no such row.
*/
export function sayRow(pane: Pane, id: string | undefined, facts: Facts): string | undefined {
	const ids = facts.lists.ids[pane];
	const at = id === undefined ? -1 : ids.indexOf(id);
	return at === -1 ? undefined : `${cleanText(wordsOf(pane, at, facts))}. Row ${at + 1} of ${ids.length}.`;
}

function wordsOf(pane: Pane, at: number, facts: Facts): string {
	const {lists, now} = facts;
	switch (pane) {
		case 'jobs': {
			const row = lists.jobs[at];
			return row === undefined ? '' : `${sayJob(row.job)}, ${groupOf(row) === 'running' ? 'waited' : 'waits'} ${sayWait(row, now)}, ${row.verdict === undefined ? 'not judged yet' : sayJobVerdict(row.verdict, now)}`;
		}

		case 'servers': {
			const row = lists.servers[at];
			return row === undefined ? '' : `${row.name}, ${serverLook(row).word}, ${sayServerAndCost(row, facts)}, ${sayReason(row, facts)}`;
		}

		case 'runners': {
			const row = lists.runners[at];
			return row === undefined ? '' : `${row.runner.name}, ${runnerLook(row).word}, ${row.job === undefined ? (row.verdict === undefined ? '' : sayRunnerVerdict(aged(row.verdict, passedSince(facts)))) : sayJob(row.job)}`;
		}

		case 'activity': {
			const row = lists.activity[at];
			return row === undefined ? '' : `${sayClock(row.entry.at, 'seconds')}, ${sayEvent(row.entry.event)}`;
		}
	}
}

/**
A zombie as a sentence: what it is, why it may go, what GitHub says of it.
*/
export function sayZombie(name: string, facts: Facts): string {
	const row = facts.lists.byName.get(name);
	return row === undefined ? `${name}, gone.` : `${name}, ${sayServerAndCost(row, facts)}. ${sayReason(row, facts)}. ${saySources(row, facts)}.`;
}

/**
One thread of job, server and runner as sentences.
*/
export function sayDetail(screen: DetailScreen, facts: Facts): readonly string[] {
	const thread = detailThread(screen, facts);
	const {job, server, serverName} = thread;
	const steps = timelineOf(thread, facts).map(step => step.isNow ? `${step.says} for ${sayDuration(step.seconds ?? 0)}` : `${step.says} at ${sayClock(step.at, 'seconds')}${step.seconds === undefined ? '' : ` after ${sayDuration(step.seconds)}`}`);
	return [
		`Details of ${job === undefined ? (serverName ?? 'a row that is gone') : `${sayJob(job.job)}, ${job.verdict === undefined ? 'not judged yet' : sayJobVerdict(job.verdict, facts.now)}`}.`,
		...(server === undefined ? ['No server now.'] : [`Server ${sayZombie(server.name, facts)}`]),
		...(steps.length === 0 ? [] : [`${steps.join(', ')}.`]),
		...detailLines(screen, facts).slice(-5).map(line => `Output: ${line}`),
	].map(line => cleanText(line));
}

/**
How things stand, in two sentences.
*/
export function sayState({engine, lists, now}: Facts): string {
	const {waiting, running, servers, busyServers} = lists.counts;
	const oldest = lists.waiting.toSorted((a, b) => a.job.createdAt - b.job.createdAt)[0];
	const wait = oldest === undefined ? '' : `, the oldest for ${sayAge(ageSeconds(oldest.job.createdAt, now))}`;
	return cleanText(`${engine.repository}, ${engine.phase === 'running' ? engine.mode : engine.phase}. ${waiting} jobs queued${wait}, ${running} running, ${servers} servers, ${busyServers} busy.`);
}
