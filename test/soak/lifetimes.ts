import type {Policy} from '../../source/model/policy.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import type {World} from '../../source/simulator/world.ts';
import type {ByHand} from './operations.ts';
import {mayStay} from './exempt.ts';
import type {Watch} from './promises.ts';

/**
What a server is good for by the world's actual state, and how long it may stay so.
*/
type Purpose = {readonly kind: string; readonly limitSeconds: number};

type Life = {kind: string; limitSeconds: number; sinceSecond: number; outageBefore: number; isTold: boolean};

/**
What two reads, a look before the act and Hetzner's own deletion take.
*/
const readsSeconds = 45;

/**
What was refused once may be asked again that late.
*/
const askedAgainSeconds = 3600;

export type Lifetimes = {
	readonly look: (second: number, outageSeconds: number) => void;
	/**
	A new engine's memory is empty, which may lengthen a limit: all of them begin anew.
	*/
	readonly restart: () => void;
};

/**
Checks that no server outlives its use: promise 3. `outageSeconds`: for how long in all the engine has been hindered until now. `evidenceSeconds`: what it may take to find out more than lists tell.
*/
export function lifetimes(world: World, policy: Policy, watch: Watch, byHand: ByHand, evidenceSeconds = 0): Lifetimes {
	const known = new Map<number, Life>();
	const slackSeconds = (2 * policy.scaleDownIntervalSeconds) + readsSeconds + evidenceSeconds;

	function look(second: number, outageSeconds: number): void {
		for (const server of world.hetzner.servers.values()) {
			if (server.isForeign) {
				continue;
			}

			const purpose = purposeOf(server, policy);
			const before = known.get(server.id);
			const life = before?.kind === purpose.kind
				? before
				: {
					kind: purpose.kind, limitSeconds: purpose.limitSeconds, sinceSecond: second, outageBefore: outageSeconds, isTold: false,
				};
			life.limitSeconds = Math.max(life.limitSeconds, purpose.limitSeconds);
			known.set(server.id, life);
			if (mayStay(server) || (byHand.keptUntil.get(server.id) ?? 0) > world.schedule.now()) {
				life.sinceSecond = second;
				life.limitSeconds = mayStay(server) ? purpose.limitSeconds + askedAgainSeconds : life.limitSeconds;
			}

			const overdue = second - life.sinceSecond - (outageSeconds - life.outageBefore) - life.limitSeconds - slackSeconds;
			if (overdue > 0 && !life.isTold) {
				life.isTold = true;
				watch.check('nothingLeft', `${server.name} has been "${purpose.kind}" for ${Math.round(second - life.sinceSecond)} s, ${Math.round(overdue)} s too long`);
			} else {
				watch.count('nothingLeft', 1);
			}
		}

		for (const id of known.keys()) {
			if (!world.hetzner.servers.has(id)) {
				known.delete(id);
			}
		}
	}

	return {
		look,
		restart() {
			known.clear();
		},
	};
}

function purposeOf(server: SimulatedServer, policy: Policy): Purpose {
	const {host} = server;
	const job = host.runner?.job;
	if (server.status === 'deleting') {
		return {kind: 'deleting', limitSeconds: 240};
	}

	if (job !== undefined && host.power === 'on') {
		return {kind: 'busy', limitSeconds: Infinity};
	}

	if ((server.status === 'off' && host.life > 0) || (host.power === 'off' && host.life > 0)) {
		// GitHub keeps a lost job for ten minutes, and its runner with it; a refusal counts for five.
		return {kind: 'off', limitSeconds: policy.maxPoweredOffSeconds + (job === undefined ? 0 : 300)};
	}

	if (host.setUpAt === undefined) {
		return {kind: 'booting', limitSeconds: policy.maxServerReadySeconds};
	}

	// A host whose key has changed is not listened to any more: nobody learns that its scripts have failed.
	if (host.exitCode === undefined || (host.exitCode !== 0 && host.outcome === 'hostKeyChanges')) {
		return {kind: 'being set up', limitSeconds: policy.maxSetupSeconds + 30};
	}

	if (host.exitCode !== 0) {
		return {kind: 'set-up failed', limitSeconds: policy.maxRunnerRegistrationSeconds};
	}

	const isIdle = host.runner?.isOnline === true && !host.hasRunJob;
	return isIdle
		? {kind: 'idle', limitSeconds: policy.maxIdleRunnerSeconds + 60}
		: {kind: 'without a runner', limitSeconds: policy.maxRunnerRegistrationSeconds + 40};
}
