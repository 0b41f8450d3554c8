import type {Job} from '../../model/job.ts';
import type {RunnerId} from '../../model/runner.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Server, ServerId} from '../../model/server.ts';
import {later, type Instant} from '../../model/time.ts';
import type {Deletion} from '../controller.ts';
import type {Changeable, DeleteTrouble} from '../engine-fields.ts';
import {recordGone} from '../failures.ts';
import {withEntry, withoutEntry, type Refusal} from '../memory.ts';
import type {ListRead} from '../ports.ts';

/**
The first and the longest pause before a deletion that came to nothing is tried again, seconds. Each try asks both APIs: a hundred servers that GitHub
wrongly calls idle would use up Hetzner's hour within minutes, and then nothing could be deleted any more.
*/
const firstPauseSeconds = 5;
const longestPauseSeconds = 60;

/**
What deleting servers and runner records changes.
*/
export function deletingChanges(fields: Changeable) {
	const now = () => fields.ports.clock.now();
	return {
		startDeletion(id: ServerId): void {
			fields.deletions = new Set([...fields.deletions, id]);
			fields.changed();
		},
		endDeletion(id: ServerId): void {
			fields.deletions = new Set([...fields.deletions].filter(other => other !== id));
			fields.changed();
		},
		postponeDeletion(id: ServerId): void {
			const tries = (fields.memory.postponed.get(id)?.tries ?? 0) + 1;
			const pause = Math.min(longestPauseSeconds, firstPauseSeconds * (2 ** (tries - 1)));
			fields.memory = {...fields.memory, postponed: withEntry(fields.memory.postponed, id, {tries, retryAt: later(now(), pause)})};
		},
		/**
		Someone has switched its delete protection on.
		*/
		recordProtection(id: ServerId, refusal: Refusal): void {
			fields.memory = {...fields.memory, protected: withEntry(fields.memory.protected, id, refusal)};
		},
		/**
		GitHub refuses to let go of a server's runner; answers since when.
		*/
		recordRunnerRefusal(id: ServerId, answer: string): Instant {
			const refusal = fields.memory.refusals.get(id) ?? {since: now(), answer};
			fields.memory = {...fields.memory, refusals: withEntry(fields.memory.refusals, id, refusal)};
			return refusal.since;
		},
		/**
		GitHub refuses to remove a leftover runner record.
		*/
		recordKeptRecord(id: RunnerId, refusal: Refusal): void {
			fields.memory = {...fields.memory, keptRecords: withEntry(fields.memory.keptRecords, id, refusal)};
		},
		recordDeleteTrouble(cause: string, trouble: DeleteTrouble): void {
			fields.deleteTroubles = new Map(fields.deleteTroubles).set(cause, trouble);
		},
		endDeleteTrouble(cause: string): void {
			fields.deleteTroubles = new Map([...fields.deleteTroubles].filter(([other]) => other !== cause));
		},
		/**
		It gets no further job; undefined: it does again.
		*/
		recordDrained(id: ServerId, name: ServerName, by: string | undefined): void {
			const {drained, keptUntil} = fields.memory;
			fields.memory = by === undefined
				? {...fields.memory, drained: withoutEntry(drained, id)}
				: {...fields.memory, drained: withEntry(drained, id, by), keptUntil: withoutEntry(keptUntil, name)};
		},
		recordKeptFor(name: ServerName, reason: string): void {
			fields.keptFor = withEntry(fields.keptFor, name, reason);
		},
		/**
		The cloud has accepted the deletion: whatever a list still says, the server is on its way out.
		*/
		recordDeletion(id: ServerId): void {
			fields.deleted = withEntry(fields.deleted, id, now());
			const {servers} = fields.reads;
			const items = servers.items.map(other => other.id === id ? {...other, status: 'deleting' as const} : other);
			fields.reads = {...fields.reads, servers: {...servers, items}};
		},
		/**
		A server went that this engine did not delete.
		*/
		recordGone(server: Server): void {
			const isItsJobQueued = fields.reads.jobs.items.some(({id, status}) => id === server.jobId && status === 'queued');
			fields.memory = recordGone(fields.memory, server, isItsJobQueued, now());
		},
		shareEvidence(read: Promise<ListRead<Job>>): void {
			fields.lastEvidence = {at: now(), read};
		},
		recordOperatorDeletion(name: ServerName, deletion: Deletion): void {
			fields.operatorDeletions = withEntry(fields.operatorDeletions, name, deletion);
			fields.changed();
		},
		/**
		What is told of earlier deletions that have ended makes room; those under way, of another console too, go on being told.
		*/
		clearEndedDeletions(): void {
			fields.operatorDeletions = new Map([...fields.operatorDeletions].filter(([, {state}]) => state !== 'deleted' && state !== 'kept'));
		},
		keepUntil(name: ServerName, until: Instant): void {
			fields.memory = {...fields.memory, keptUntil: withEntry(fields.memory.keptUntil, name, until)};
		},
	};
}
