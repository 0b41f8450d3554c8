import type {Rng} from '../../../source/simulator/chance.ts';
import type {Fault} from '../../../source/simulator/faults.ts';
import type {JobSpec, RunSpec} from '../../../source/simulator/github-jobs.ts';
import {trouble, type Addition} from './addition.ts';

/**
Limits, values and names that concern some jobs only, for good; servers that start late or are protected by somebody.
*/
export function addHetzner(dice: Rng): Addition {
	const hopeless = (name: string, ...labels: string[]): RunSpec => ({
		workflow: name, afterSeconds: dice.between([0, 300]), cancelAfterSeconds: 9000, jobs: [{name, labels: ['self-hosted', ...labels]}],
	});
	const lasting: ReadonlyArray<readonly [RunSpec, Fault]> = [
		[hopeless('dedicated cores', 'server-ccx13'), {kind: 'serverLimit', what: 'dedicated core', limit: 0}],
		[hopeless('values no good'), {
			kind: 'createInvalid', job: 'values no good', field: 'labels', message: 'label value is not correctly formatted',
		}],
		[hopeless('name taken'), {kind: 'nameTaken', job: 'name taken'}],
		[hopeless('sold out', 'server-cx53'), {kind: 'pairRefused', serverType: 'cx53', form: dice.pick(['placement', 'disabled', 'unavailable'])}],
	];
	const some = lasting.filter(() => dice.below(2) === 0);
	return {
		runs: [...some.map(([run]) => run), {workflow: 'beside refusals', afterSeconds: dice.between([100, 500]), jobs: [0, 1].map((index): JobSpec => ({name: `beside refusals ${index}`, durationSeconds: dice.between([20, 300])}))}],
		lasting: [
			...some.map(([{workflow = ''}, fault]) => ({name: `refused: ${workflow}`, fault})),
			...(dice.below(2) === 0 ? [{name: 'starts late', fault: {kind: 'lateStart', seconds: dice.between([25, 60])}} as const] : []),
		],
		troubles: dice.below(2) === 0
			? [{
				...trouble(dice, 'protected from deletion', {kind: 'protects', fromSeconds: dice.between([0, 200]), forSeconds: dice.between([300, 2000])}), span: {
					afterSeconds: 0, forSeconds: 900, times: 1, name: 'protected from deletion',
				},
			}]
			: [],
	};
}

/**
Limits in other forms, others who use up the budget, answers that tell nothing or nonsense of it.
*/
export function addBudgets(dice: Rng): Addition {
	const api = dice.pick(['github', 'github', 'hetzner'] as const);
	const how = dice.pick(['missing', 'wrong'] as const);
	return {
		troubles: [
			trouble(dice, 'secondary limit, 429', {kind: 'secondaryLimit', retryAfterSeconds: dice.pick([20, 60, 120]), status: 429}, 120),
			...(dice.below(2) === 0
				? [trouble(dice, 'secondary limit, untold', {
					kind: 'secondaryLimit', retryAfterSeconds: 60, status: dice.pick([403, 429]), isUntold: true,
				}, 120)]
				: []),
			...(dice.below(2) === 0 ? [trouble(dice, `${api}: others eat the budget`, {kind: 'budgetEaten', api, leaves: dice.pick([0, 20, 400])}, dice.pick([300, 2400]))] : []),
		],
		lasting: dice.below(3) === 0 ? [{name: `${api}: limit headers ${how}`, fault: {kind: 'limitHeaders', api, how}}] : [],
		parameters: {githubSecondaryStatus: dice.pick([403, 429]), ...(dice.below(4) === 0 && {githubHasLimits: false}), ...(dice.below(4) === 0 && {githubRequestsPerHour: 900})},
	};
}

/**
Clocks of the APIs that are minutes or hours off.
*/
export function addClocks(dice: Rng): Addition {
	const off = () => dice.pick([0, -7200, -600, -90, 90, 600, 7200]);
	return {parameters: {githubClockSeconds: off(), hetznerClockSeconds: off()}};
}
