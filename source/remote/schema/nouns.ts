import * as z from 'zod';
import type {Catalogue} from '../../model/catalogue.ts';
import type {Job, JobId, RunId} from '../../model/job.ts';
import type {Dearer, Placement} from '../../model/placement.ts';
import type {Policy} from '../../model/policy.ts';
import type {Runner, RunnerId} from '../../model/runner.ts';
import type {ServerName} from '../../model/server-name.ts';
import type {Server, ServerId} from '../../model/server.ts';
import type {
	Creation, Gap, ReadFault, SetUp,
} from '../../model/snapshot.ts';
import {instant} from '../../model/time.ts';
import type {Timeline} from '../../scaler/controller.ts';
import type {Budget} from '../../scaler/ports.ts';

// The nouns as the other side of a socket tells them. The types say what the
// model says: a field added there does not compile here until it is read.

/**
That, or nothing; what an older engine does not say at all is nothing too.
*/
export function maybe<Schema extends z.ZodType>(schema: Schema) {
	return schema.nullish().transform(value => value ?? undefined);
}

/**
A map of those; an entry that this version does not understand is left out.
*/
export function mapOf<Key extends z.ZodType, Value extends z.ZodType>(key: Key, value: Value) {
	return z.map(z.unknown(), z.unknown()).transform(entries => new Map<z.infer<Key>, z.infer<Value>>(entries.entries().flatMap(([one, other]) => {
		const parsed = {key: key.safeParse(one), value: value.safeParse(other)};
		return parsed.key.success && parsed.value.success ? [[parsed.key.data, parsed.value.data] as const] : [];
	})));
}

export const moment = z.number().transform(milliseconds => instant(milliseconds));
export const serverName = z.string().transform(text => text as ServerName);
export const jobId = z.number().transform(id => id as JobId);
export const serverId = z.number().transform(id => id as ServerId);
export const runnerId = z.number().transform(id => id as RunnerId);
const runId = z.number().transform(id => id as RunId);
const architecture = z.enum(['x64', 'arm64']);

export const placement: z.ZodType<Placement> = z.object({
	serverType: z.string(), location: maybe(z.string()), image: z.string(), architecture, network: z.enum(['ipv4', 'ipv6']).optional(),
});

export const dearer: z.ZodType<Dearer> = z.object({
	than: z.object({serverType: z.string(), location: maybe(z.string())}), moreMicros: z.number(), currency: z.string(), since: moment,
});

export const jobName = z.object({
	id: jobId, runId, name: z.string(), workflowName: z.string(),
});

export const job: z.ZodType<Job> = jobName.extend({
	runAttempt: z.number(),
	branch: z.string(),
	status: z.enum(['queued', 'inProgress', 'completed', 'waiting', 'pending', 'requested', 'unknown']),
	labels: z.array(z.string()),
	createdAt: moment,
	startedAt: maybe(moment),
	runnerName: maybe(z.string()),
	url: z.string(),
});

export const server: z.ZodType<Server> = z.object({
	id: serverId,
	name: serverName,
	status: z.enum(['running', 'initializing', 'starting', 'stopping', 'off', 'deleting', 'migrating', 'rebuilding', 'unknown']).catch('unknown'),
	created: moment,
	ip: maybe(z.string()),
	serverType: z.string(),
	architecture,
	location: z.string(),
	runId: maybe(runId),
	jobId: maybe(jobId),
	runnerLabels: z.array(z.string()),
	startupEndedAt: maybe(moment),
	engineSet: maybe(z.string()),
});

export const runner: z.ZodType<Runner> = z.object({
	id: runnerId, name: z.string(), isOnline: z.boolean(), isBusy: z.boolean(), labels: z.array(z.string()), isEphemeral: maybe(z.boolean()), isUnused: maybe(z.boolean()), version: maybe(z.string()),
});

const gap: z.ZodType<Gap> = z.object({
	what: z.string(), runId: maybe(runId), runnerName: maybe(z.string()), serverId: maybe(serverId), hidesOthers: maybe(z.boolean()),
});

const fault: z.ZodType<ReadFault> = z.object({reason: z.string(), since: moment, retryAt: maybe(moment)});

/**
What one list said, with rows of that kind.
*/
export function readOf<Item extends z.ZodType>(item: Item) {
	const items = z.array(item);
	return z.discriminatedUnion('state', [
		z.object({state: z.literal('whole'), items, at: moment}),
		z.object({
			state: z.literal('partial'), items, at: moment, gaps: z.array(gap), fault,
		}),
		z.object({
			state: z.literal('failed'), items, at: maybe(moment), fault,
		}),
	]);
}

export const creation: z.ZodType<Creation> = z.object({
	name: serverName, jobId, runId, labels: z.array(z.string()), placement, dearer: dearer.optional(), since: moment,
});

export const setUp: z.ZodType<SetUp> = z.discriminatedUnion('step', [
	z.object({step: z.literal('waitingForSsh'), since: moment, lastAnswer: maybe(z.string())}),
	z.object({step: z.enum(['setup', 'startup']), sshAt: moment, since: moment}),
	z.object({
		step: z.literal('done'), sshAt: maybe(moment), setupEndedAt: maybe(moment), endedAt: moment,
	}),
	z.object({
		step: z.literal('failed'), at: moment, reason: z.string(), lastLines: z.array(z.string()),
	}),
]);

export const timeline: z.ZodType<Timeline> = z.object({
	serverId: maybe(serverId),
	jobQueuedAt: maybe(moment),
	jobSeenAt: maybe(moment),
	createdAt: maybe(moment),
	sshAt: maybe(moment),
	setupEndedAt: maybe(moment),
	startupEndedAt: maybe(moment),
	registeredAt: maybe(moment),
	runningAt: maybe(moment),
	offAt: maybe(moment),
	goneAt: maybe(moment),
	waitedForLimit: maybe(z.number()),
});

export const budget: z.ZodType<Budget> = z.object({
	remaining: z.number(), limit: z.number(), resetAt: moment, blockedUntil: maybe(moment),
});

export const catalogue: z.ZodType<Catalogue> = z.object({
	currency: z.string(),
	serverTypes: z.map(z.string(), z.object({
		name: z.string(),
		architecture,
		cores: z.number(),
		memoryGigabytes: z.number(),
		diskGigabytes: z.number(),
		likelyAt: z.set(z.string()),
		unavailableAfter: maybe(moment),
		prices: z.map(z.string(), maybe(z.object({hourlyMicros: z.number(), monthlyMicros: z.number()}))),
	})),
	locations: z.array(z.string()),
	imageArchitectures: z.set(architecture),
	imageFlavor: maybe(z.string()),
	images: z.array(z.object({
		id: z.number(), kind: z.enum(['system', 'app', 'snapshot', 'backup']), name: maybe(z.string()), description: z.string(), architecture, flavor: maybe(z.string()),
	})),
});

export const policy: z.ZodType<Policy> = z.object({
	repository: z.object({owner: z.string(), name: z.string()}),
	withLabels: z.array(z.string()),
	serverTypes: z.array(z.string()),
	locations: z.array(z.string()),
	image: z.string(),
	language: z.object({prefix: z.string(), metaLabels: z.map(z.string(), z.array(z.string()))}),
	maxPriceMicros: maybe(z.number()),
	scriptNames: z.array(z.string()),
	ignoresVolumes: z.boolean(),
	engineSet: z.string(),
	githubUrl: z.string(),
	runnerGroup: z.string(),
	maxRunners: maybe(z.number()),
	labelLimits: z.array(z.object({labels: z.array(z.string()), limit: z.number()})),
	maxRunnersInRun: maybe(z.number()),
	maxCostMicros: z.object({hour: maybe(z.number()), day: maybe(z.number()), month: maybe(z.number())}),
	priorities: z.map(z.string(), z.number()),
	hasOwnSetup: maybe(z.boolean()),
	maxPoweredOffSeconds: z.number(),
	maxIdleRunnerSeconds: z.number(),
	maxRunnerRegistrationSeconds: z.number(),
	maxServerReadySeconds: z.number(),
	maxSetupSeconds: z.number(),
	allowedServerTypes: maybe(z.array(z.string())),
	maxServerLifeSeconds: maybe(z.number()),
	scaleUpIntervalSeconds: z.number(),
	scaleDownIntervalSeconds: z.number(),
	wakeIntervalSeconds: z.number(),
	workers: z.number(),
	isDryRun: z.boolean(),
	isReadOnly: z.boolean(),
});
