import type {Catalogue} from '../../model/catalogue.ts';
import type {Job, JobId} from '../../model/job.ts';
import type {ServerId} from '../../model/server.ts';
import type {Read} from '../../model/snapshot.ts';
import {secondsBetween, type Instant} from '../../model/time.ts';
import type {JobVerdict} from '../../model/verdict.ts';
import type {Plan} from '../action.ts';
import type {PastMinute} from '../controller.ts';
import type {Changeable, Reads} from '../engine-fields.ts';
import type {Accounting} from '../accounting.ts';
import type {LoggedTrouble} from '../read-notes.ts';

/**
A few, since the first poll is dearer than those after it, and an answer that changed costs where an unchanged one does not.
*/
const pollCostsKept = 5;

/**
How long this engine's own creating and deleting is believed over a list that says otherwise, seconds.
*/
const listLagSeconds = 120;

/**
What a poll changes: when it was, what it read and cost, what was planned on it.
*/
export function pollingChanges(fields: Changeable) {
	return {
		recordPollStart(due: {readonly github: boolean; readonly servers: boolean}, now: Instant): void {
			fields.serversPolledAt = due.servers ? now : fields.serversPolledAt;
			fields.githubPolledAt = due.github ? now : fields.githubPolledAt;
		},
		recordPollCost(requests: number): void {
			fields.pollCosts = [...fields.pollCosts, requests].slice(-pollCostsKept);
		},
		recordReads(reads: Reads, unreadJobs: readonly Job[]): void {
			fields.unreadJobs = unreadJobs; // Together with what was read: in between, a job would be in neither.
			fields.reads = reads;
		},
		/**
		A list that failed shows so at once, with the rows of this moment: a server may have been made meanwhile.
		*/
		recordFailedRead(what: keyof Reads, failed: Omit<Extract<Read<unknown>, {state: 'failed'}>, 'items'>): void {
			fields.reads = {...fields.reads, [what]: {...failed, items: fields.reads[what].items}};
			fields.changed();
		},
		recordLoggedTrouble(what: keyof Reads, logged: LoggedTrouble | undefined): void {
			fields.loggedTroubles = {...fields.loggedTroubles, [what]: logged};
		},
		/**
		Where the next so many rows begin that are read one by one.
		*/
		takeSingleReads(count: number): number {
			const from = fields.singlyFrom;
			fields.singlyFrom += count;
			return from;
		},
		/**
		Forgets the creations and deletions of our own that the lists must have caught up with by now.
		*/
		forgetOwnChanges(isListed: (id: ServerId) => boolean, now: Instant): void {
			fields.deleted = new Map([...fields.deleted].filter(([id, at]) => isListed(id) && secondsBetween(at, now) < listLagSeconds));
			fields.created = new Map([...fields.created].filter(([, at]) => secondsBetween(at, now) < listLagSeconds));
		},
		schedulePolls(githubAt: Instant, serversAt: Instant): void {
			fields.nextGithubAt = githubAt;
			fields.nextServersAt = serversAt;
		},
		scheduleRead(at: Instant): void {
			fields.nextReadAt = at;
			fields.changed();
		},
		recordCatalogue(catalogue: Catalogue): void {
			fields.catalogue = catalogue;
		},
		recordPlan(plan: Plan): void {
			fields.memory = plan.memory;
			fields.latest = plan;
			fields.waitedForLimit = limitsMet(fields.waitedForLimit, plan.jobVerdicts);
		},
		recordAccounting(accounting: Accounting): void {
			fields.accounting = accounting;
		},
		recordHistory(history: readonly PastMinute[]): void {
			fields.history = history;
		},
	};
}

function limitsMet(before: ReadonlyMap<JobId, number>, verdicts: ReadonlyMap<JobId, JobVerdict>): ReadonlyMap<JobId, number> {
	return new Map(verdicts.entries().flatMap(([id, verdict]) => {
		const limit = verdict.code === 'waitsForLimit' ? verdict.limit : before.get(id);
		return limit === undefined ? [] : [[id, limit]];
	}));
}
