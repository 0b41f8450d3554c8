import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import type {JobSpec, RunSpec} from '../../../source/simulator/github-jobs.ts';
import {trouble, type Addition} from './addition.ts';

/**
A run of which one job is held by an approval or its concurrency group, for some minutes or for good, while others are to run.
*/
export function addGates(dice: Rng): Addition {
	const besides = (run: number) => Array.from({length: 1 + dice.below(3)}, (_, index): JobSpec => ({name: `beside a gate ${run}.${index}`, durationSeconds: dice.between([20, 400])}));
	const group = {concurrencyGroup: 'production', durationSeconds: dice.between([60, 300])};
	return {
		runs: [
			{
				workflow: 'approval', afterSeconds: dice.between([0, 300]), jobs: [
					...besides(0), {name: 'approved', held: {as: 'waiting', seconds: dice.between([60, 600])}, isCounted: true},
				],
			},
			{workflow: 'nobody approves', afterSeconds: dice.between([0, 300]), jobs: [...besides(1), {name: 'never approved', held: {as: dice.pick(['waiting', 'pending', 'requested'])}, isCounted: false}]},
			...[0, 1].map((number): RunSpec => ({
				workflow: `deploy ${number}`, afterSeconds: (number * 60) + dice.between([0, 200]), jobs: [...(number === 0 ? [] : besides(2)), {name: `deploy ${number}`, ...group}],
			})),
		],
	};
}

/**
Runners cannot register for a while, or a token lapses while its set-up lasts.
*/
export function addRegistration(dice: Rng): Addition {
	const policies: ReadonlyArray<readonly [string, Fault]> = [
		['runners disabled by policy', {kind: 'runnersDisabled'}],
		['no token by policy', {
			kind: 'answer', api: 'github', operation: 'registrationToken', status: 403, message: 'Resource not accessible by personal access token',
		}],
	];
	if (dice.below(4) === 0) {
		const [name, fault] = dice.pick(policies);
		return {isHopeless: true, lasting: [{name, fault}]};
	}

	const refused = dice.pick<readonly [string, Fault]>([
		...policies,
		['no x64 runner program', {kind: 'noDownload', architecture: 'x64'}],
		['no arm64 runner program', {kind: 'noDownload', architecture: 'arm64'}],
		['registration refused', {kind: 'registrationFails'}],
	]);
	const runs: readonly RunSpec[] = [{
		workflow: 'registration', afterSeconds: dice.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `registers late ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : ['server-cax11'])], durationSeconds: dice.between([20, 300])})),
	}];
	const late = trouble(dice, ...refused, dice.pick([300, 3600]));
	const parameters = dice.below(3) === 0 ? {registrationTokenSeconds: 1000, setupSeconds: [250, 500]} as const : {};
	const revoked = trouble(dice, 'tokens revoked', {kind: 'tokensRevoked', ...dice.pick([{}, {words: 'Object reference not set to an instance of an object.'}])});
	return {runs, parameters, troubles: dice.below(2) === 0 ? [late, {...revoked, span: {...revoked.span, times: 1}}] : [late]};
}

/**
Jobs that GitHub gives to no runner of ours: of another group, for good; or none at all, for a while.
*/
export function addUnassigned(dice: Rng): Addition {
	const label = dice.pick(['x64', 'server-cax11']);
	return {
		runs: [
			{
				workflow: 'another group', afterSeconds: dice.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name: 'for another group', group: 'gpu', isCounted: false}],
			},
			{workflow: 'passed over', afterSeconds: dice.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `passed over ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : [label])], durationSeconds: dice.between([20, 300])}))},
		],
		troubles: [trouble(dice, 'jobs given to no runner', {kind: 'unassigned', ...(dice.below(2) === 0 && {label})}, dice.pick([600, 3600]))],
	};
}
