import * as z from 'zod';
import type {EngineEvent} from '../../model/event.ts';
import {
	jobName,
	maybe,
	placement,
	serverName,
} from './nouns.ts';

const text = z.string();
const count = z.number();
const by = z.discriminatedUnion('kind', [z.object({kind: z.literal('engine')}), z.object({kind: z.literal('operator'), name: text})]);

const known: z.ZodType<EngineEvent> = z.discriminatedUnion('code', [
	z.object({code: z.literal('started'), repository: text, version: text}),
	z.object({code: z.literal('stopped'), serversLeft: maybe(count), lastKnown: maybe(count)}),
	z.object({code: z.literal('modeChanged'), mode: text, by}),
	z.object({
		code: z.literal('maxRunnersChanged'), limit: maybe(count), before: maybe(count), by,
	}),
	z.object({
		code: z.literal('serverDrained'), server: serverName, isDraining: z.boolean(), by,
	}),
	z.object({code: z.literal('jobSeen'), job: jobName, labels: z.array(text)}),
	z.object({
		code: z.literal('jobStarted'), job: jobName, server: text, waitSeconds: count,
	}),
	z.object({code: z.literal('jobDone'), job: jobName, server: maybe(text)}),
	z.object({
		code: z.enum(['serverCreated', 'wouldCreate']), server: serverName, placement, job: jobName, hourlyMicros: count.exactOptional(), currency: text.exactOptional(),
	}),
	z.object({code: z.enum(['wouldDelete', 'createSkipped', 'setUpFailed']), server: serverName, reason: text}),
	z.object({
		code: z.literal('createRefused'), server: serverName, placement, answer: text, retrySeconds: count,
	}),
	z.object({code: z.enum(['createUnknown', 'deleteFailed']), server: serverName, answer: text}),
	z.object({
		code: z.literal('deletesResumed'), servers: count, tries: count, afterSeconds: count, answer: text,
	}),
	z.object({code: z.literal('sshAnswered'), server: serverName, afterSeconds: count}),
	z.object({code: z.enum(['setupEnded', 'startupEnded']), server: serverName, tookSeconds: count}),
	z.object({code: z.enum(['setUpResumed', 'runnerRegistered', 'serverGone']), server: serverName}),
	z.object({
		code: z.literal('serverDeleted'), server: serverName, reason: text, by, ageSeconds: count, cost: maybe(text), costMicros: count.exactOptional(), currency: text.exactOptional(),
	}),
	z.object({
		code: z.literal('serverKept'), server: serverName, reason: text, by,
	}),
	z.object({code: z.enum(['runnerRemoved', 'runnerKept']), runner: text, reason: text}),
	z.object({
		code: z.literal('readFailed'), what: text, reason: text, isPartial: maybe(z.boolean()),
	}),
	z.object({code: z.literal('readGood'), what: text, afterSeconds: count}),
	z.object({code: z.literal('intervalWidened'), seconds: count, reason: text}),
	z.object({code: z.literal('intervalRestored'), seconds: count}),
	z.object({code: z.literal('planFailed'), reason: text}),
	z.object({code: z.literal('notice'), text}),
]);

/**
An event; one that only a newer engine knows is told by its code.
*/
export const engineEvent: z.ZodType<EngineEvent> = z.union([
	known,
	z.object({code: text}).transform(({code}): EngineEvent => ({code: 'notice', text: `${code} (this console is too old to say what that is)`})),
]);
