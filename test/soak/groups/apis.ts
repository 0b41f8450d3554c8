import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import type {JobSpec, RunSpec} from '../../../source/simulator/github-jobs.ts';
import {trouble, type Addition} from './addition.ts';

/**
Limits, values and names that concern some jobs only, for good; servers that start late or are protected by somebody.
*/
export function addHetzner(rng: Rng): Addition {
	const hopeless = (name: string, ...labels: string[]): RunSpec => ({
		workflow: name, afterSeconds: rng.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name, labels: ['self-hosted', ...labels]}],
	});
	const lasting: ReadonlyArray<readonly [RunSpec, Fault]> = [
		[hopeless('dedicated cores', 'server-ccx13'), {kind: 'serverLimit', what: 'dedicated core', limit: 0}],
		[hopeless('values no good'), {
			kind: 'createInvalid', job: 'values no good', field: 'labels', message: 'label value is not correctly formatted',
		}],
		[hopeless('name taken'), {kind: 'nameTaken', job: 'name taken'}],
		[hopeless('sold out', 'server-cx53'), {kind: 'pairRefused', serverType: 'cx53', form: rng.pick(['placement', 'disabled', 'unavailable'])}],
	];
	const some = lasting.filter(() => rng.below(2) === 0);
	return {
		runs: [...some.map(([run]) => run), {workflow: 'beside refusals', afterSeconds: rng.between([100, 500]), jobs: [0, 1].map((index): JobSpec => ({name: `beside refusals ${index}`, durationSeconds: rng.between([20, 300])}))}],
		lasting: [
			...some.map(([{workflow = ''}, fault]) => ({name: `refused: ${workflow}`, fault})),
			...(rng.below(2) === 0 ? [{name: 'starts late', fault: {kind: 'lateStart', seconds: rng.between([25, 60])}} as const] : []),
		],
		troubles: rng.below(2) === 0
			? [{
				...trouble(rng, 'protected from deletion', {kind: 'protects', fromSeconds: rng.between([0, 200]), forSeconds: rng.between([300, 2000])}), span: {
					afterSeconds: 0, forSeconds: 900, times: 1, name: 'protected from deletion',
				},
			}]
			: [],
	};
}

/**
Limits in other forms, others who use up the budget, answers that tell nothing or nonsense of it.
*/
export function addBudgets(rng: Rng): Addition {
	const api = rng.pick(['github', 'github', 'hetzner'] as const);
	const how = rng.pick(['missing', 'wrong'] as const);
	return {
		troubles: [
			trouble(rng, 'secondary limit, 429', {kind: 'secondaryLimit', retryAfterSeconds: rng.pick([20, 60, 120]), status: 429}, 120),
			...(rng.below(2) === 0
				? [trouble(rng, 'secondary limit, untold', {
					kind: 'secondaryLimit', retryAfterSeconds: 60, status: rng.pick([403, 429]), isUntold: true,
				}, 120)]
				: []),
			...(rng.below(2) === 0 ? [trouble(rng, `${api}: others eat the budget`, {kind: 'budgetEaten', api, leaves: rng.pick([0, 20, 400])}, rng.pick([300, 2400]))] : []),
		],
		lasting: rng.below(3) === 0 ? [{name: `${api}: limit headers ${how}`, fault: {kind: 'limitHeaders', api, how}}] : [],
		parameters: {githubSecondaryStatus: rng.pick([403, 429]), ...(rng.below(4) === 0 && {githubHasLimits: false}), ...(rng.below(4) === 0 && {githubRequestsPerHour: 900})},
	};
}

/**
Clocks of the APIs that are minutes or hours off.
*/
export function addClocks(rng: Rng): Addition {
	const off = () => rng.pick([0, -7200, -600, -90, 90, 600, 7200]);
	return {parameters: {githubClockSeconds: off(), hetznerClockSeconds: off()}};
}
