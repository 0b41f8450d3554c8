// The rule of partial knowledge: whatever rows and runs cannot be read, for whatever time, no job is killed, no readable job is unserved,
// no readable idle server stays. PROPERTIES_RUNS=5000 npx ava test/scaler/properties.ts for more.
import process from 'node:process';
import test from 'ava';
import fc from 'fast-check';
import type {Job, RunId} from '../../source/model/job.ts';
import type {Gap, Read} from '../../source/model/snapshot.ts';
import {emptyMemory} from '../../source/scaler/memory.ts';
import type {Plan} from '../../source/scaler/action.ts';
import {plan} from '../../source/scaler/plan.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {job} from '../../source/simulator/given.ts';
import {givenEngine} from '../support/given-engine.ts';
import {
	at, givenJob, givenPolicy, givenRunner, givenServer, givenSnapshot, looksUntil, planLooks,
} from '../support/given.ts';

const count = Number(process.env.PROPERTIES_RUNS ?? 200);
const looks = 48;
const interval = 10;
const patienceSeconds = 120 + 300;

/**
What GitHub does at one poll: runs and runners' rows that cannot be read, whether all jobs cannot, whether it calls busy runners idle.
*/
type Weather = {readonly runs: readonly number[]; readonly rows: readonly number[]; readonly isDown: boolean; readonly isLying: boolean};

/**
Run 1 to 3 have a job that runs on server 1 to 3, and one that waits; server 4 and 5 are idle, made for runs of which nothing is left; a job with labels of its own fits none of them.
*/
const busy = [1, 2, 3];
const idle = [4, 5];
const runOf = (id: number) => id as RunId;
const servers = [...busy, ...idle].map(id => givenServer(id, {runId: runOf(id), startupEndedAt: at(0)}));
const runningJobs = busy.map(id => givenJob(id, {
	runId: runOf(id), status: 'inProgress', startedAt: at(0), runnerName: givenServer(id).name, createdAt: at(-100),
}));
const queuedJobs = busy.map(id => givenJob(id + 10, {runId: runOf(id), labels: ['self-hosted', 'server-cax11'], createdAt: at(-100)}));

const subset = (ids: readonly number[]) => fc.subarray([...ids]);
const spell = fc.record({
	length: fc.integer({min: 1, max: looks}), runs: subset([...busy, 9]), rows: subset([...busy, ...idle]), isDown: fc.oneof({weight: 5, arbitrary: fc.constant(false)}, {weight: 1, arbitrary: fc.constant(true)}), isLying: fc.boolean(),
});
const weather = fc.array(spell, {minLength: 1, maxLength: 8}).map(spells => spells.flatMap(({length, ...one}) => Array.from({length}, (): Weather => one)).slice(0, looks));

// The plans of a day that begins with three good polls.
function live(sky: readonly Weather[]): ReadonlyArray<{readonly second: number; readonly weather: Weather; readonly plan: Plan}> {
	const clear: Weather = {
		runs: [], rows: [], isDown: false, isLying: false,
	};
	const plans: Array<{second: number; weather: Weather; plan: Plan}> = [];
	let memory = emptyMemory;
	let jobs: Read<Job> | undefined;
	let unreadJobs: readonly Job[] = [];
	let faultSince: number | undefined;
	for (const [index, now] of [clear, clear, clear, ...sky].entries()) {
		const second = index * interval;
		const gaps: readonly Gap[] = now.runs.map(run => ({what: `jobs of run ${run}`, runId: runOf(run)}));
		faultSince = now.isDown || gaps.length > 0 ? faultSince ?? second : undefined;
		const fault = {reason: 'GitHub answers 502', since: at(faultSince ?? second), retryAt: undefined};
		const items = [...runningJobs, ...queuedJobs].filter(one => !now.runs.includes(Number(one.runId)));
		const before = jobs?.items ?? [];
		if (now.isDown) {
			jobs = {
				state: 'failed', items: before, at: jobs?.at, fault,
			};
		} else {
			const isTold = new Set(items.map(({id}) => id));
			unreadJobs = gaps.length === 0 ? [] : [...new Map([...unreadJobs, ...before].map(one => [one.id, one])).values()].filter(({id, runId}) => !isTold.has(id) && now.runs.includes(Number(runId)));
			jobs = gaps.length === 0
				? {state: 'whole', items, at: at(second)}
				: {
					state: 'partial', items, at: at(second), gaps, fault,
				};
		}

		const rows = [...busy, ...idle].filter(id => !now.rows.includes(id)).map(id => givenRunner(id, {isBusy: busy.includes(id) && !now.isLying}));
		const rowGaps = now.rows.map(id => ({what: `runner ${givenServer(id).name}`, runnerName: givenServer(id).name}));
		const runners = rowGaps.length === 0
			? {state: 'whole', items: rows, at: at(second)} as const
			: {
				state: 'partial', items: rows, at: at(second), gaps: rowGaps, fault,
			} as const;
		const made = plan(givenSnapshot(second, {servers}, {jobs, runners, unreadJobs}), memory, givenPolicy(), {
			mode: 'scaling', isScaleUpDue: true, isScaleDownDue: true, ownFault: undefined, blocked: undefined, spending: undefined,
		}, at(second));
		({memory} = made);
		plans.push({second, weather: now, plan: made});
	}

	return plans;
}

const deleted = (made: Plan) => made.actions.flatMap(action => action.type === 'deleteServer' ? [Number(action.server.id)] : []);

test('whatever cannot be read, and whatever GitHub says of busy runners meanwhile, no server with a job is let go', t => {
	t.notThrows(() => {
		fc.assert(fc.property(weather, sky => live(sky).every(({plan: made}) => deleted(made).every(id => !busy.includes(id)))), {numRuns: count});
	});
});

test('a waiting job of a run that can be read is served, whatever else cannot', t => {
	t.notThrows(() => {
		fc.assert(fc.property(weather, sky => live(sky).every(({weather: {isDown, runs}, plan: made}) => isDown || queuedJobs.every(one =>
			runs.includes(Number(one.runId)) || made.actions.some(action => action.type === 'createServer' && action.job.id === one.id)))), {numRuns: count});
	});
});

test('an idle server whose runner can be read goes within its limit and five minutes, whatever else cannot be read', t => {
	t.notThrows(() => {
		fc.assert(fc.property(weather, sky => {
			const readable = idle.filter(id => sky.every(({rows}) => !rows.includes(id)));
			const plans = live(Array.from({length: looks}, (_, index) => sky[index % sky.length] ?? sky[0]).filter(one => one !== undefined));
			return readable.every(id => plans.some(({second, plan: made}) => second <= patienceSeconds && deleted(made).includes(id)));
		}), {numRuns: count});
	});
});

test('a gap of jobs delays what is idle by three minutes, a list that fails by four', t => {
	const until = (state: 'partial' | 'failed') => live(Array.from({length: looks}, (): Weather => ({
		runs: [9], rows: [], isDown: state === 'failed', isLying: false,
	}))).find(({plan: made}) => deleted(made).includes(4))?.second;
	t.is(until('partial'), 30 + 180);
	t.is(until('failed'), 30 + 240);
});

test('a runner that could not be found is not taken for missing once its row cannot be read', t => {
	const lists = {servers: [givenServer(1, {startupEndedAt: at(0)})]};
	const gap = (second: number) => ({
		runners: {
			state: 'partial', items: [], at: at(second), gaps: [{what: 'a runner', runnerName: givenServer(1).name}], fault: {reason: 'its row is odd', since: at(second), retryAt: undefined},
		},
	} as const);
	t.deepEqual(deleted(planLooks([...looksUntil(50, lists), {second: 70, snapshot: givenSnapshot(70, lists, gap(70))}])), []);
	t.deepEqual(deleted(planLooks([...looksUntil(50, lists), {second: 70, snapshot: givenSnapshot(70, lists)}])), [1]);
});

test('a server of a run that cannot be read is left alone for an hour, not for ever', t => {
	const partial = (second: number) => ({
		jobs: {
			state: 'partial', items: [], at: at(second), gaps: [{what: 'jobs of run 4', runId: runOf(4)}], fault: {reason: 'GitHub answers 502', since: at(0), retryAt: undefined},
		},
	} as const);
	const day = (until: number) => deleted(planLooks(looksUntil(until, {servers: servers.slice(3, 4), runners: [givenRunner(4)]}).map(({second}) => ({second, snapshot: givenSnapshot(second, {servers: servers.slice(3, 4), runners: [givenRunner(4)]}, partial(second))}))));
	t.deepEqual(day(3590), []);
	t.deepEqual(day(3600), [4]);
});

test('of three servers of one round that failed, one is tried again, not three', t => {
	const failing = [21, 22, 23];
	const jobs = failing.map(id => givenJob(id, {runId: runOf(id)}));
	const lists = {jobs, servers: failing.map(id => givenServer(id))};
	const setUps = new Map(failing.map(id => [givenServer(id).name, {
		step: 'failed', at: at(0), reason: 'exit code 100', lastLines: [],
	} as const]));
	const after = planLooks([...looksUntil(10, lists, {setUps}), {second: 40, snapshot: givenSnapshot(40, lists, {setUps})}]);
	t.is(after.actions.filter(action => action.type === 'createServer').length, 1);
});

const second = (least: number, most: number) => fc.integer({min: least, max: most});
const outage = fc.record({run: fc.integer({min: 0, max: 4}), from: second(0, 600), length: second(20, 1500)});

test('in a world: runs that cannot be read for a while, or never, cost no job and keep no idle server', async t => {
	await t.notThrowsAsync(async () => {
		await fc.assert(fc.asyncProperty(fc.array(outage, {minLength: 1, maxLength: 5}), fc.array(second(20, 700), {minLength: 4, maxLength: 4}), fc.boolean(), second(1, 1000), async (outages, durations, isLying, seed) => {
			const runs = durations.map((durationSeconds, index) => ({workflow: `run ${index}`, afterSeconds: index * 70, jobs: [{...job(`job ${index}`), durationSeconds}, {...job(`short ${index}`), durationSeconds: 20}]}));
			const day = givenEngine({seed, runs: [...runs, {workflow: 'of others', jobs: [{name: 'theirs', labels: ['someone-else'], isCounted: false}]}]});
			const unread = new Map<number, number>();
			for (const {run, from, length} of outages) {
				const subject = day.runs[run]?.id ?? 0;
				const forSeconds = run === 4 ? 1e6 : length;
				unread.set(subject, Math.max(unread.get(subject) ?? 0, run === 4 ? 0 : from + length));
				day.world.faults.inject({
					kind: 'answer', api: 'github', operation: 'listJobs', subject, status: 502,
				}, {afterSeconds: from, forSeconds});
			}

			if (isLying) {
				day.world.faults.inject({kind: 'saysIdle'}, {afterSeconds: 100, forSeconds: 900});
			}

			const idleSince = new Map<number, number>();
			for (let now = 0; now < 3000; now += interval) {
				await day.pass(interval);
				for (const server of day.world.hetzner.servers.values()) {
					const isIdle = !server.isForeign && server.host.runner?.isOnline === true && server.host.runner.job === undefined && !server.host.hasRunJob;
					const since = isIdle ? idleSince.get(server.id) ?? now : undefined;
					idleSince.delete(server.id);
					if (since !== undefined) {
						idleSince.set(server.id, since);
						const ownRun = Number(server.labels['run-id']);
						const from = Math.max(since, unread.get(ownRun) ?? 0);
						if (now - from > patienceSeconds + 60) {
							throw new Error(`${server.name} idle for ${now - since} s\n${day.trace()}`);
						}
					}
				}
			}

			await day.end();
			const {jobsKilled, jobs} = auditWorld(day.world);
			if (jobsKilled > 0 || jobs.done < jobs.total) {
				throw new Error(`${jobsKilled} killed, ${jobs.done} of ${jobs.total} done\n${day.trace()}`);
			}
		}), {numRuns: Math.ceil(count / 10)});
	});
});
