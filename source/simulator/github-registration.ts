import {later, type Instant} from '../model/time.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import {runnersDisabled} from './request-pipeline.ts';
import {isOlder, type Registration, type SimulatedRunner} from './github-runners.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

type Parts = {
	readonly seed: number;
	readonly parameters: WorldParameters;
	readonly schedule: Schedule;
	readonly faults: Faults;
	readonly runners: Map<number, SimulatedRunner>;
};

/**
Registration tokens, and the runners that come to be with them.
*/
export function createRegistration({seed, parameters, schedule, faults, runners}: Parts) {
	const tokens = new Map<string, Instant>();
	let runnerCount = 0;

	function addRunner(runner: Pick<SimulatedRunner, 'name' | 'labels' | 'architecture'> & Partial<SimulatedRunner>): SimulatedRunner {
		const id = 2000 + ++runnerCount;
		const record: SimulatedRunner = {
			id,
			isEphemeral: true,
			isJit: false,
			isForeign: false,
			createdAt: schedule.now(),
			busyLagSeconds: rngFor(seed, 'runner', runner.name).between(parameters.busyLagSeconds),
			version: undefined,
			isOnline: false,
			isOverlooked: false,
			group: 'Default',
			losesAssignment: false,
			isRemoved: false,
			job: undefined,
			jobEndedAt: undefined,
			onEnd: undefined,
			...runner,
		};
		runners.set(id, record);
		return record;
	}

	return {
		/**
		Registration tokens that were ever handed out.
		*/
		tokens: (): readonly string[] => [...tokens.keys()],
		addRunner,
		/**
		A registration token, good for an hour or what the parameter says.
		*/
		registrationToken(): {readonly token: string; readonly expiresAt: Instant} {
			const token = `A${rngFor(seed, 'registration', tokens.size).text(28, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
			const expiresAt = later(schedule.now(), parameters.registrationTokenSeconds);
			tokens.set(token, expiresAt);
			return {token, expiresAt};
		},
		/**
		What config.sh does: the new runner's record, or what config.sh prints when it fails. Replaces an idle record of the same name, as --replace does.
		*/
		register(registration: Registration): SimulatedRunner | string {
			const revoked = faults.trigger('tokensRevoked', () => true);
			if (revoked !== undefined) {
				for (const token of tokens.keys()) {
					tokens.set(token, schedule.now());
				}
			}

			const expiresAt = tokens.get(registration.token);
			if (expiresAt === undefined || expiresAt <= schedule.now()) {
				return revoked?.words ?? 'Http response code: NotFound from \'POST https://api.github.com/actions/runner-registration\'';
			}

			const disabled = faults.trigger('runnersDisabled', () => true);
			const refusal = disabled ?? faults.trigger('registrationFails', () => true);
			if (refusal !== undefined) {
				return `Http response code: Forbidden from 'POST https://api.github.com/actions/runner-registration' ${refusal.message ?? (disabled === undefined ? 'Resource not accessible.' : runnersDisabled)}`;
			}

			if (isOlder(registration.version, parameters.runnerVersionFloor)) {
				return `Runner version v${registration.version} is deprecated and cannot register.`;
			}

			const namesake = runners.values().find(runner => runner.name === registration.name);
			if (namesake?.job !== undefined) {
				return `A runner exists with the same name ${registration.name}.`;
			}

			if (namesake !== undefined) {
				runners.delete(namesake.id);
			}

			return addRunner(registration);
		},
	};
}
