import type {Job, JobId} from '../../model/job.ts';
import type {Placement} from '../../model/placement.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Server} from '../../model/server.ts';
import type {Creation} from '../../model/snapshot.ts';
import {later} from '../../model/time.ts';
import {backOff, backOffAccount, clearBackoff} from '../backoff.ts';
import type {Changeable} from '../engine-fields.ts';
import {recordRefusal} from '../failures.ts';
import {bookCreation} from '../accounting.ts';
import {withEntry, withoutEntry} from '../memory.ts';
import type {PortError} from '../ports.ts';

/**
Shortest and longest pause before a registration is asked for again, seconds.
*/
const leastTokenSeconds = 2;
const mostTokenSeconds = 30;

/**
What creating servers changes.
*/
export function creatingChanges(fields: Changeable) {
	const now = () => fields.ports.clock.now();

	function addServer(server: Server): void {
		const {servers} = fields.reads;
		fields.reads = {...fields.reads, servers: {...servers, items: [...servers.items.filter(other => other.id !== server.id), server]}};
		fields.changed();
	}

	return {
		startCreation(creation: Creation): void {
			fields.creations = withEntry(fields.creations, creation.name, creation);
		},
		endCreation(name: ServerName): void {
			fields.creations = withoutEntry(fields.creations, name);
		},
		/**
		A server of ours that no list has told of yet.
		*/
		addServer,
		/**
		The cloud made that server: its place, and the account, are asked freely again; its first hour is paid for.
		*/
		recordCreation(server: Server, placement: Placement): void {
			const at = now();
			fields.memory = clearBackoff(fields.memory, placement);
			fields.created = withEntry(fields.created, server.id, at);
			fields.memory = {...fields.memory, firstSeen: withEntry(fields.memory.firstSeen, server.id, at)};
			fields.accounting = bookCreation(fields.accounting, server, fields.catalogue);
			addServer(server);
		},
		/**
		What the plan still believes of a job is mended at once, so that planning again does not ask for it again.
		*/
		replaceJob(id: JobId, fresh: Job | undefined): void {
			const {jobs} = fields.reads;
			const replacement = fresh === undefined || fresh.status === 'completed' ? [] : [fresh];
			fields.reads = {...fields.reads, jobs: {...jobs, items: jobs.items.flatMap(other => other.id === id ? replacement : [other])}};
		},
		recordForeignName(name: ServerName): void {
			fields.memory = {...fields.memory, foreignNames: new Set([...fields.memory.foreignNames, name])};
		},
		recordAccountLimit(answer: string): void {
			fields.memory = backOffAccount(fields.memory, answer, now());
		},
		recordNoRoom(placement: Placement, answer: string, scope: 'pair' | 'type'): void {
			fields.memory = backOff(fields.memory, placement, answer, fields.ports.chance(), now(), scope);
		},
		/**
		The job waits for another read than the one this was planned on: asking again at once would ask the same.
		*/
		waitForPoll(id: JobId, reason: string): void {
			fields.memory = {...fields.memory, untilPoll: withEntry(fields.memory.untilPoll, id, {readAt: fields.reads.jobs.at, reason})};
		},
		recordRefusal(id: JobId, reason: string): void {
			fields.memory = recordRefusal(fields.memory, id, reason, now());
		},
		recordOwnFault(reason: string): void {
			fields.ownFault = {reason, since: fields.ownFault?.since ?? now()};
		},
		clearOwnFault(): void {
			fields.ownFault = undefined;
		},
		/**
		One such question for all who need its answer at this moment.
		*/
		async shareQuestion(kind: 'token' | 'mint', ask: () => Promise<string>): Promise<string> {
			const asked = fields.questions.get(kind) ?? ask().finally(() => {
				fields.questions = withoutEntry(fields.questions, kind);
			});
			fields.questions = withEntry(fields.questions, kind, asked);
			return asked;
		},
		recordToken(): void {
			fields.noToken = undefined;
		},
		/**
		GitHub gave no registration: it is asked again more and more rarely.
		*/
		recordNoToken(error: PortError): void {
			const at = now();
			const before = fields.noToken;
			if (before !== undefined && before.until > at) {
				return;
			}

			const seconds = before === undefined ? leastTokenSeconds : Math.min(mostTokenSeconds, before.seconds * 2);
			fields.noToken = {until: later(at, seconds), seconds, error};
		},
	};
}
