import type {Policy} from '../model/policy.ts';
import {
	ageSeconds,
	earlier,
	later,
	secondsBetween,
	type Instant,
} from '../model/time.ts';
import type {ActivityEntry, EngineState} from './controller.ts';
import {createAlarm} from './alarm.ts';
import {attend} from './attend.ts';
import {tellDryRun} from './dry-run.ts';
import {createServer} from './create.ts';
import {deleteDoomed, removeLeftover} from './delete.ts';
import {
	createLive, snapshotOf, type Live, type Earlier,
} from './live.ts';
import {observe} from './observe.ts';
import {
	blockedUntil,
	pollSeconds,
	tellPace,
	usualPace,
	warmCost,
} from './pace.ts';
import {hasCostLimit, spendingOf} from './money-limits.ts';
import {plan, type Action, type Stance} from './plan.ts';
import type {Ports} from './ports.ts';
import {createReadiness} from './readiness.ts';
import {recordHeavyFailures} from './record-failures.ts';
import {savedState} from './saved-state.ts';
import {createPublishing, stateOf, type Identity} from './publish.ts';

/**
How long a stop waits for create and delete calls under way, seconds.
*/
const farewellSeconds = 10;
const catalogueSeconds = 3600;
/**
A list of servers that is older, or older than that many intervals, does not say how many there are at the end.
*/
const oldListSeconds = 60;
const oldListIntervals = 3;
/**
Timers fire a little early.
*/
const timerSlackSeconds = 0.1;
/**
How soon after a poll the next one may be asked for by a person, seconds.
*/
const hurrySeconds = 2;

export type Engine = {
	/**
	Runs until stopped. Rejects only when something is broken beyond repair.
	*/
	readonly run: () => Promise<void>;
	/**
	Stops looking and creating at once, lets calls under way finish for up to 10 s; set-ups go on by themselves on their servers.
	*/
	readonly stop: () => Promise<void>;
	readonly state: () => EngineState;
	readonly subscribe: (listener: () => void) => () => void;
	readonly readNow: () => void;
	/**
	For the controller only.
	*/
	readonly live: Live;
	/**
	Plans again on the newest reads.
	*/
	readonly replan: () => void;
};

/**
An engine for one repository: looks, plans, acts, publishes. `earlier`: what engines before it left in writing.
*/
export function createEngine(ports: Ports, policy: Policy, about: {readonly version: string; readonly clockSpeed: number; readonly earlier?: Earlier}): Engine {
	const {clock} = ports;
	const stop = new AbortController();
	const {earlier: written, ...known} = about;
	const identity: Identity = {...known, startedAt: clock.now()};
	const underWay = new Set<Promise<unknown>>();
	const alarm = createAlarm(clock);
	let isReplanning = false;
	const told = new Set<string>();

	const {state, subscribe, changed, publish} = createPublishing(clock, () => stateOf(live, identity));
	const live = createLive(ports, policy, stop.signal, {changed, replan}, written);
	const readiness = createReadiness(live);

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

	function stance(isScaleUpDue: boolean, isScaleDownDue: boolean): Stance {
		const now = clock.now();
		const github = blockedUntil(ports.github.budget(), now);
		const hetzner = blockedUntil(ports.hetzner.budget(), now);
		const blocked = github === undefined
			? (hetzner === undefined ? undefined : {api: 'Hetzner', retryAt: hetzner} as const)
			: {api: 'GitHub', retryAt: github} as const;
		return {
			mode: live.mode, isScaleUpDue, isScaleDownDue, ownFault: live.ownFault?.reason, blocked,
			spending: hasCostLimit(policy)
				? spendingOf({
					ledger: live.ledger, servers: live.reads.servers.items, creations: [...live.creations.values()], catalogue: live.catalogue,
				}, now)
				: undefined,
		};
	}

	function decide(isScaleUpDue: boolean, isScaleDownDue: boolean): void {
		try {
			const made = plan(snapshotOf(live), live.memory, live.policy, stance(isScaleUpDue, isScaleDownDue), clock.now());
			recordHeavyFailures(live, live.memory, made.memory);
			live.memory = made.memory;
			live.latest = made;
			ports.store.save(savedState(live.mode, live.memory));
			tellDryRun(live, told);
			for (const action of made.actions) {
				start(act(action));
			}
		} catch (error) {
			// A fault of ours in planning must not end the watch over servers that cost money: the next look plans anew.
			live.note({code: 'planFailed', reason: error instanceof Error ? error.stack ?? error.message : String(error)});
		}

		live.changed();
	}

	async function act(action: Action): Promise<unknown> {
		switch (action.type) {
			case 'createServer': {
				return createServer(live, action);
			}

			case 'deleteServer': {
				return deleteDoomed(live, action.server, action.reason);
			}

			case 'removeRunner': {
				return removeLeftover(live, action.runner, action.reason);
			}
		}
	}

	function start(deed: Promise<unknown>): void {
		underWay.add(deed);
		void deed.finally(() => {
			underWay.delete(deed);
		});
	}

	async function refreshCatalogue(): Promise<void> {
		try {
			live.catalogue = await ports.hetzner.readCatalogue();
		} catch (error) {
			live.note({code: 'readFailed', what: 'Hetzner\'s catalogue', reason: error instanceof Error ? error.message : String(error)});
		}
	}

	async function look(isScaleUpDue: boolean, isScaleDownDue: boolean): Promise<void> {
		const before = live.reads.servers.items;
		const ready = readiness.isDue() ? readiness.check() : undefined;
		await Promise.all([observe(live), ready]);
		if (stop.signal.aborted) {
			return;
		}

		attend(live, before);
		decide(isScaleUpDue, isScaleDownDue);
	}

	async function run(): Promise<void> {
		live.note({code: 'started', repository: `${policy.repository.owner}/${policy.repository.name}`, version: about.version});
		const {runnerLimit} = live.memory;
		if (runnerLimit !== undefined) {
			live.note({code: 'notice', text: `the maximum number of servers is ${runnerLimit.limit ?? 'unlimited'}, as an operator left it; the settings say ${runnerLimit.configured ?? 'unlimited'}`});
		}

		await refreshCatalogue();
		let catalogueAt = clock.now();
		let nextUp = clock.now();
		let nextDown = clock.now();
		let shownPace = 0;
		live.phase = 'running';
		while (!stop.signal.aborted) {
			const now = clock.now();
			const isUp = secondsBetween(now, nextUp) < timerSlackSeconds;
			const isDown = secondsBetween(now, nextDown) < timerSlackSeconds;
			await look(isUp, isDown);
			shownPace = setPace(now, shownPace);
			nextUp = isUp ? later(now, policy.scaleUpIntervalSeconds) : nextUp;
			nextDown = isDown ? later(now, policy.scaleDownIntervalSeconds) : nextDown;
			const wantsCatalogue = ageSeconds(catalogueAt, clock.now()) > (live.catalogue === undefined ? 60 : catalogueSeconds);
			if (wantsCatalogue && !stop.signal.aborted) {
				await refreshCatalogue();
				catalogueAt = clock.now();
			}

			live.nextReadAt = earlier(nextUp, nextDown);
			live.changed();
			const hasHurry = await alarm.sleepUntil(live.nextReadAt, stop.signal);
			if (hasHurry) {
				nextUp = clock.now();
				nextDown = clock.now();
			}
		}

		await bow();
	}

	// Each API is asked at its own pace: a short budget of one is no reason to be blind on the other. Answers the pace that was said last.
	function setPace(now: Instant, said: number): number {
		const usual = usualPace(policy);
		const github = pollSeconds(usual, {budget: ports.github.budget(), cost: warmCost(live.pollCosts), refills: false}, now);
		const hetzner = pollSeconds(usual, {budget: ports.hetzner.budget(), cost: 1, refills: true}, now);
		const nextAt = (last: Instant, pace: number) => later(last, (pace > usual ? pace : Math.min(usual, hurrySeconds)) - timerSlackSeconds);
		live.nextGithubAt = nextAt(live.githubPolledAt, github);
		live.nextServersAt = nextAt(live.serversPolledAt, hetzner);
		return tellPace(live, said, Math.max(github, hetzner));
	}

	async function bow(): Promise<void> {
		live.phase = 'stopping';
		publish();
		const leave = new AbortController();
		await Promise.race([Promise.allSettled(underWay), clock.sleep(farewellSeconds, leave.signal).catch(() => undefined)]);
		leave.abort();
		live.phase = 'stopped';
		live.note({code: 'stopped', ...serversLeft(live)});
		publish();
	}

	let running: Promise<void> | undefined;
	return {
		live,
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
			alarm.ring();
		},
	};
}

// How many servers the engine leaves behind, or that nobody knows.
function serversLeft({reads: {servers}, policy, ports}: Live): {readonly serversLeft: number | undefined; readonly lastKnown?: number} {
	const count = servers.items.filter(server => server.status !== 'deleting').length;
	const oldSeconds = Math.max(oldListSeconds, oldListIntervals * policy.scaleDownIntervalSeconds);
	return servers.state === 'whole' && ageSeconds(servers.at, ports.clock.now()) <= oldSeconds
		? {serversLeft: count}
		: {serversLeft: undefined, ...servers.at !== undefined && {lastKnown: count}};
}
