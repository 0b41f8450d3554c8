import type {Policy} from '../model/policy.ts';
import {
	ageSeconds,
	earlier,
	later,
	secondsBetween,
} from '../model/time.ts';
import type {EngineState} from './controller.ts';
import type {Action, PlanInput} from './action.ts';
import {createWakeableSleep} from './wakeable-sleep.ts';
import {reconcile} from './reconcile.ts';
import {recordDryRun} from './dry-run.ts';
import {createServer} from './create.ts';
import {deletePlanned} from './delete.ts';
import {removeLeftover} from './remove-record.ts';
import {
	createEngineState, snapshotOf, type EngineInternals, type Earlier,
} from './engine-state.ts';
import {observe} from './observe.ts';
import {blockedUntil, schedulePolls, timerSlackSeconds} from './polling-interval.ts';
import {hasCostLimit, spendingOf} from './money-limits.ts';
import {plan} from './plan.ts';
import type {Ports} from './ports.ts';
import {createReadiness} from './readiness.ts';
import {recordHeavyFailures} from './record-failures.ts';
import {savedState} from './saved-state.ts';
import {createPublishing, stateOf, type Identity} from './publish.ts';
import {sleepUntilNews} from './wake.ts';

/**
How long a stop waits for create and delete calls under way, seconds.
*/
const shutdownSeconds = 10;
const catalogueSeconds = 3600;
/**
A list of servers that is older, or older than that many intervals, does not say how many there are at the end.
*/
const oldListSeconds = 60;
const oldListIntervals = 3;

export type Engine = {
	/**
	Runs until stopped. Rejects only when something is broken beyond repair.
	*/
	readonly run: () => Promise<void>;
	/**
	Stops polling and creating at once, lets calls under way finish for up to 10 s; set-ups go on by themselves on their servers.
	*/
	readonly stop: () => Promise<void>;
	readonly state: () => EngineState;
	readonly subscribe: (listener: () => void) => () => void;
	readonly readNow: () => void;
	/**
	GitHub may have news: the next poll comes at once, within what the request budget allows. A hint is no evidence: everything is read.
	*/
	readonly hint: () => void;
	/**
	For the controller only.
	*/
	readonly internals: EngineInternals;
	/**
	Plans again on the newest reads.
	*/
	readonly replan: () => void;
};

/**
An engine for one repository: polls, plans, acts, publishes. `earlier`: what engines before it left in writing.
*/
export function createEngine(ports: Ports, policy: Policy, about: {readonly version: string; readonly clockSpeed: number; readonly earlier?: Earlier}): Engine {
	const {clock} = ports;
	const stop = new AbortController();
	const {earlier: written, ...known} = about;
	const identity: Identity = {...known, startedAt: clock.now()};
	const underWay = new Set<Promise<unknown>>();
	const alarm = createWakeableSleep(clock);
	let isReplanning = false;
	const recorded = new Set<string>();

	const {state, subscribe, changed, publish} = createPublishing(clock, () => stateOf(engine, identity));
	const engine = createEngineState(ports, policy, stop.signal, {changed, replan}, written);
	const readiness = createReadiness(engine);

	function replan(): void {
		if (isReplanning || stop.signal.aborted) {
			return;
		}

		isReplanning = true;
		queueMicrotask(() => {
			isReplanning = false;
			if (!stop.signal.aborted) {
				decide(true, false);
			}
		});
	}

	function planInput(isScaleUpDue: boolean, isScaleDownDue: boolean): PlanInput {
		const now = clock.now();
		const github = blockedUntil(ports.github.budget(), now);
		const hetzner = blockedUntil(ports.cloud.budget(), now);
		const blocked = github === undefined
			? (hetzner === undefined ? undefined : {api: 'Hetzner', retryAt: hetzner} as const)
			: {api: 'GitHub', retryAt: github} as const;
		return {
			mode: engine.mode, isScaleUpDue, isScaleDownDue, ownFault: engine.ownFault?.reason, blocked,
			spending: hasCostLimit(policy)
				? spendingOf({
					accounting: engine.accounting, servers: engine.reads.servers.items, creations: [...engine.creations.values()], catalogue: engine.catalogue,
				}, now)
				: undefined,
		};
	}

	function decide(isScaleUpDue: boolean, isScaleDownDue: boolean): void {
		try {
			const made = plan(snapshotOf(engine), engine.memory, engine.policy, planInput(isScaleUpDue, isScaleDownDue), clock.now());
			recordHeavyFailures(engine, engine.memory, made.memory);
			engine.recordPlan(made);
			ports.store.save(savedState(engine.mode, engine.memory));
			recordDryRun(engine, recorded);
			for (const action of made.actions) {
				start(act(action));
			}
		} catch (error) {
			// A fault of ours in planning must not end the watch over servers that cost money: the next poll plans again.
			engine.record({code: 'planFailed', reason: error instanceof Error ? error.stack ?? error.message : String(error)});
		}

		engine.changed();
	}

	async function act(action: Action): Promise<unknown> {
		switch (action.type) {
			case 'createServer': {
				return createServer(engine, action);
			}

			case 'deleteServer': {
				return deletePlanned(engine, action.server, action.reason);
			}

			case 'removeRunner': {
				return removeLeftover(engine, action.runner, action.reason);
			}
		}
	}

	function start(work: Promise<unknown>): void {
		underWay.add(work);
		void work.finally(() => {
			underWay.delete(work);
		});
	}

	async function refreshCatalogue(): Promise<void> {
		try {
			engine.recordCatalogue(await ports.cloud.readCatalogue());
		} catch (error) {
			engine.record({code: 'readFailed', what: 'Hetzner\'s catalogue', reason: error instanceof Error ? error.message : String(error)});
		}
	}

	async function poll(isScaleUpDue: boolean, isScaleDownDue: boolean): Promise<void> {
		const before = engine.reads.servers.items;
		const ready = readiness.isDue() ? readiness.check() : undefined;
		await Promise.all([observe(engine), ready]);
		if (stop.signal.aborted) {
			return;
		}

		reconcile(engine, before);
		decide(isScaleUpDue, isScaleDownDue);
	}

	async function run(): Promise<void> {
		engine.record({code: 'started', repository: `${policy.repository.owner}/${policy.repository.name}`, version: about.version});
		const {runnerLimit} = engine.memory;
		if (runnerLimit !== undefined) {
			engine.record({code: 'notice', text: `the maximum number of servers is ${runnerLimit.limit ?? 'unlimited'}, as an operator left it; the settings say ${runnerLimit.configured ?? 'unlimited'}`});
		}

		await refreshCatalogue();
		let catalogueAt = clock.now();
		let nextUp = clock.now();
		let nextDown = clock.now();
		let recordedInterval = 0;
		engine.setPhase('running');
		while (!stop.signal.aborted) {
			const now = clock.now();
			const isUp = secondsBetween(now, nextUp) < timerSlackSeconds;
			const isDown = secondsBetween(now, nextDown) < timerSlackSeconds;
			await poll(isUp, isDown);
			recordedInterval = schedulePolls(engine, now, recordedInterval);
			nextUp = isUp ? later(now, policy.scaleUpIntervalSeconds) : nextUp;
			nextDown = isDown ? later(now, policy.scaleDownIntervalSeconds) : nextDown;
			const wantsCatalogue = ageSeconds(catalogueAt, clock.now()) > (engine.catalogue === undefined ? 60 : catalogueSeconds);
			if (wantsCatalogue && !stop.signal.aborted) {
				await refreshCatalogue();
				catalogueAt = clock.now();
			}

			const next = earlier(nextUp, nextDown);
			engine.scheduleRead(next);
			const end = await sleepUntilNews(engine, alarm, next);
			if (end !== 'due') {
				nextUp = clock.now();
				nextDown = end === 'asked' ? clock.now() : nextDown;
			}
		}

		await shutDown();
	}

	async function shutDown(): Promise<void> {
		engine.setPhase('stopping');
		publish();
		const leave = new AbortController();
		await Promise.race([Promise.allSettled(underWay), clock.sleep(shutdownSeconds, leave.signal).catch(() => undefined)]);
		leave.abort();
		engine.setPhase('stopped');
		engine.record({code: 'stopped', ...serversLeft(engine)});
		publish();
	}

	let running: Promise<void> | undefined;
	return {
		internals: engine,
		state,
		subscribe,
		replan,
		async run() {
			running ??= run();
			return running;
		},
		async stop() {
			stop.abort(new Error('the engine stops'));
			await running;
		},
		readNow() {
			alarm.wake();
		},
		hint() {
			alarm.hint();
		},
	};
}

// How many servers the engine leaves behind, or that nobody knows.
function serversLeft({reads: {servers}, policy, ports}: EngineInternals): {readonly serversLeft: number | undefined; readonly lastKnown?: number} {
	const count = servers.items.filter(server => server.status !== 'deleting').length;
	const oldSeconds = Math.max(oldListSeconds, oldListIntervals * policy.scaleDownIntervalSeconds);
	return servers.state === 'whole' && ageSeconds(servers.at, ports.clock.now()) <= oldSeconds
		? {serversLeft: count}
		: {serversLeft: undefined, ...servers.at !== undefined && {lastKnown: count}};
}
