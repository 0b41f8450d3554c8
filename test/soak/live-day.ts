import {describeJobVerdict} from '../../source/model/describe-verdict.ts';
import type {JobId} from '../../source/model/job.ts';
import {plainLanguage} from '../../source/model/wishes.ts';
import type {Policy} from '../../source/model/policy.ts';
import type {Mode} from '../../source/scaler/controller.ts';
import {instant, secondsBetween, type Instant} from '../../source/model/time.ts';
import type {AnswerApi} from '../../source/simulator/http/message.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {virtualClock} from '../../source/simulator/virtual-clock.ts';
import {isLabelledFor} from '../../source/simulator/hetzner-hosts.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {budgetWatch} from './budgets.ts';
import {runOperation, excuse, type ByHand} from './operations.ts';
import {costWatch} from './cost.ts';
import {engineHouse, isOfUnknownName, type RunningEngine} from './engines.ts';
import {mayStay} from './exempt.ts';
import {goneWatch} from './gone.ts';
import {lifetimes} from './lifetimes.ts';
import type {DayPlan, TimedOperation} from './plan-day.ts';
import {createWatch, type Broken, type PromiseName} from './promises.ts';
import {secretsWatch} from './secrets.ts';
import {liveBy} from './virtual-time.ts';
import {waitsWatch} from './waits.ts';
import {wasteWatch} from './waste.ts';

export type DayResult = {
	readonly broken: readonly Broken[];
	readonly counts: ReadonlyMap<PromiseName, number>;
	readonly faults: ReadonlyMap<string, number>;
	readonly operations: ReadonlyMap<string, number>;
	readonly jobsRun: number;
	readonly serversCreated: number;
	readonly seconds: number;
	/**
	Who did what when, one line each.
	*/
	readonly log: readonly string[];
};

const start = instant(Date.UTC(2026, 10, 24, 9));
const longestSeconds = 6 * 3600;
const neighbourRepository = {owner: 'acme', name: 'gadgets'};
const neighbourNumber = 101;

/**
Troubles go on in retries and pauses for so long after their end.
*/
const echoSeconds = 75;

export const usualPolicy: Policy = {
	repository: {owner: 'acme', name: 'widgets'}, withLabels: ['self-hosted'], serverTypes: ['cx23'], locations: [], image: 'ubuntu-24.04', language: plainLanguage, maxPriceMicros: undefined, scriptNames: [], ignoresVolumes: false, labelLimits: [], maxRunnersInRun: undefined, maxCostMicros: {hour: undefined, day: undefined, month: undefined}, priorities: new Map(), engineSet: 'set', githubUrl: 'https://github.com', runnerGroup: 'Default',
	maxRunners: undefined, maxPoweredOffSeconds: 20, maxIdleRunnerSeconds: 120, maxRunnerRegistrationSeconds: 60, maxServerReadySeconds: 180, maxSetupSeconds: 600,
	scaleUpIntervalSeconds: 10, scaleDownIntervalSeconds: 10, wakeIntervalSeconds: 0, workers: 10, isDryRun: false, isReadOnly: false,
};

/**
Runs that day to its end, or to the first broken promise, and checks every promise at every step.
*/
export async function liveDay(plan: DayPlan): Promise<DayResult> {
	const clock = virtualClock(start);
	const world = createWorld({seed: plan.seed, clock, parameters: plan.parameters});
	quietScenario(world);
	world.hetzner.addKey('simulated-key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl simulated');
	const second = () => (clock.now() - start) / 1000;
	const watch = createWatch(second);
	const log: string[] = [];
	const tell = (who: string, text: string) => {
		log.push(`${second().toFixed(1).padStart(8)} ${who}: ${text}`);
	};

	const policy = {...usualPolicy, ...plan.policy};
	const most = (of: 'maxIdleRunnerSeconds' | 'scaleUpIntervalSeconds' | 'scaleDownIntervalSeconds') => Math.max(policy[of], ...plan.settings.map(setting => setting.policy[of] ?? 0));
	const longestInterval = most('scaleUpIntervalSeconds');
	const mostPatient = {...policy, maxIdleRunnerSeconds: most('maxIdleRunnerSeconds'), scaleDownIntervalSeconds: most('scaleDownIntervalSeconds')};
	const byHand: ByHand = {
		excused: new Set(), touched: new Set(), keptUntil: new Map(), typed: new Set(),
	};
	const isCrowd = plan.engines > 1 || plan.neighbour !== undefined;
	const apis = new Map<string, AnswerApi>();
	const harnessFor = (of: World, repository: Policy['repository'], firstNumber: number) => engineHouse(of, {...policy, repository}, {
		isWired: plan.isWired,
		firstNumber,
		apis,
		watch: budgetWatch(of, watch),
		tell(engine, _at: Instant, text) {
			tell(isCrowd ? `engine ${engine}` : 'engine', text);
		},
	});
	const harness = harnessFor(world, policy.repository, 1);
	const other = plan.neighbour === undefined
		? undefined
		: createWorld({
			seed: plan.seed + 500, clock, parameters: plan.parameters, neighbour: world, repository: neighbourRepository,
		});
	const worlds = other === undefined ? [world] : [world, other];
	const otherHarness = other === undefined ? undefined : harnessFor(other, other.repository, neighbourNumber);
	const allJobs = () => worlds.flatMap(one => one.github.jobs());
	const running: RunningEngine[] = [];
	let wished: Mode = 'scaling';
	let isHeld = 0; // Modes and deaths that hinder the engines.
	let pending = 0;
	const operationCounts = new Map<string, number>();

	async function perform({afterSeconds, engine, operation}: TimedOperation): Promise<void> {
		pending++;
		await clock.sleep(afterSeconds);
		operationCounts.set(operation.operation, (operationCounts.get(operation.operation) ?? 0) + 1);
		const index = engine % running.length;
		const target = running[index];
		if (target === undefined) {
			return;
		}

		switch (operation.operation) {
			case 'restart': {
				if (target.isAlive()) {
					tell('operator', `kill -9 of engine ${target.number}`);
					isHeld++;
					target.kill();
					await clock.sleep(operation.downSeconds);
					running[index] = (target.world === world ? harness : otherHarness ?? harness).start(operation.skewSeconds, plan.settings[index]);
					for (const [id, until] of byHand.keptUntil) {
						byHand.keptUntil.set(id, until + (Math.max(0, -operation.skewSeconds) * 1000)); // What was ordered outlives a restart, by a clock that may be behind.
					}

					await running[index].controller.setMode(wished, {name: 'ann'}); // A mode outlives a restart: what was ordered while no engine ran is ordered again.
					tell('operator', `engine ${running[index].number} starts${operation.skewSeconds === 0 ? '' : `, its clock ${operation.skewSeconds} s ahead`}`);
					isHeld--;
					checks.lifetimes.restart();
				}

				break;
			}

			case 'mode': {
				tell('operator', `${operation.mode} for ${Math.round(operation.forSeconds)} s`);
				isHeld++;
				wished = operation.mode;
				await Promise.all(running.map(async one => one.isAlive() && one.controller.setMode(operation.mode, {name: 'ann'})));
				await clock.sleep(operation.forSeconds);
				wished = 'scaling';
				await Promise.all(running.map(async one => one.isAlive() && one.controller.setMode(wished, {name: 'ann'})));
				tell('operator', 'scaling again');
				isHeld--;
				break;
			}

			case 'cancel':
			case 'delete':
			case 'deleteTyped':
			case 'keep':
			case 'powerOff':
			case 'rename':
			case 'stripLabels':
			case 'vanish': {
				tell('people', runOperation(world, target, operation, byHand));
			}
		}

		pending--;
	}

	for (const run of plan.runs) {
		world.addRun(run);
	}

	for (const run of plan.neighbour ?? []) {
		other?.addRun(run);
	}

	for (const {name, fault, span} of plan.troubles) {
		world.faults.inject(fault, span);
		void tellTrouble(name, span);
	}

	for (const {name, fault} of plan.lasting ?? []) {
		world.faults.inject(fault, {name});
	}

	async function tellTrouble(name: string, span: {readonly afterSeconds: number; readonly forSeconds: number}): Promise<void> {
		await clock.sleep(span.afterSeconds);
		tell('world', `${name} begins`);
		await clock.sleep(span.forSeconds);
		tell('world', `${name} ends`);
	}

	const undo = liveBy(clock, fetchFrom(apis));
	const lastTrouble = Math.max(0, ...plan.troubles.map(({span}) => span.afterSeconds + span.forSeconds));
	const isCostKnown = plan.engines === 1 && plan.operations.every(({operation}) => operation.operation !== 'restart');
	const checks = {
		cost: isCostKnown ? costWatch(world, policy, watch) : undefined,
		lifetimes: lifetimes(world, mostPatient, watch, byHand, evidenceSeconds(plan)), gone: goneWatch(world, policy, watch, byHand), waste: wasteWatch(world, watch, byHand), waits: isSimple(plan) ? waitsWatch(world, watch, byHand, {workers: policy.workers, slackSeconds: evidenceSeconds(plan) + pauseSeconds(plan), maxSetupSeconds: policy.maxSetupSeconds}) : undefined, secrets: secretsWatch(world, harness, running, watch), otherSecrets: other === undefined || otherHarness === undefined ? undefined : secretsWatch(other, otherHarness, [], watch),
	};
	const inTrouble = (at: number) => plan.troubles.some(({span}) => at >= span.afterSeconds && at < span.afterSeconds + span.forSeconds + echoSeconds);
	let lastSecond = 0;
	let outageSeconds = 0;
	let wasHeldUntil = 0;
	let violationsSeen = 0;

	function look(): boolean {
		world.now();
		const now = second();
		takeViolations();
		if (watch.broken.length > 0) {
			return true;
		}

		if (now - lastSecond < 1) {
			return false;
		}

		wasHeldUntil = isHeld > 0 || isWaiting(running, clock.now()) ? now + echoSeconds : wasHeldUntil;
		outageSeconds += inTrouble(now) || now < wasHeldUntil ? now - lastSecond : 0;
		lastSecond = now;
		checks.lifetimes.look(now, outageSeconds);
		checks.gone(now);
		checks.waste();
		checks.waits?.(now, outageSeconds);
		checks.secrets(now);
		checks.otherSecrets?.(now);
		checkVerdicts();
		checkLimit(now);
		checks.cost?.();
		return watch.broken.length > 0 || isQuiet(now);
	}

	function takeViolations(): void {
		for (; violationsSeen < world.violations.list.length; violationsSeen++) {
			const violation = world.violations.list[violationsSeen];
			const job = allJobs().find(({id}) => id === violation?.jobId);
			if (violation !== undefined && job !== undefined && byHand.typed.has(violation.name)) {
				excuse(byHand, job);
			}

			if (violation !== undefined && (job === undefined || !byHand.excused.has(job))) {
				watch.check(violation.code === 'jobKilled' ? 'neverKilled' : 'onlyOurs', violation.trace);
			}
		}
	}

	// Lists that come back short or old hide a job for a while, which no engine can know.
	const canHide = plan.hidesJobs === true || plan.troubles.some(({name}) => /stale|^jobs of|^runs |Rows|Fields|Types/v.test(name));
	const known = new Map<RunningEngine, Set<number>>();

	function checkKnown(one: RunningEngine): void {
		const listed = new Set<number>([...one.engine.internals.reads.jobs.items, ...one.engine.internals.unreadJobs].map(({id}) => id));
		const before = known.get(one) ?? new Set();
		known.set(one, listed);
		const vanished = canHide ? undefined : one.world.github.jobs().find(job => job.actualState === 'queued' && before.has(job.id) && !listed.has(job.id));
		watch.check('runsOrSaysWhy', vanished === undefined ? undefined : `${vanished.name} waits, and the engine no longer shows it`);
	}

	function checkVerdicts(): void {
		for (const one of running) {
			const {engine, isAlive} = one;
			if (isAlive()) {
				checkKnown(one);
			}

			const {latest, reads} = engine.internals;
			if (!isAlive() || latest === undefined || reads.jobs.state === 'failed') {
				continue;
			}

			for (const {id, name} of reads.jobs.items) {
				const verdict = latest.jobVerdicts.get(id);
				watch.check('runsOrSaysWhy', verdict === undefined || describeJobVerdict(verdict, clock.now()) === '' ? `${name} has no verdict` : undefined);
			}
		}
	}

	const isAlone = (one: World) => (plan.engines === 1 || one !== world) && plan.operations.every(({operation}) => operation.operation !== 'restart');
	const seenServers = new Set<number>();
	const isBlind = plan.troubles.some(({name}) => name === 'stale servers' || name.startsWith('Hetzner'));

	// What rivals decided within one interval does not count.
	function checkLimit(now: number): void {
		const {maxRunners} = policy;
		if (maxRunners === undefined || (!isAlone(world) && isBlind)) {
			return;
		}

		for (const one of worlds) {
			const servers = world.hetzner.servers.values().filter(server => isLabelledFor(server.labels, one.repository)).toArray();
			if (isAlone(one)) {
				watch.check('withinLimit', servers.length > maxRunners ? `${servers.length} servers at second ${Math.round(now)}, ${maxRunners} are allowed` : undefined);
			}

			// Each of several engines could see what is older than an interval and a look: beyond the limit it makes none on top of that.
			for (const server of servers) {
				if (seenServers.has(server.id)) {
					continue;
				}

				const older = servers.filter(({createdAt}) => secondsBetween(createdAt, server.createdAt) > longestInterval + 15);
				watch.check('withinLimit', older.length >= maxRunners ? `${server.name} was made while ${older.length} servers were there for long, and ${maxRunners} are allowed` : undefined);
				seenServers.add(server.id);
			}
		}
	}

	// A job says why it does not run: what is wrong on our own side lasts, or too many servers made for it have failed. An hour after the last trouble, no sooner.
	// One that needs it does not even begin to wait.
	function isHeldForGood(job: SimulatedJob, now: number): boolean {
		const isToldSo = now > lastTrouble + 3600 && running.some(one => {
			const code = one.isAlive() ? one.engine.internals.latest?.jobVerdicts.get(job.id as JobId)?.code : undefined;
			return code === 'ownFault' || code === 'gaveUp';
		});
		return isToldSo || job.run.jobs.some(needed => job.needs.includes(needed.name) && isHeldForGood(needed, now));
	}

	function isQuiet(now: number): boolean {
		return pending === 0 && now > lastTrouble
			&& allJobs().every(job => !job.isCounted || job.actualState === 'completed' || byHand.excused.has(job) || isHeldForGood(job, now))
			&& world.hetzner.servers.values().every(server => mayStay(server))
			&& leftRunners().length === 0;
	}

	// A server that lost its labels is nobody's, and so is its runner.
	function leftRunners(): readonly string[] {
		const others = new Set(world.hetzner.servers.values().map(({host}) => host.runner));
		return worlds.flatMap(one => [...one.github.runners.values()]).filter(runner => !runner.isForeign && !others.has(runner) && !isOfUnknownName(runner.name)).map(({name}) => name);
	}

	try {
		for (let number = 0; number < plan.engines; number++) {
			running.push(harness.start(0, plan.settings[number]));
		}

		if (otherHarness !== undefined) {
			running.push(otherHarness.start(0));
		}

		for (const operation of plan.operations) {
			void perform(operation);
		}

		const isOver = await clock.passUntil(look, longestSeconds);
		closeBooks(isOver);
	} catch (error) {
		watch.check('othersGoOn', `the engine broke: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
	} finally {
		for (const one of running) {
			one.kill();
		}

		undo();
	}

	function closeBooks(isOver: boolean): void {
		watch.count('neverKilled', world.violations.checks.get('jobKilled') ?? 0);
		watch.count('onlyOurs', world.violations.checks.get('foreignTouched') ?? 0);
		if (watch.broken.length > 0) {
			return;
		}

		const waiting = allJobs().filter(job => job.isCounted && job.actualState !== 'completed' && !byHand.excused.has(job) && !isHeldForGood(job, second())).map(({name}) => name);
		watch.check('runsOrSaysWhy', waiting.length > 0 ? `not done after ${longestSeconds} s: ${waiting.join(', ')}` : undefined);
		const left = world.hetzner.servers.values().filter(server => !mayStay(server)).map(({name}) => name).toArray();
		watch.check('nothingLeft', isOver ? undefined : `left: ${[...left, ...leftRunners().map(name => `runner ${name}`)].join(', ')}`);
		for (const job of allJobs()) {
			if (job.isCounted && !byHand.excused.has(job) && job.actualState === 'completed') {
				watch.check('othersGoOn', job.conclusion === 'success' ? undefined : `${job.name} ended as ${job.conclusion}`);
			}
		}

		const fault = log.find(line => /ENGINE DIED|planning failed/v.test(line));
		watch.check('othersGoOn', fault);
	}

	function badServers(): ReadonlyMap<string, number> {
		const counts = new Map<string, number>();
		for (const {isForeign, host} of [...world.hetzner.servers.values(), ...world.hetzner.gone]) {
			if (!isForeign && host.outcome !== 'ok') {
				const name = `server: ${host.outcome}`;
				counts.set(name, (counts.get(name) ?? 0) + 1);
			}
		}

		return counts;
	}

	const jobs = allJobs();
	return {
		broken: watch.broken,
		counts: watch.counts,
		faults: new Map([...world.faults.triggerCounts(), ...badServers(), ...Object.keys(plan.parameters).map(name => [`parameter: ${name}`, 1] as const)]),
		operations: operationCounts,
		jobsRun: jobs.filter(job => job.conclusion === 'success').length,
		serversCreated: world.hetzner.createdCount(),
		seconds: second(),
		log,
	};
}

// Where lists never come whole, direct evidence has to be found, which takes minutes.
function evidenceSeconds(plan: DayPlan): number {
	return plan.isNeverWhole === true ? 600 : 0;
}

// While nothing that is made comes to anything, the pauses between tries double, up to an hour: after such a trouble one may last as long again as the trouble did.
function pauseSeconds(plan: DayPlan): number {
	const lasted = plan.troubles.filter(({fault}) => fault.kind === 'unassigned' || fault.kind === 'registrationFails').map(({span}) => span.forSeconds);
	return Math.min(3600, Math.max(0, ...lasted));
}

// Whether nothing but its troubles makes a job wait: a limit on servers does, whether ours (--max-runners) or the account's.
function isSimple(plan: DayPlan): boolean {
	return plan.isStrict === true && plan.engines === 1 && plan.policy.maxRunners === undefined && plan.policy.maxCostMicros === undefined && plan.parameters.primaryIpLimit === undefined && plan.operations.length === 0;
}

// Whether a limit or a short budget makes an engine look more rarely than it is set to.
function isWaiting(running: readonly RunningEngine[], now: Instant): boolean {
	return running.some(({engine}) => {
		const {github, cloud} = engine.internals.ports;
		return Math.max(engine.internals.nextGithubAt, engine.internals.nextServersAt) - engine.internals.ports.clock.now() > 11_000
			|| [github.budget(), cloud.budget()].some(budget => budget?.blockedUntil !== undefined && budget.blockedUntil > now);
	});
}
