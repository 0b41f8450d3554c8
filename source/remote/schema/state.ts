import * as z from 'zod';
import type {Deletion, EngineState, Mode} from '../../scaler/controller.ts';
import type {HostScript, HostScripts, ServerScripts} from '../../scaler/ports.ts';
import {engineEvent} from './events.ts';
import {
	budget,
	catalogue,
	creation,
	job,
	jobId,
	mapOf,
	maybe,
	moment,
	policy,
	readOf,
	runner,
	runnerId,
	server,
	serverId,
	serverName,
	setUp,
	timeline,
} from './nouns.ts';
import {
	coolPair, jobVerdict, runnerVerdict, serverVerdict,
} from './verdicts.ts';

const serverScripts: z.ZodType<ServerScripts> = z.object({setup: z.string(), startup: z.string()});

export const mode: z.ZodType<Mode> = z.enum(['scaling', 'paused', 'frozen', 'draining']);

export const deletion: z.ZodType<Deletion> = z.discriminatedUnion('state', [
	z.object({state: z.enum(['checking', 'unregistering', 'deleting'])}),
	z.object({state: z.literal('deleted')}),
	z.object({state: z.literal('kept'), reason: z.string()}),
]);

/**
Each part of an engine's state, by its name.
*/
export const stateParts = {
	repository: z.string(),
	version: z.string(),
	startedAt: moment,
	publishedAt: moment,
	clockSpeed: z.number(),
	mode,
	policy,
	phase: z.enum(['starting', 'running', 'stopping', 'stopped']),
	nextReadAt: maybe(moment),
	githubDueAt: moment,
	hetznerDueAt: moment,
	jobs: readOf(job),
	servers: readOf(server),
	runners: readOf(runner),
	creations: z.array(creation),
	setUps: mapOf(serverName, setUp),
	timelines: mapOf(serverName, timeline),
	output: mapOf(serverName, z.array(z.string())),
	serverScripts: mapOf(serverId, serverScripts),
	jobVerdicts: mapOf(jobId, jobVerdict),
	serverVerdicts: mapOf(serverId, serverVerdict),
	runnerVerdicts: mapOf(runnerId, runnerVerdict),
	deletions: mapOf(serverName, deletion),
	activity: z.array(z.object({id: z.number(), at: moment, event: engineEvent})),
	catalogue: maybe(catalogue),
	refusals: mapOf(z.string(), coolPair),
	githubBudget: maybe(budget),
	hetznerBudget: maybe(budget),
	hourlyMicros: maybe(z.number()),
	todayMicros: maybe(z.number()),
	monthMicros: maybe(z.number()),
	waits: maybe(z.object({p50Seconds: z.number(), p95Seconds: z.number(), count: z.number()})),
	history: z.array(z.object({
		at: moment, longestWaitSeconds: z.number(), busyServers: z.number(), servers: z.number(),
	})),
	jobsStarted: z.number(),
	jobsDone: z.number(),
	lastJobAt: maybe(moment),
} satisfies {readonly [Part in keyof EngineState]: z.ZodType<EngineState[Part]>};

export const engineState: z.ZodType<EngineState> = z.object(stateParts);

const hostScript: z.ZodType<HostScript> = z.object({
	kind: z.enum(['setup', 'startup-x64', 'startup-arm64']),
	source: z.union([z.literal('built in'), z.object({path: z.string()})]),
	text: z.string(),
});

export const hostScripts: z.ZodType<HostScripts> = z.object({
	setup: hostScript, startupX64: hostScript, startupArm64: hostScript, named: z.array(z.object({name: z.string(), text: z.string()})),
});
