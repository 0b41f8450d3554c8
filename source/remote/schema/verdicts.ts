import * as z from 'zod';
import type {Unservable} from '../../model/unservable.ts';
import type {Need} from '../../model/wishes.ts';
import type {
	CoolPair,
	JobVerdict,
	RunnerVerdict,
	ServerVerdict,
	ZombieReason,
} from '../../model/verdict.ts';
import {
	dearer,
	jobId,
	maybe,
	moment,
	placement,
	serverName,
} from './nouns.ts';

const text = z.string();
const count = z.number();
const passed = {forSeconds: count, limitSeconds: count};
const architecture = z.enum(['x64', 'arm64']);
const namedJob = z.object({id: jobId, name: text, workflowName: text});

const need: z.ZodType<Need> = z.object({
	cores: count.optional(), memoryGigabytes: count.optional(), diskGigabytes: count.optional(), architecture: architecture.optional(),
});

const unservable: z.ZodType<Unservable> = z.discriminatedUnion('why', [
	z.object({why: z.enum(['unknownType', 'retiredType']), serverType: text}),
	z.object({why: z.literal('forbiddenType'), serverType: text, allowed: z.array(text)}),
	z.object({why: z.literal('noImage'), image: text, architecture}),
	z.object({why: z.literal('unknownSystem'), image: text, flavor: text}),
	z.object({why: z.literal('notSoldThere'), serverType: text, locations: z.array(text)}),
	z.object({why: z.literal('wrongArchitecture'), label: text, architecture}),
	z.object({why: z.enum(['unfitLabel', 'otherSystem', 'volume']), label: text}),
	z.object({why: z.literal('tooSmall'), serverType: text, need}),
	z.object({why: z.literal('nothingFits'), need, locations: z.array(text)}),
	z.object({
		why: z.literal('tooDear'), serverType: text, hourlyMicros: count, limitMicros: count, currency: text,
	}),
	z.object({why: z.literal('unknownLocation'), location: text, known: z.array(text)}),
	z.object({why: z.literal('unknownScript'), script: text}),
	z.object({why: z.literal('malformed'), label: text, form: text}),
	z.object({why: z.literal('catalogueUnread')}),
]);

export const coolPair: z.ZodType<CoolPair> = z.object({
	placement, answer: text, tries: count, since: moment, retryAt: moment,
});

export const jobVerdict: z.ZodType<JobVerdict> = z.discriminatedUnion('code', [
	z.object({code: z.literal('notOurs'), missing: z.array(text)}),
	z.object({code: z.literal('heldAtGitHub'), status: z.enum(['waiting', 'pending', 'requested', 'unknown'])}),
	z.object({code: z.literal('running'), runnerName: maybe(text), since: maybe(moment)}),
	z.object({code: z.literal('done')}),
	z.object({
		code: z.literal('creating'), server: serverName, placement, dearer: dearer.optional(), since: moment,
	}),
	z.object({
		code: z.literal('toCreate'), server: serverName, placement, dearer: dearer.optional(),
	}),
	z.object({code: z.literal('wouldCreate'), server: serverName, placement}),
	z.object({
		code: z.literal('serverComing'), server: serverName, step: z.enum(['booting', 'settingUp', 'registering']), since: moment,
	}),
	z.object({code: z.literal('runnerReady'), runner: text, since: maybe(moment)}),
	z.object({
		code: z.literal('waitsForLimit'), count, limit: count, of: z.union([z.literal('run'), z.array(text)]).optional(),
	}),
	z.object({
		code: z.literal('waitsForMoney'), period: z.enum(['hour', 'day', 'month']), spentMicros: count, limitMicros: count, currency: text, opensAt: maybe(moment),
	}),
	z.object({code: z.literal('priceUnknown'), placement}),
	z.object({code: z.literal('waitsForWorker'), workers: count}),
	z.object({
		code: z.literal('refused'), cool: coolPair, next: placement, nextAt: moment,
	}),
	z.object({
		code: z.literal('afterFailures'), count, lastReason: text, retryAt: moment,
	}),
	z.object({
		code: z.literal('gaveUp'), count, lastReason: text, until: moment,
	}),
	z.object({code: z.enum(['ownFault', 'waitsForPoll']), reason: text}),
	z.object({
		code: z.literal('createRefused'), answer: text, tries: count, retryAt: moment,
	}),
	z.object({code: z.literal('accountLimit'), answer: text, retryAt: moment}),
	z.object({code: z.literal('waitsForBudget'), api: z.enum(['GitHub', 'Hetzner']), retryAt: maybe(moment)}),
	z.object({code: z.literal('unservable'), fault: unservable}),
	z.object({code: z.literal('notScaling'), mode: z.enum(['paused', 'frozen', 'draining'])}),
	z.object({code: z.literal('unread'), what: text, reason: text}),
]);

const zombieReason: z.ZodType<ZombieReason> = z.discriminatedUnion('why', [
	z.object({why: z.literal('notReady'), lastAnswer: maybe(text)}),
	z.object({why: z.literal('setUpFailed'), reason: text}),
	z.object({why: z.enum(['setUpTooLong', 'neverRegistered', 'runnerGone', 'runnerOffline', 'abandoned'])}),
]);

export const serverVerdict: z.ZodType<ServerVerdict> = z.discriminatedUnion('code', [
	z.object({code: z.enum(['booting', 'registering', 'idle', 'outlived', 'off', 'otherEngine']), ...passed}),
	z.object({code: z.literal('settingUp'), script: z.enum(['setup', 'startup']), ...passed}),
	z.object({
		code: z.literal('busy'), job: maybe(namedJob), forSeconds: maybe(count), lifeSeconds: maybe(count), drainedBy: maybe(text),
	}),
	z.object({code: z.literal('idleUnproven'), forSeconds: count, reads: count}),
	z.object({code: z.literal('zombie'), reason: zombieReason, ...passed}),
	z.object({code: z.literal('keptBusy'), answer: text, forSeconds: count}),
	z.object({code: z.literal('keptUnread'), missing: text}),
	z.object({code: z.literal('keptProtected'), answer: text}),
	z.object({code: z.literal('keptByOperator'), until: moment}),
	z.object({code: z.enum(['deleting', 'wouldDelete']), reason: text}),
	z.object({code: z.literal('draining'), by: text}),
	z.object({code: z.literal('leaving')}),
]);

export const runnerVerdict: z.ZodType<RunnerVerdict> = z.discriminatedUnion('code', [
	z.object({code: z.literal('busy'), job: maybe(namedJob)}),
	z.object({code: z.enum(['idle', 'offline', 'leftover']), ...passed}),
	z.object({code: z.enum(['awaited', 'noServer', 'notOurs'])}),
	z.object({code: z.literal('kept'), reason: text}),
]);
