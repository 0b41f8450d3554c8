import type {Read} from '../model/snapshot.ts';
import {
	ageSeconds, instant, sayDuration, type Instant,
} from '../model/time.ts';
import {sayJob} from '../model/job.ts';
import {sayJobVerdict} from '../model/say-verdict.ts';
import {cleanText} from '../model/clean-text.ts';
import type {Attachment, EngineState} from '../scaler/controller.ts';
import {sayAge, sayClock} from './components/clock.ts';
import type {Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import type {Lists} from './panes/rows.ts';

/**
Something that needs a person, and the key that leads to it. `about`: what troubles, each by a name that stays the same as long as
it does; `short`: the trouble in a word or two; `brief`: what to say where all of the text has no room.
*/
export type Notice = {
	readonly about: readonly string[]; readonly text: string; readonly brief?: string; readonly short: string; readonly press: 'z' | 'l' | 'w'; readonly leadsTo: Intent; readonly role: 'wrong' | 'waiting';
};

const log = {press: 'l', leadsTo: {type: 'openLog', about: undefined}} as const;

/**
What needs a person now, the most urgent first. `attentionSeconds`: a job that waits longer is worth a look.
*/
export function noticesOf({engine, attachment, now}: Pick<Facts, 'engine' | 'attachment' | 'now'>, lists: Lists, attentionSeconds: number): readonly Notice[] {
	return [
		...attachmentNotices(engine, attachment),
		...engineNotices(engine),
		...readNotices(engine, now),
		...budgetNotice('GitHub', engine.githubBudget, now),
		...budgetNotice('Hetzner', engine.hetznerBudget, now),
		...jobNotices(lists, now, attentionSeconds),
		...zombieNotice(lists),
	];
}

function zombieNotice({zombies}: Lists): readonly Notice[] {
	const count = zombies.length;
	const text = count === 1 ? '1 zombie: a server that has outlived its limits' : `${count} zombies: servers that have outlived their limits`;
	return count === 0
		? []
		: [{
			about: zombies.map(row => row.name), short: count === 1 ? '1 zombie' : `${count} zombies`, text, press: 'z', leadsTo: {type: 'openZombies'}, role: 'waiting',
		}];
}

function attachmentNotices(engine: EngineState, attachment: Attachment): readonly Notice[] {
	if (attachment.at === 'here') {
		return [];
	}

	const {where, lost} = attachment;
	return [
		lost === undefined
			? []
			: {
				about: [`lost ${lost.since}`], short: 'engine lost', text: cleanText(`no answer from ${where} since ${sayClock(lost.since, 'seconds')}; shown as it was then`),
				brief: `no answer since ${sayClock(lost.since, 'seconds')}; shown as it was then`, ...log, role: 'wrong' as const,
			},
	].flat();
}

function engineNotices(engine: EngineState): readonly Notice[] {
	return engine.phase === 'stopping' || engine.phase === 'stopped'
		? [{
			about: [engine.phase], short: `engine ${engine.phase}`, text: `the engine is ${engine.phase}: nothing is made or deleted`, ...log, role: 'wrong',
		}]
		: [];
}

type Faulty = Exclude<Read<unknown>, {readonly state: 'whole'}>;

// Lists that fail for one reason are one notice: "jobs, runners".
function readNotices(engine: EngineState, now: Instant): readonly Notice[] {
	const faulty = ([['jobs', engine.jobs], ['servers', engine.servers], ['runners', engine.runners]] as const)
		.flatMap(([what, read]): ReadonlyArray<{readonly what: string; readonly read: Faulty}> => read.state === 'whole' || (engine.nextReadAt === undefined && read.at === undefined) ? [] : [{what, read}]);
	const failed = faulty.filter(({read}) => read.state === 'failed');
	if (failed.length === 3) {
		return [outage('GitHub and Hetzner', failed, engine, now)];
	}

	const groups = Map.groupBy(faulty, ({what}) => what === 'servers' ? 'Hetzner' : 'GitHub');
	return groups.entries().map(([api, reads]) => outage(api, reads, engine, now)).toArray();
}

function outage(api: string, reads: ReadonlyArray<{readonly what: string; readonly read: Faulty}>, engine: EngineState, now: Instant): Notice {
	const isFailed = reads.some(({read}) => read.state === 'failed');
	const worst = reads.find(({read}) => (read.state === 'failed') === isFailed) ?? reads[0];
	const fault = worst?.read.fault;
	const retryAt = fault?.retryAt ?? engine.nextReadAt;
	const again = retryAt === undefined ? '' : `, asks again ${retryAt <= now ? 'now' : `in ${sayDuration(Math.ceil((retryAt - now) / 1000))}`}`;
	const since = instant(Math.min(...reads.map(({read}) => read.fault.since)));
	const what = reads.map(one => one.what).join(', ');
	const reason = cleanText(fault?.reason ?? '');
	const facts = `${what} ${isFailed ? 'unread' : 'incomplete'} since ${sayClock(since, 'seconds')}${again}`;
	// A refused token mends itself by no waiting: that comes first.
	const text = reason.includes('refuse') ? `${reason}; ${facts}` : `${api}: ${facts}: ${reason}; nothing is decided on it`;
	const brief = `${api} ${isFailed ? 'unread' : 'incomplete'} since ${sayClock(since, 'seconds')}: ${reason.startsWith(`${api} `) ? reason.slice(api.length + 1) : reason}`;
	return {
		about: reads.map(one => `${one.what} ${one.read.fault.since}`), short: `${api} unread`, text, brief, ...log, role: isFailed ? 'wrong' : 'waiting',
	};
}

function budgetNotice(api: string, budget: EngineState['githubBudget'], now: Instant): readonly Notice[] {
	return budget?.blockedUntil === undefined || budget.blockedUntil <= now
		? []
		: [{
			about: [`limit ${api} ${budget.blockedUntil}`], short: `${api} limit`, text: `${api} takes no requests for ${sayDuration((budget.blockedUntil - now) / 1000)}: its limit is used up`, ...log, role: 'wrong',
		}];
}

function jobNotices(lists: Lists, now: Instant, attentionSeconds: number): readonly Notice[] {
	const jobs = lists.waiting.filter(row => needsPerson(row, now, attentionSeconds)).toSorted((a, b) => a.job.createdAt - b.job.createdAt);
	const worst = jobs[0];
	if (worst?.verdict === undefined) {
		return [];
	}

	const age = sayAge(ageSeconds(worst.job.createdAt, now));
	const others = jobs.length > 1 ? ` (and ${jobs.length - 1} more)` : '';
	return [{
		about: jobs.map(row => row.id), short: jobs.length === 1 ? '1 job waits' : `${jobs.length} jobs wait`,
		text: cleanText(`${sayJob(worst.job)} waits ${age}: ${sayJobVerdict(worst.verdict, now)}${others}`),
		press: 'w', leadsTo: {type: 'openDetail', pane: 'jobs', id: worst.id}, role: 'waiting',
	}];
}

function needsPerson({job, verdict}: Lists['jobs'][number], now: Instant, attentionSeconds: number): boolean {
	return verdict !== undefined && (verdict.code === 'unservable' || verdict.code === 'accountLimit' || ageSeconds(job.createdAt, now) >= attentionSeconds);
}
