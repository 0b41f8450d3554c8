import type {Read} from '../../model/snapshot.ts';
import {instant, type Instant} from '../../model/time.ts';
import type {EngineMoment} from './engine-feed.ts';

/**
Whether what the screen shows is true now. `gone`: no engine answers. `blind`: it runs, but `what` could not be read for longer than it should take;
`nothing read`: not even once yet. `at`: the moment up to which is known what is shown.
*/
export type Health =
	| {readonly is: 'well'}
	| {readonly is: 'nothing read'}
	| {readonly is: 'blind'; readonly what: 'GitHub' | 'Hetzner' | 'both'; readonly at: Instant}
	| {readonly is: 'gone'; readonly at: Instant; readonly reason: string; readonly where: string};

/**
So long the newest read may be old before the console stops to count on it, seconds; and never less than that many intervals.
*/
const patienceSeconds = 60;
const patienceIntervals = 3;
/**
In a demo, whose clock runs faster, so many real seconds.
*/
const patienceReal = 15;

/**
How an engine fares, judged from here.
*/
export function healthOf({engine, attachment, now}: EngineMoment): Health {
	if (attachment.at === 'socket' && attachment.lost !== undefined) {
		return {
			is: 'gone', at: now, reason: attachment.lost.reason, where: attachment.where,
		};
	}

	const {scaleUpIntervalSeconds, scaleDownIntervalSeconds} = engine.policy;
	const patience = Math.max(patienceSeconds, patienceReal * engine.clockSpeed, patienceIntervals * Math.max(scaleUpIntervalSeconds, scaleDownIntervalSeconds)) * 1000;
	const isStale = (read: Read<unknown>): boolean => now - (read.at ?? engine.startedAt) > patience;
	const gitHub = isStale(engine.jobs);
	const hetzner = isStale(engine.servers);
	if (!gitHub && !hetzner) {
		return engine.jobs.at === undefined && engine.servers.at === undefined ? {is: 'nothing read'} : {is: 'well'};
	}

	const reads = [...(gitHub ? [engine.jobs] : []), ...(hetzner ? [engine.servers] : [])];
	return {is: 'blind', what: gitHub && hetzner ? 'both' : (gitHub ? 'GitHub' : 'Hetzner'), at: instant(Math.min(...reads.map(read => read.at ?? engine.startedAt)))};
}

/**
What starts the engine that is gone, as a person types it.
*/
export function startCommand(where: string): string {
	return where.startsWith('the service') ? 'hetzner-runners-tui service start' : 'hetzner-runners-tui';
}
