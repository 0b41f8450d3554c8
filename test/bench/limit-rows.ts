import {performance} from 'node:perf_hooks';
import {instant, secondsBetween, type Instant} from '../../source/model/time.ts';
import {emptyMemory} from '../../source/scaler/memory.ts';
import {plan} from '../../source/scaler/plan.ts';
import {usualPolicy} from '../soak/live-day.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {Row} from './rows.ts';
import {crowdedNow, everyoneSpecial} from './snapshot.ts';
import {inBenchWorld} from './world.ts';

/**
A budget that is used up, and the hour's end after it.
*/
export async function measureReset(): Promise<readonly Row[]> {
	let polledAt: Instant | undefined;
	let hear: () => void = () => undefined;
	return inBenchWorld({
		seed: 41,
		onRequest(api, {method, path}) {
			if (api === 'github' && method === 'GET' && path.endsWith('/actions/runs')) {
				hear();
			}
		},
	}, async ({world, pass, until, clock}) => {
		await pass(3000);
		world.faults.inject({kind: 'budgetEaten', api: 'github', leaves: 0}, {forSeconds: 60});
		await pass(70);
		const resetAt = instant(Math.ceil(world.pipeline.limitOf('github').resetAt / 1000) * 1000); // As GitHub tells it, in whole seconds.
		await until(() => world.now() >= resetAt, 3600);
		hear = () => {
			polledAt ??= clock.now();
		};

		await until(() => polledAt !== undefined, 4000);
		const seconds = secondsBetween(resetAt, polledAt ?? instant(Infinity));
		return [{
			work: 'GitHub answers 403 with remaining: 0, then its reset passes: next poll after it', goal: 'one interval (10 s)', figure: `${seconds.toFixed(0)} s`, isMet: Math.round(seconds) <= 10, values: {seconds},
		}];
	});
}

/**
200 jobs in two runs, the second while servers are made for the first.
*/
export async function measureTwoRuns(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 42}, async ({world, pass, until, createWaits}) => {
		await pass(60);
		for (const afterSeconds of [0, 7]) {
			world.addRun({afterSeconds, jobs: Array.from({length: 100}, (_, index) => ({name: `job ${index}`, durationSeconds: 300}))});
		}

		await until(() => createWaits.length >= 200, 3600);
		const last = Math.max(...createWaits);
		return [{
			work: 'burst of 200 jobs in two runs: last create call after its job could be seen', goal: '12 s', figure: `${last.toFixed(1)} s`, isMet: last <= 12, values: {seconds: last},
		}];
	});
}

/**
200 idle servers, and the order to drain: how old what speaks for letting go is when GitHub is told to.
*/
export async function measureDrain(): Promise<readonly Row[]> {
	const asked = new Map<string, Instant>();
	const looks: Instant[] = [];
	const ages: number[] = [];
	let hear: (path: string, method: string, name: string | undefined) => void = () => undefined;
	return inBenchWorld({
		seed: 43,
		policy: {maxIdleRunnerSeconds: 7200, maxRunners: 200},
		onRequest(api, {method, path, query}) {
			if (api === 'github') {
				hear(path, method, query.get('name') ?? undefined);
			}
		},
	}, async ({world, running, until, clock}) => {
		world.faults.inject({kind: 'unassigned'});
		world.addRun({cancelAfterSeconds: 200, jobs: Array.from({length: 200}, (_, index) => ({name: `job ${index}`, isCounted: false}))});
		const {internals} = running.engine;
		await until(() => internals.memory.idle.size === 200 && internals.reads.jobs.items.length === 0, 1200);
		hear = (path, method, name) => {
			const {lastEvidence} = running.engine.internals;
			if (lastEvidence !== undefined && looks.at(-1) !== lastEvidence.at) {
				looks.push(lastEvidence.at);
			}

			if (name !== undefined) {
				asked.set(name, clock.now());
			}

			const id = method === 'DELETE' ? /\/actions\/runners\/(?<id>\d+)$/v.exec(path)?.groups?.id : undefined;
			const askedAt = asked.get(world.github.runners.values().find(runner => runner.id === Number(id))?.name ?? '');
			if (askedAt === undefined) {
				return;
			}

			// The jobs it was decided on were read for this deletion, or for another one up to two seconds before.
			const look = looks.find(at => secondsBetween(at, askedAt) <= 2) ?? askedAt;
			ages.push(secondsBetween(instant(Math.min(askedAt, look)), clock.now()));
		};

		const from = clock.now();
		await running.controller.setMode('draining', {name: 'ann'});
		await until(() => auditWorld(world).serversLeft === 0, 3600);
		const oldest = Math.max(...ages);
		return [{
			work: 'drain of 200: oldest evidence when GitHub is told to let go', goal: '5 s', figure: `${oldest.toFixed(1)} s of ${ages.length}, drained in ${secondsBetween(from, clock.now()).toFixed(0)} s`, isMet: oldest <= 5 && ages.length >= 200, values: {seconds: oldest, count: ages.length},
		}];
	});
}

/**
The planner, where no two jobs and no two servers have the same labels; on this machine's clock, the best of fifteen turns.
*/
export function measureSpecialLabels(): readonly Row[] {
	const snapshot = everyoneSpecial(2000);
	const input = {
		mode: 'scaling', isScaleUpDue: true, isScaleDownDue: true, ownFault: undefined, blocked: undefined, spending: undefined,
	} as const;
	let {memory} = plan(snapshot, emptyMemory, usualPolicy, input, crowdedNow);
	let best = Infinity;
	for (let turn = 0; turn < 15; turn++) {
		const from = performance.now();
		({memory} = plan(snapshot, memory, usualPolicy, input, crowdedNow));
		best = Math.min(best, performance.now() - from);
	}

	return [{
		work: 'planner, 2,000 jobs and servers each with a label of its own', goal: '100 ms', figure: `${best.toFixed(0)} ms`, isMet: best <= 100, values: {milliseconds: best},
	}];
}
