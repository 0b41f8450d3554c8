import type {Read} from '../model/snapshot.ts';
import {ageSeconds, sayDuration, type Instant} from '../model/time.ts';
import {sayJob} from '../model/job.ts';
import {sayJobVerdict} from '../model/say-verdict.ts';
import {cleanText} from '../model/clean-text.ts';
import type {Attachment, EngineState} from '../scaler/controller.ts';
import {sayAge, sayClock} from './components/clock.ts';
import type {Lists} from './panes/rows.ts';

/**
Something that needs a person, and what to press for it.
*/
export type Notice = {readonly text: string; readonly press: string | undefined; readonly role: 'wrong' | 'waiting'};

// A job that waits longer than this is worth a look.
const attentionSeconds = 600;

/**
What needs a person now, the most urgent first.
*/
export function noticesOf(engine: EngineState, attachment: Attachment, lists: Lists, now: Instant): readonly Notice[] {
	return [
		...attachmentNotices(engine, attachment),
		...engineNotices(engine),
		...readNotice('jobs', engine.jobs, engine, now),
		...readNotice('servers', engine.servers, engine, now),
		...readNotice('runners', engine.runners, engine, now),
		...budgetNotice('GitHub', engine.githubBudget, now),
		...budgetNotice('Hetzner', engine.hetznerBudget, now),
		...jobNotices(lists, now),
		...zombieNotice(lists.counts.zombies),
	];
}

function zombieNotice(count: number): readonly Notice[] {
	const text = count === 1 ? '1 zombie: a server that has outlived its limits' : `${count} zombies: servers that have outlived their limits`;
	return count === 0 ? [] : [{text, press: 'z', role: 'waiting'}];
}

function attachmentNotices(engine: EngineState, attachment: Attachment): readonly Notice[] {
	if (attachment.at === 'here') {
		return [];
	}

	const {where, lost, isOtherVersion} = attachment;
	return [
		lost === undefined ? [] : [{text: cleanText(`no answer from ${where} since ${sayClock(lost.since, 'seconds')}; shown as it was then`), press: undefined, role: 'wrong' as const}],
		isOtherVersion ? [{text: cleanText(`the engine is version ${engine.version}, this console another: look only, or run "npx hetzner-runners-tui@${engine.version}"`), press: undefined, role: 'waiting' as const}] : [],
	].flat();
}

function engineNotices(engine: EngineState): readonly Notice[] {
	return engine.phase === 'stopping' || engine.phase === 'stopped' ? [{text: `the engine is ${engine.phase}: nothing is made or deleted`, press: undefined, role: 'wrong'}] : [];
}

function readNotice(what: string, read: Read<unknown>, engine: EngineState, now: Instant): readonly Notice[] {
	if (read.state === 'whole') {
		return [];
	}

	const {fault} = read;
	const retryAt = fault.retryAt ?? engine.nextReadAt;
	const again = retryAt === undefined ? '' : `; tries again ${retryAt <= now ? 'now' : `in ${sayDuration(Math.ceil((retryAt - now) / 1000))}`}`;
	return [{
		text: `reading ${what} ${read.state === 'failed' ? 'fails' : 'comes back short'} since ${sayClock(fault.since, 'minutes')}: ${cleanText(fault.reason)}${again}`,
		press: 'l', role: read.state === 'failed' ? 'wrong' : 'waiting',
	}];
}

function budgetNotice(api: string, budget: EngineState['githubBudget'], now: Instant): readonly Notice[] {
	return budget?.blockedUntil === undefined || budget.blockedUntil <= now
		? []
		: [{text: `${api} takes no requests for ${sayDuration((budget.blockedUntil - now) / 1000)}: its limit is used up`, press: undefined, role: 'wrong'}];
}

function jobNotices(lists: Lists, now: Instant): readonly Notice[] {
	const jobs = lists.allJobs.filter(row => needsPerson(row, now));
	const worst = jobs[0];
	if (worst?.verdict === undefined) {
		return [];
	}

	const age = sayAge(ageSeconds(worst.job.createdAt, now));
	const others = jobs.length > 1 ? ` (and ${jobs.length - 1} more jobs)` : '';
	return [{
		text: cleanText(`${sayJob(worst.job)} waits ${age}: ${sayJobVerdict(worst.verdict, now)}${others}`),
		press: undefined, role: 'waiting',
	}];
}

function needsPerson({job, verdict}: Lists['jobs'][number], now: Instant): boolean {
	return verdict?.code === 'unservable' || verdict?.code === 'accountLimit' || (isWaiting(verdict?.code) && ageSeconds(job.createdAt, now) >= attentionSeconds);
}

function isWaiting(code: string | undefined): boolean {
	return code !== undefined && !['notOurs', 'heldAtGitHub', 'running', 'done'].includes(code);
}
