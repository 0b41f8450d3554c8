// A day that goes on command by command, the engine's promises looked at after each moment.
import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import {instant} from '../../source/model/time.ts';
import type {Fault} from '../../source/simulator/faults.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {virtualClock} from '../../source/simulator/virtual-clock.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {runOperation, excuse, type ByHand} from '../soak/operations.ts';
import {engineHouse, isOfUnknownName, type RunningEngine} from '../soak/engines.ts';
import {usualPolicy} from '../soak/live-day.ts';
import type {Operation} from '../soak/plan-day.ts';

export type CommandedDay = {
	readonly world: World;
	readonly engine: () => RunningEngine;
	/**
	Time passes. Throws with the trace when a promise breaks meanwhile.
	*/
	readonly pass: (seconds: number) => Promise<void>;
	readonly fault: (fault: Fault) => void;
	readonly mend: () => void;
	readonly runOperation: (operation: Extract<Operation, {readonly which: number}>) => void;
	/**
	Kill -9, and a new engine.
	*/
	readonly restart: () => void;
	/**
	All faults end, the engine scales again, and all is quiet in the end: jobs done, nothing left. Throws with the trace when it is not.
	*/
	readonly end: () => Promise<void>;
};

const maxRunners = 4;
const longestSeconds = 3 * 3600;

export function commandedDay(seed: number): CommandedDay {
	const clock = virtualClock(instant(Date.UTC(2026, 10, 24, 9)));
	const world = createWorld({seed, clock, parameters: {floodLines: 100}});
	quietScenario(world);
	const trace: string[] = [];
	const house = engineHouse(world, {...usualPolicy, maxRunners}, {
		isWired: false, watch: (_engine, _api, answer) => answer, tell(engine, at, text) {
			trace.push(`${new Date(at).toISOString().slice(11, 19)} ${engine}: ${text}`);
		},
	});
	const byHand: ByHand = {
		excused: new Set(), touched: new Set(), keptUntil: new Map(), typed: new Set(),
	};
	let running = house.start(0);
	let restarts = 0;
	let seen = 0;

	function fail(promise: string): never {
		throw new Error(`${promise}\n${trace.slice(-40).join('\n')}`);
	}

	function look(): void {
		world.now();
		for (; seen < world.violations.list.length; seen++) {
			const violation = world.violations.list[seen];
			const job = world.github.jobs().find(({id}) => id === violation?.jobId);
			if (violation !== undefined && job !== undefined && byHand.typed.has(violation.name)) {
				excuse(byHand, job);
			}

			if (violation !== undefined && (job === undefined || !byHand.excused.has(job))) {
				fail(violation.trace);
			}
		}

		const servers = world.hetzner.servers.values().filter(server => !server.isForeign).toArray();
		if (servers.length > maxRunners * (restarts + 1)) {
			fail(`${servers.length} servers, ${maxRunners} are allowed`);
		}

		const {latest, reads} = running.engine.internals;
		const unsaid = latest === undefined || reads.jobs.state === 'failed'
			? undefined
			: reads.jobs.items.find(({id}) => {
				const verdict = latest.jobVerdicts.get(id);
				return verdict === undefined || describeJobVerdict(verdict, clock.now()) === '';
			});
		if (unsaid !== undefined) {
			fail(`${unsaid.name} has no verdict`);
		}
	}

	const isQuiet = () => {
		look();
		return world.github.jobs().every(job => !job.isCounted || job.actualState === 'completed' || byHand.excused.has(job))
			&& world.hetzner.servers.values().every(server => server.isForeign)
			&& world.github.runners.values().every(runner => runner.isForeign || isOfUnknownName(runner.name)
				|| world.hetzner.servers.values().some(({host}) => host.runner === runner));
	};

	return {
		world,
		engine: () => running,
		async pass(seconds) {
			await clock.passUntil(() => {
				look();
				return false;
			}, seconds);
		},
		fault(fault) {
			world.faults.inject(fault);
		},
		mend() {
			world.faults.clear();
		},
		runOperation(operation) {
			trace.push(`people: ${runOperation(world, running, operation, byHand)}`);
		},
		restart() {
			running.kill();
			restarts++;
			trace.push('kill -9');
			running = house.start(0);
		},
		async end() {
			world.faults.clear();
			await running.controller.setMode('scaling', {name: 'ann'});
			const isOver = await clock.passUntil(isQuiet, longestSeconds);
			running.kill();
			if (!isOver) {
				fail(`not quiet after ${longestSeconds} s: ${world.github.jobs().filter(job => job.isCounted && job.actualState !== 'completed').map(({name}) => name).join(', ')}; left: ${world.hetzner.servers.values().filter(server => !server.isForeign).map(({name}) => name).toArray().join(', ')}`);
			}

			const lost = world.github.jobs().find(job => job.isCounted && job.actualState === 'completed' && job.conclusion !== 'success' && !byHand.excused.has(job));
			if (lost !== undefined) {
				fail(`${lost.name} ended as ${String(lost.conclusion)}`);
			}
		},
	};
}
