import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import type {RunningEngine} from './engines.ts';
import type {Operation} from './plan-day.ts';

/**
What people have done, so that the engine is not blamed for it.
*/
export type ByHand = {
	/**
	Jobs that people killed or cancelled.
	*/
	readonly excused: Set<SimulatedJob>;
	/**
	Servers that people touched or asked for.
	*/
	readonly touched: Set<number>;
	readonly keptUntil: Map<number, number>;
	/**
	Names that an operator typed: the one exception of promise 1.
	*/
	readonly typed: Set<string>;
};

const ann = {name: 'ann'};

/**
Nobody is blamed for this job's end any more, nor for those of its run that wait for others.
*/
export function excuse(byHand: ByHand, job: SimulatedJob): void {
	byHand.excused.add(job);
	for (const other of job.run.jobs) {
		if (other.needs.length > 0) {
			byHand.excused.add(other);
		}
	}
}

/**
Runs an operation on the world or at a console; says what was done. `restart` and `mode` belong to the engines' keeper.
*/
export function runOperation(world: World, running: RunningEngine, operation: Extract<Operation, {readonly which: number}>, byHand: ByHand): string {
	world.now();
	if (operation.operation === 'cancel') {
		const runs = world.github.runs.filter(run => run.isCreated && run.jobs.some(job => job.actualState !== 'completed'));
		const run = runs[operation.which % Math.max(1, runs.length)];
		if (run === undefined) {
			return 'nothing to cancel';
		}

		for (const job of run.jobs) {
			byHand.excused.add(job);
		}

		world.github.cancelRun(run);
		return `run ${run.workflow} is cancelled`;
	}

	const servers = world.hetzner.servers.values().filter(server => !server.isForeign && server.status !== 'deleting').toArray();
	const server = servers[operation.which % Math.max(1, servers.length)];
	if (server === undefined) {
		return `no server to ${operation.operation}`;
	}

	byHand.touched.add(server.id);
	return doToServer(world, running, operation.operation, server, byHand);
}

function doToServer(world: World, running: RunningEngine, operation: Exclude<Extract<Operation, {readonly which: number}>['operation'], 'cancel'>, server: SimulatedServer, byHand: ByHand): string {
	const name = server.name as ServerName;
	const excuseItsJob = () => {
		const job = server.host.runner?.job;
		if (job !== undefined) {
			excuse(byHand, job);
		}
	};

	switch (operation) {
		case 'vanish': {
			excuseItsJob();
			world.hetzner.byHand.vanish(server);
			return `by hand: ${name} is deleted`;
		}

		case 'powerOff': {
			excuseItsJob();
			world.hetzner.byHand.powerOff(server);
			return `by hand: ${name} is powered off`;
		}

		case 'rename': {
			world.hetzner.byHand.rename(server, `renamed-${server.id}`);
			return `by hand: ${name} is renamed`;
		}

		case 'stripLabels': {
			world.hetzner.byHand.relabel(server, {});
			return `by hand: ${name} loses its labels`;
		}

		case 'delete': {
			void running.controller.deleteServers([name], ann);
			return `operator: delete ${name}`;
		}

		case 'deleteTyped': {
			byHand.typed.add(name);
			void running.controller.deleteServers([name], ann, new Set([name]));
			return `operator: delete ${name}, typed`;
		}

		case 'keep': {
			byHand.keptUntil.set(server.id, world.now() + 600_000);
			void running.controller.keepServer(name, 600, ann);
			return `operator: keep ${name} for ten minutes`;
		}
	}
}
