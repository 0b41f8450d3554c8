import test from 'ava';
import {historyOf, ranSeconds, sumsOf} from '../../source/history/history.ts';
import type {EngineEvent} from '../../source/model/event.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import {instant} from '../../source/model/time.ts';

const engine = {kind: 'engine'} as const;
const placement = {
	serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
} as const;
const noon = Date.UTC(2026, 10, 24, 12);
const now = instant(noon + (2 * 86_400_000));

function job(id: number, workflowName = 'ci') {
	return {
		id: id as JobId, runId: 1 as RunId, name: `job ${id}`, workflowName,
	};
}

const name = (id: number) => `gh-actions-runner-1-${id}` as ServerName;

// A job from its queueing to its server's deletion, which begins so many seconds after noon.
function life(id: number, at: number, options: {readonly workflow?: string; readonly label?: string; readonly ranOn?: number; readonly wait?: number} = {}) {
	const {workflow, label = 'self-hosted', ranOn = id, wait = 60} = options;
	const events: ReadonlyArray<readonly [number, EngineEvent]> = [
		[0, {code: 'jobSeen', job: job(id, workflow), labels: [label]}],
		[1, {
			code: 'serverCreated', server: name(id), placement, job: job(id, workflow),
		}],
		[wait, {
			code: 'jobStarted', job: job(id, workflow), server: name(ranOn), waitSeconds: wait,
		}],
		[wait + 100, {code: 'jobDone', job: job(id, workflow), server: name(ranOn)}],
		[wait + 200, {
			code: 'serverDeleted', server: name(id), reason: 'off', by: engine, ageSeconds: 200, cost: '€0.011', costMicros: 11_424, currency: 'EUR',
		}],
	];
	return events.map(([seconds, event]) => ({at: instant(noon + ((at + seconds) * 1000)), event}));
}

test('a job is told from its queueing to its end, with its server and its cost', t => {
	const past = historyOf(life(7, 0), now);
	t.is(past.jobs.length, 1);
	t.like(past.jobs[0], {
		name: 'ci / job 7', waitSeconds: 60, server: name(7), labels: ['self-hosted'],
	});
	t.is(ranSeconds(past.jobs[0]!), 100);
	t.like(past.servers[0], {pair: 'cx23 in fsn1', costMicros: 11_424});
});

test('a day is UTC\'s, as the limits and the console count it', t => {
	const at = (text: string) => instant(Date.parse(text));
	const seen = (id: number) => ({code: 'jobSeen', job: job(id), labels: []} as const);
	const past = historyOf([
		{at: at('2026-11-24T23:59:59Z'), event: seen(1)}, {at: at('2026-11-25T00:00:01Z'), event: seen(2)},
	], at('2026-11-26T00:00:00Z'));
	t.deepEqual(sumsOf(past, 'day').map(({of}) => of), ['2026-11-24', '2026-11-25']);
});

test('waits, servers and cost add up by day, workflow and label', t => {
	const past = historyOf([...life(1, 0, {wait: 10}), ...life(2, 10, {wait: 90, workflow: 'nightly', label: 'big'}), ...life(3, 86_400)], now);
	t.deepEqual(sumsOf(past, 'day').map(({of, jobs, costMicros}) => [of, jobs, costMicros]), [['2026-11-24', 2, 22_848], ['2026-11-25', 1, 11_424]]);
	t.deepEqual(sumsOf(past, 'day')[0], {
		of: '2026-11-24', jobs: 2, started: 2, p50Seconds: 10, p95Seconds: 90, servers: 2, costMicros: 22_848,
	});
	t.deepEqual(sumsOf(past, 'workflow').map(({of, jobs}) => [of, jobs]), [['ci', 2], ['nightly', 1]]);
	t.deepEqual(sumsOf(past, 'label').map(({of, jobs}) => [of, jobs]), [['big', 1], ['self-hosted', 2]]);
});

test('a server counts to the job that ran on it, not to the one it was made for', t => {
	const past = historyOf([...life(1, 0, {workflow: 'ci', ranOn: 2}), ...life(2, 0, {workflow: 'nightly', ranOn: 1})], now);
	t.deepEqual(sumsOf(past, 'workflow').map(({of, servers}) => [of, servers]), [['ci', 1], ['nightly', 1]]);
	t.is(past.jobs.find(({id}) => id === 1 as JobId)?.server, name(2));
});

test('what a journal begins in the middle of is told as far as it is known', t => {
	const past = historyOf(life(5, 0).slice(2), now);
	t.like(past.jobs[0], {queuedAt: undefined, waitSeconds: 60});
	t.is(past.servers.length, 0);
	t.deepEqual(historyOf([], now), {
		jobs: [], servers: [], currency: 'EUR', running: 0,
	});
});

test('servers that still run count with the hours begun so far; one whose name came back with another server counts, too', t => {
	const created: EngineEvent = {
		code: 'serverCreated', server: name(1), placement, job: job(1), hourlyMicros: 11_424, currency: 'EUR',
	};
	const deleted = {
		code: 'serverDeleted', server: name(1), reason: 'off', by: engine, ageSeconds: 200, cost: '€0.011', costMicros: 11_424, currency: 'EUR',
	} as const;
	const entries = [[0, created], [200, deleted], [300, created]] as const;
	const past = historyOf(entries.map(([seconds, event]) => ({at: instant(noon + (seconds * 1000)), event})), instant(noon + (5000 * 1000)));
	t.is(past.running, 1);
	t.deepEqual(past.servers.map(({costMicros}) => costMicros), [11_424, 2 * 11_424]);
	t.is(sumsOf(past, 'day')[0]?.costMicros, 3 * 11_424);
	const gone = historyOf([...entries, [900, {code: 'serverGone', server: name(1)}] as const].map(([seconds, event]) => ({at: instant(noon + (seconds * 1000)), event})), now);
	t.is(gone.running, 0);
	t.is(sumsOf(gone, 'day')[0]?.costMicros, 2 * 11_424);
});
