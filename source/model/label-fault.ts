import type {Catalogue} from './catalogue.ts';
import {unfitImage} from './images.ts';
import {foldLabel} from './labels.ts';
import type {Policy} from './policy.ts';
import type {Unservable} from './unservable.ts';
import type {Wishes} from './wishes.ts';

/**
The part of a policy that says where servers may be.
*/
export type PlacementPolicy = Pick<
	Policy,
	'serverTypes' | 'allowedServerTypes' | 'locations' | 'image' | 'language' | 'maxPriceMicros' | 'scriptNames' | 'ignoresVolumes' | 'hasOwnSetup'
>;

/**
GitHub refuses to register a runner with a longer label (actions/runner: "labels cannot exceed 256 characters").
*/
const longestLabel = 256;

/**
Labels that GitHub itself gives to runners of other systems and architectures, and to its own machines with them: a Linux server that
claimed one would be lying.
*/
const otherSystems = /^(?:(?:windows|macos)(?:-.+)?|x86|arm)$/v;

/**
What makes labels impossible to serve whatever type is chosen; undefined when nothing does.
*/
export function labelFault(wishes: Wishes, policy: PlacementPolicy, catalogue: Catalogue | undefined): Unservable | undefined {
	const unfit = wishes.labels.find(label => label.includes(',') || label.trim() === '' || label.length > longestLabel);
	if (unfit !== undefined) {
		return {why: 'unfitLabel', label: unfit}; // `config.sh --labels` splits at commas: such a job can never be taken.
	}

	const foreign = wishes.labels.find(label => otherSystems.test(foldLabel(label)));
	if (foreign !== undefined) {
		return {why: 'otherSystem', label: foreign};
	}

	if (wishes.malformed !== undefined) {
		return {why: 'malformed', ...wishes.malformed};
	}

	if (wishes.volume !== undefined && !policy.ignoresVolumes) {
		return {why: 'volume', label: wishes.volume};
	}

	const script = [wishes.scripts.setup, wishes.scripts.startup].find(name => name !== undefined && !policy.scriptNames.includes(name));
	if (script !== undefined) {
		return {why: 'unknownScript', script};
	}

	const nowhere = catalogue === undefined ? undefined : wishes.locations.find(location => !catalogue.locations.includes(location));
	return nowhere === undefined
		? unfitImage(wishes, policy, catalogue)
		: {why: 'unknownLocation', location: nowhere, known: catalogue?.locations ?? []};
}
