import {initialUi} from '../console/state/ui-state.ts';
import {listsOf, type Lists} from '../console/panes/lists.ts';
import {formatJob} from '../model/job.ts';
import {costMicros, formatMoney} from '../model/money.ts';
import {priceOf} from '../model/catalogue.ts';
import {describeJobVerdict, describeRunnerVerdict, describeServerVerdict} from '../model/describe-verdict.ts';
import type {Read} from '../model/snapshot.ts';
import {ageSeconds, formatDuration, type Instant} from '../model/time.ts';
import type {EngineState} from '../scaler/controller.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import {print, printJson, printNotice} from '../terminal/print.ts';
import {reachOrPoll} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';
import {tableText} from './text-table.ts';

const kinds = ['jobs', 'servers', 'runners'] as const;

type Kind = (typeof kinds)[number];

/** `list [jobs | servers | runners]`: prints what the engine knows. Answers 1 when a list could not be read. */
export async function list(call: Call): Promise<number> {
	const wanted = kindsAsked(call.positionals);
	const settings = settingsFor(call);
	const reached = await reachOrPoll(settings, call.version, 'read');
	try {
		const state = reached.controller.state();
		if (settings.json) {
			printJson(listValues(state, wanted), '\t');
		} else {
			print(listText(state, wanted));
		}

		const faults = wanted.flatMap(kind => faultOf(kind, state[kind]));
		for (const fault of faults) {
			printNotice(fault);
		}

		return faults.length > 0 ? 1 : 0;
	} finally {
		await reached.close();
	}
}

function kindsAsked(words: readonly string[]): readonly Kind[] {
	return words.length === 0
		? kinds
		: words.map(word => {
			const kind = kinds.find(one => one === word);
			if (kind === undefined) {
				throw new UsageError(`list takes ${kinds.join(', ')} or nothing, not ${JSON.stringify(word)}.${didYouMean(word, kinds)}`);
			}

			return kind;
		});
}

/** The lists as a person reads them. */
export function listText(state: EngineState, wanted: readonly Kind[]): string {
	const lists = listsOf(state, {...initialUi, isForeignShown: true});
	const now = state.publishedAt;
	const tables: Readonly<Record<Kind, () => string>> = {
		jobs: () => tableText(['WAIT', 'STATUS', 'JOB', 'RUN', 'LABELS', 'WHAT HAPPENS'], jobCells(lists, now)),
		servers: () => tableText(['NAME', 'STATUS', 'TYPE', 'LOCATION', 'ADDRESS', 'AGE', 'COST', 'WHAT HAPPENS'], serverCells(lists, state)),
		runners: () => tableText(['NAME', 'STATUS', 'LABELS', 'WHAT HAPPENS'], lists.rows.runners.map(({runner, verdict}) => [
			runner.name, runner.isOnline ? (runner.isBusy ? 'busy' : 'idle') : 'offline', runner.labels.join(','), verdict === undefined ? '' : describeRunnerVerdict(verdict),
		])),
	};
	return wanted.map(kind => tables[kind]()).join('\n');
}

function jobCells(lists: Lists, now: Instant): ReadonlyArray<readonly string[]> {
	return lists.rows.jobs.map(({job, verdict}) => [
		formatDuration(ageSeconds(job.createdAt, job.startedAt ?? now)), job.status, formatJob(job), String(job.runId), job.labels.join(','), verdict === undefined ? '' : describeJobVerdict(verdict, now),
	]);
}

function serverCells(lists: Lists, state: EngineState): ReadonlyArray<readonly string[]> {
	const now = state.publishedAt;
	return lists.rows.servers.map(({name, is, verdict}) => is.kind === 'creation'
		? [name, 'creating', is.creation.placement.serverType, is.creation.placement.location ?? '-', '-', '-', '-', 'asked for']
		: [name, is.server.status, is.server.serverType, is.server.location, is.server.ip ?? '-', formatDuration(ageSeconds(is.server.created, now)), costText(state, is.server), verdict === undefined ? '' : describeServerVerdict(verdict, now)]);
}

function costText(state: EngineState, server: EngineState['servers']['items'][number]): string {
	const price = priceOf(state.catalogue, server.serverType, server.location);
	return price === undefined ? '-' : formatMoney(costMicros(price, server.created, state.publishedAt), state.catalogue?.currency ?? 'EUR');
}

/**
The lists for programs. Times are RFC 3339, costs millionths of the
currency; verdicts have a code, which stays, and words, which may change.
*/
export function listValues(state: EngineState, wanted: readonly Kind[]): unknown {
	const now = state.publishedAt;
	const moment = (at: Instant | undefined) => at === undefined ? undefined : new Date(at).toISOString();
	const values: Readonly<Record<Kind, () => unknown>> = {
		jobs: () => state.jobs.items.map(job => {
			const verdict = state.jobVerdicts.get(job.id);
			return {
				...job, createdAt: moment(job.createdAt), startedAt: moment(job.startedAt), verdict: verdict && {code: verdict.code, words: describeJobVerdict(verdict, now)},
			};
		}),
		servers: () => state.servers.items.map(server => {
			const verdict = state.serverVerdicts.get(server.id);
			const price = priceOf(state.catalogue, server.serverType, server.location);
			return {
				...server,
				created: moment(server.created),
				startupEndedAt: moment(server.startupEndedAt),
				costMicros: price && costMicros(price, server.created, now),
				verdict: verdict && {code: verdict.code, words: describeServerVerdict(verdict, now)},
			};
		}),
		runners: () => state.runners.items.map(runner => {
			const verdict = state.runnerVerdicts.get(runner.id);
			return {...runner, verdict: verdict && {code: verdict.code, words: describeRunnerVerdict(verdict)}};
		}),
	};
	return {
		repository: state.repository,
		mode: state.mode,
		at: moment(now),
		currency: state.catalogue?.currency,
		...Object.fromEntries(wanted.map(kind => [kind, {read: state[kind].state, at: moment(state[kind].at), items: values[kind]()}])),
	};
}

function faultOf(kind: Kind, read: Read<unknown>): readonly string[] {
	return read.state === 'whole' ? [] : [`reading ${kind} ${read.state === 'failed' ? 'failed' : 'came back short'}: ${read.fault.reason}`];
}
