import type {Read} from '../../model/snapshot.ts';
import {
	ageSeconds, instant, formatDuration, type Instant,
} from '../../model/time.ts';
import {formatJob} from '../../model/job.ts';
import {describeJobVerdict} from '../../model/describe-verdict.ts';
import {cleanText} from '../../model/clean-text.ts';
import type {Attachment, EngineState} from '../../scaler/controller.ts';
import type {Action} from '../actions/action.ts';
import {formatAge, formatClock} from '../components/clock.ts';
import type {Lists} from '../panes/lists.ts';
import {openDetail} from '../screens/detail/state.ts';
import {openLog} from '../screens/log/state.ts';
import {openZombies} from '../screens/zombies/state.ts';
import type {EngineMoment} from './engine-feed.ts';
import {initialUi} from './ui-state.ts';

/**
Something that needs a person, and the key that leads to it. `about`: what troubles, each by a name that stays the same as long as
it does; `short`: the trouble in a word or two; `brief`: what to say where all of the text has no room.
*/
export type Notice = {
	readonly about: readonly string[]; readonly text: string; readonly brief?: string; readonly short: string; readonly press: string; readonly word: string; readonly leadsTo: Action; readonly role: 'wrong' | 'waiting';
};

const log = (): Pick<Notice, 'press' | 'word' | 'leadsTo'> => ({press: 'l', word: 'log', leadsTo: {type: 'open', screen: openLog(undefined, initialUi.screen)}});

/**
What needs a person now, the most urgent first. `attentionSeconds`: a job that waits longer needs a person.
*/
export function noticesOf({engine, attachment, now}: EngineMoment, lists: Lists, attentionSeconds: number): readonly Notice[] {
	return [
		...attachmentNotices(attachment),
		...engineNotices(engine),
		...budgetNotice('GitHub', engine.githubBudget, now),
		...budgetNotice('Hetzner', engine.hetznerBudget, now),
		...readNotices(engine, now),
		...failureNotices(lists, now),
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
			about: zombies.map(row => row.name), short: count === 1 ? '1 zombie' : `${count} zombies`, text, press: 'z', word: 'zombies', leadsTo: {type: 'open', screen: openZombies}, role: 'waiting',
		}];
}

function attachmentNotices(attachment: Attachment): readonly Notice[] {
	if (attachment.at === 'here') {
		return [];
	}

	const {where, lost} = attachment;
	return lost === undefined
		? []
		: [{
			about: [`lost ${lost.since}`], short: 'no engine', text: cleanText(`no answer from ${where} since ${formatClock(lost.since, 'seconds')}: ${lost.reason}`),
			brief: cleanText(`no answer since ${formatClock(lost.since, 'seconds')}: ${lost.reason}`), ...log(), role: 'wrong',
		}];
}

function engineNotices(engine: EngineState): readonly Notice[] {
	return engine.phase === 'stopping' || engine.phase === 'stopped'
		? [{
			about: [engine.phase], short: `engine ${engine.phase}`, text: `the engine is ${engine.phase}: nothing is created or deleted`, ...log(), role: 'wrong',
		}]
		: [];
}

type Faulty = Exclude<Read<unknown>, {readonly state: 'whole'}>;

// Lists that fail for one reason are one notice: "jobs, runners".
function readNotices(engine: EngineState, now: Instant): readonly Notice[] {
	// An API that takes no requests has its own notice.
	const isBlocked = (what: string): boolean => ((what === 'servers' ? engine.hetznerBudget : engine.githubBudget)?.blockedUntil ?? -Infinity) > now;
	const faulty = ([['jobs', engine.jobs], ['servers', engine.servers], ['runners', engine.runners]] as const)
		.flatMap(([what, read]): ReadonlyArray<{readonly what: string; readonly read: Faulty}> => read.state === 'whole' || isBlocked(what) || (engine.nextReadAt === undefined && read.at === undefined) ? [] : [{what, read}]);
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
	const again = retryAt === undefined ? '' : `, retries ${retryAt <= now ? 'now' : `in ${formatDuration(Math.ceil((retryAt - now) / 1000))}`}`;
	const since = instant(Math.min(...reads.map(({read}) => read.state === 'failed' ? read.at ?? read.fault.since : read.fault.since)));
	const what = reads.map(one => one.what).join(', ');
	const reason = cleanText(fault?.reason ?? '');
	const facts = `${what} ${isFailed ? 'unread' : 'incomplete'} since ${formatClock(since, 'seconds')}${again}`;
	// A refused token mends itself by no waiting: that comes first.
	const text = reason.includes('refuse') ? `${reason}; ${facts}` : `${api}: ${facts}: ${reason}; ${isFailed ? 'no decisions are based on it' : 'what could not be read is left alone'}`;
	const brief = `${api} ${isFailed ? 'unread' : 'incomplete'} since ${formatClock(since, 'seconds')}: ${reason.startsWith(`${api} `) ? reason.slice(api.length + 1) : reason}`;
	return {
		about: reads.map(one => `${one.what} ${one.read.fault.since}`), short: `${api} unread`, text, brief, ...log(), role: isFailed ? 'wrong' : 'waiting',
	};
}

function budgetNotice(api: string, budget: EngineState['githubBudget'], now: Instant): readonly Notice[] {
	return budget?.blockedUntil === undefined || budget.blockedUntil <= now
		? []
		: [{
			about: [`limit ${api} ${budget.blockedUntil}`], short: `${api} limit`,
			brief: `${api}: no requests for ${formatDuration((budget.blockedUntil - now) / 1000)}`,
			text: `${api} takes no requests for ${formatDuration((budget.blockedUntil - now) / 1000)}: ${budget.remaining > 0 ? 'its secondary limit, on requests a minute, is reached' : 'its limit is used up'}`, ...log(), role: 'wrong',
		}];
}

// So many failures by the same cause are no chance any more.
const failuresOfOneCause = 3;

// What goes wrong again and again with servers for jobs, each cause once.
function failureNotices(lists: Lists, now: Instant): readonly Notice[] {
	const causes = Map.groupBy(lists.waiting.flatMap(row => {
		const cause = causeOf(row);
		return cause === undefined ? [] : [{row, cause}];
	}), ({cause}) => cause);
	return [...causes].flatMap(([cause, jobs]): readonly Notice[] => {
		const [first] = jobs;
		return first?.row.verdict === undefined
			? []
			: [{
				about: [`failing ${cause}`], short: 'servers fail', role: 'wrong', press: 'w', word: 'why', leadsTo: {type: 'open', screen: openDetail('jobs', first.row.id, initialUi.screen)},
				text: cleanText(`${jobs.length === 1 ? formatJob(first.row.job) : `${jobs.length} jobs`}: ${describeJobVerdict(first.row.verdict, now)}`),
			}];
	});
}

function causeOf({verdict}: Lists['waiting'][number]): string | undefined {
	// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- Only these say that something fails.
	switch (verdict?.code) {
		case 'ownFault': {
			return verdict.reason;
		}

		case 'gaveUp': {
			return verdict.lastReason;
		}

		case 'afterFailures': {
			return verdict.count >= failuresOfOneCause ? verdict.lastReason : undefined;
		}

		case 'createRefused': {
			return verdict.tries >= failuresOfOneCause ? verdict.answer : undefined;
		}

		default: {
			return undefined;
		}
	}
}

function jobNotices(lists: Lists, now: Instant, attentionSeconds: number): readonly Notice[] {
	const jobs = lists.waiting.filter(row => needsPerson(row, now, attentionSeconds)).toSorted((a, b) => a.job.createdAt - b.job.createdAt);
	const worst = jobs[0];
	if (worst?.verdict === undefined) {
		return [];
	}

	const age = formatAge(ageSeconds(worst.job.createdAt, now));
	const others = jobs.length > 1 ? ` (and ${jobs.length - 1} more)` : '';
	return [{
		about: jobs.map(row => row.id), short: jobs.length === 1 ? '1 job waits' : `${jobs.length} jobs wait`,
		text: cleanText(`${formatJob(worst.job)} waits ${age}: ${describeJobVerdict(worst.verdict, now)}${others}`),
		press: 'w', word: 'why', leadsTo: {type: 'open', screen: openDetail('jobs', worst.id, initialUi.screen)}, role: 'waiting',
	}];
}

function needsPerson(row: Lists['waiting'][number], now: Instant, attentionSeconds: number): boolean {
	const {job, verdict} = row;
	return verdict !== undefined && causeOf(row) === undefined && (verdict.code === 'unservable' || verdict.code === 'accountLimit' || ageSeconds(job.createdAt, now) >= attentionSeconds);
}
