import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import type {JobSpec, RunSpec} from '../../../source/simulator/github-jobs.ts';
import type {DayPlan, Trouble} from '../plan-day.ts';
import {trouble, type Addition} from './addition.ts';

/**
A run of which one job is held by an approval or its concurrency group, for some minutes or for good, while others are to run.
*/
export function addGates(rng: Rng): Addition {
	const besides = (run: number) => Array.from({length: 1 + rng.below(3)}, (_, index): JobSpec => ({name: `beside a gate ${run}.${index}`, durationSeconds: rng.between([20, 400])}));
	const group = {concurrencyGroup: 'production', durationSeconds: rng.between([60, 300])};
	return {
		runs: [
			{
				workflow: 'approval', afterSeconds: rng.between([0, 300]), jobs: [
					...besides(0), {name: 'approved', held: {as: 'waiting', seconds: rng.between([60, 600])}, isCounted: true},
				],
			},
			{workflow: 'nobody approves', afterSeconds: rng.between([0, 300]), jobs: [...besides(1), {name: 'never approved', held: {as: rng.pick(['waiting', 'pending', 'requested'])}, isCounted: false}]},
			...[0, 1].map((number): RunSpec => ({
				workflow: `deploy ${number}`, afterSeconds: (number * 60) + rng.between([0, 200]), jobs: [...(number === 0 ? [] : besides(2)), {name: `deploy ${number}`, ...group}],
			})),
		],
	};
}

/**
Runners cannot register for a while, or a token lapses while its set-up lasts.
*/
export function addRegistration(rng: Rng, {policy}: Pick<DayPlan, 'policy'>): Addition {
	const byJit = policy.registration === 'jit';
	const operation = byJit ? 'jitConfig' : 'registrationToken';
	const policies: ReadonlyArray<readonly [string, Fault]> = [
		['runners disabled by policy', {kind: 'runnersDisabled'}],
		[byJit ? 'no configuration by policy' : 'no token by policy', {
			kind: 'answer', api: 'github', operation, status: 403, message: 'Resource not accessible by personal access token',
		}],
	];
	if (rng.below(4) === 0) {
		const [name, fault] = rng.pick(policies);
		return {isHopeless: true, lasting: [{name, fault}]};
	}

	const refused = rng.pick<readonly [string, Fault]>([
		...policies,
		['no x64 runner program', {kind: 'noDownload', architecture: 'x64'}],
		['no arm64 runner program', {kind: 'noDownload', architecture: 'arm64'}],
		byJit
			? ['no such group', {
				kind: 'answer', api: 'github', operation, status: 404,
			}]
			: ['registration refused', {kind: 'registrationFails'}],
	]);
	const runs: readonly RunSpec[] = [{
		workflow: 'registration', afterSeconds: rng.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `registers late ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : ['server-cax11'])], durationSeconds: rng.between([20, 300])})),
	}];
	const late = trouble(rng, ...refused, rng.pick([300, 3600]));
	const slow = byJit ? {jitSeconds: [240, 300], setupSeconds: [60, 180], jitIdleSeconds: [60, 200]} as const : {registrationTokenSeconds: 1000, setupSeconds: [250, 500]} as const;
	const parameters = rng.below(3) === 0 ? slow : {};
	if (byJit) {
		return {runs, parameters, troubles: [late, ...jitTroubles(rng)]};
	}

	const revoked = trouble(rng, 'tokens revoked', {kind: 'tokensRevoked', ...rng.pick([{}, {words: 'Object reference not set to an instance of an object.'}])});
	return {runs, parameters, troubles: rng.below(2) === 0 ? [late, {...revoked, span: {...revoked.span, times: 1}}] : [late]};
}

// What may become of a request for a configuration, some of it twice on a day.
function jitTroubles(rng: Rng): readonly Trouble[] {
	const minting = {api: 'github', operation: 'jitConfig'} as const;
	const all: ReadonlyArray<readonly [string, Fault]> = [
		['mint worked, answers 502', {...minting, kind: 'answerAfterwards', status: 502}],
		['mint worked, the answer broke off', {...minting, kind: 'cut'}],
		['mint answered 10 s late', {...minting, kind: 'slow', seconds: 10}],
		['mint says the name is taken', {...minting, kind: 'answer', status: 409}],
		['mint takes no such labels', {...minting, kind: 'answer', status: 422}],
		['mint unreachable', {...minting, kind: 'down'}],
		['list by name misses', {kind: 'nameFilterMisses'}],
	];
	return Array.from({length: 1 + rng.below(3)}, () => {
		const one = trouble(rng, ...rng.pick(all), 300);
		return rng.below(2) === 0 ? one : {...one, span: {...one.span, every: 2}};
	});
}

/**
Jobs that GitHub gives to no runner of ours: of another group, for good; or none at all, for a while.
*/
export function addUnassigned(rng: Rng): Addition {
	const label = rng.pick(['x64', 'server-cax11']);
	return {
		runs: [
			{
				workflow: 'another group', afterSeconds: rng.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name: 'for another group', group: 'gpu', isCounted: false}],
			},
			{workflow: 'passed over', afterSeconds: rng.between([0, 300]), jobs: [0, 1].map((index): JobSpec => ({name: `passed over ${index}`, labels: ['self-hosted', ...(index === 0 ? [] : [label])], durationSeconds: rng.between([20, 300])}))},
		],
		troubles: [trouble(rng, 'jobs given to no runner', {kind: 'unassigned', ...(rng.below(2) === 0 && {label})}, rng.pick([600, 3600]))],
	};
}

/**
A limit of cost an hour that holds jobs back: enough for a few servers, and for the dearest that any job asks for.
*/
export function addMoney(rng: Rng): Addition {
	const runs = [0, 1].map((number): RunSpec => ({
		workflow: `costly ${number}`, afterSeconds: rng.between([0, 900]), jobs: Array.from({length: 2 + rng.below(4)}, (_, index): JobSpec => ({name: `costly ${number}.${index}`, durationSeconds: rng.between([20, 900])})),
	}));
	return {runs, policy: {maxCostMicros: {hour: rng.between([95_000, 180_000]), day: undefined, month: undefined}}};
}
