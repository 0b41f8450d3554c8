import {priceOf, type Catalogue} from './catalogue.ts';
import {foldLabel, missingLabels} from './labels.ts';
import {formatMoney, type Micros} from './money.ts';
import {formatPlacement, type Placement} from './placement.ts';
import {placementsFor, usualNeed} from './placements.ts';
import {describeNeed, describeUnservable} from './unservable.ts';
import type {Policy} from './policy.ts';
import {formatDuration, secondsBetween, type Instant} from './time.ts';
import type {CoolPair} from './verdict.ts';
import {expandLabels, readWishes} from './wishes.ts';

/**
What of an engine's state bears on a job's labels.
*/
export type Known = {
	readonly policy: Policy;
	readonly catalogue: Catalogue | undefined;
	readonly refusals: ReadonlyMap<string, CoolPair>;
	readonly servers: ReadonlyArray<{readonly runnerLabels: readonly string[]}>;
	readonly mode: 'scaling' | 'paused' | 'frozen' | 'draining';
	readonly now: Instant;
};

export type Try = {
	readonly placement: Placement;
	/**
	Price of a started hour, VAT and IPv4 included; undefined: not known.
	*/
	readonly hourlyMicros: Micros | undefined;
	readonly refused: CoolPair | undefined;
};

/**
What a job with some labels gets, and why. `rules` are sentences, each the reason for something; `obstacles` hold it back at this moment.
*/
export type Explanation = {
	readonly labels: readonly string[];
	readonly tries: readonly Try[];
	readonly rules: readonly string[];
	readonly obstacles: readonly string[];
	readonly currency: string;
};

/**
Explains what a queued job with these labels gets from an engine in that state.
*/
export function explain(labels: readonly string[], known: Known): Explanation {
	const {policy, catalogue, refusals, now} = known;
	const placements = placementsFor(labels, policy, catalogue);
	const tries = 'why' in placements
		? []
		: placements.map((placement): Try => ({
			placement,
			hourlyMicros: priceOf(catalogue, placement.serverType, placement.location)?.hourlyMicros,
			refused: refusals.values().find(({placement: other, retryAt}) => retryAt > now && holdsBack(other, placement)),
		}));
	const currency = catalogue?.currency ?? 'EUR';
	return {
		labels: expandLabels(labels, policy.language),
		tries,
		rules: 'why' in placements ? [] : rulesFor(labels, known),
		obstacles: [
			...obstaclesOf(labels, known),
			...'why' in placements ? [describeUnservable(placements)] : [],
			...tries.length > 0 && tries.every(({refused}) => refused !== undefined) ? ['Hetzner refuses all of them at the moment'] : [],
		],
		currency,
	};
}

// A refusal without a location is one of the type everywhere.
function holdsBack(refused: Placement, placement: Placement): boolean {
	return refused.serverType === placement.serverType && (refused.location === undefined || refused.location === placement.location);
}

function rulesFor(labels: readonly string[], {policy}: Known): readonly string[] {
	const wishes = readWishes(labels, policy.language);
	const isSized = Object.entries(wishes.need).some(([part, value]) => part !== 'architecture' && value !== undefined);
	const rules: string[] = [];
	if (wishes.serverTypes.length > 0) {
		rules.push(`its labels name ${wishes.serverTypes.join(', ')}: tried in that order`);
	} else if (isSized) {
		rules.push(`its labels need ${describeNeed(wishes.need)}: the cheapest type that has it, then dearer ones`);
	} else if (policy.serverTypes.length > 0) {
		rules.push(`its labels name no type and no size: --server-type ${policy.serverTypes.join(', ')}`);
	} else {
		rules.push(`its labels name no type and no size: the cheapest with ${describeNeed({...usualNeed, ...wishes.need})}, then dearer ones`);
	}

	if (wishes.serverTypes.length === 0 && policy.serverTypes.length === 0 && policy.maxPriceMicros === undefined) {
		rules.push('nothing that costs more than ten times the cheapest (--max-price-per-hour sets another limit)');
	}

	if (wishes.locations.length > 0) {
		rules.push(`its labels name the location ${wishes.locations.join(', ')}`);
	} else {
		rules.push(policy.locations.length > 0 ? `in --location ${policy.locations.join(', ')}` : 'Hetzner picks the location where a type costs the same everywhere');
	}

	rules.push(wishes.image === undefined ? `with --image ${policy.image}` : `its labels name the image ${wishes.image.name}`);
	if (wishes.network !== undefined) {
		rules.push(`with ${wishes.network === 'ipv4' ? 'IPv4' : 'IPv6'} only`);
	}

	const scripts = [wishes.scripts.setup, wishes.scripts.startup].filter(script => script !== undefined);
	if (scripts.length > 0) {
		rules.push(`set up by ${scripts.map(script => `${script}.sh`).join(' and ')}`);
	}

	return rules;
}

function obstaclesOf(labels: readonly string[], {policy, mode, servers}: Known): readonly string[] {
	const all = expandLabels(labels, policy.language);
	const missing = missingLabels(policy.withLabels, all);
	const carries = (have: readonly string[], wanted: readonly string[]) => missingLabels(wanted, have).length === 0;
	return [
		...missing.length > 0 ? [`it lacks the label ${missing.join(', ')} (--with-label), so it is ignored`] : [],
		...mode === 'scaling' ? [] : [`the engine is ${mode}`],
		...policy.maxRunners !== undefined && servers.length >= policy.maxRunners ? [`there are ${servers.length} of ${policy.maxRunners} servers (--max-runners)`] : [],
		...policy.labelLimits.filter(({labels: limited}) => carries(all, limited)).flatMap(({labels: limited, limit}) => {
			const count = servers.filter(({runnerLabels}) => carries(runnerLabels.map(label => foldLabel(label)), limited)).length;
			return count >= limit ? [`there are ${count} of ${limit} servers with ${limited.join(', ')} (--max-runners-for-label)`] : [];
		}),
	];
}

const margin = ' '.repeat(9);

/**
The explanation in lines.
*/
export function describeExplanation({labels, tries, rules, obstacles, currency}: Explanation, now: Instant): readonly string[] {
	return [
		`labels   ${labels.join(', ')}`,
		...rules.map((rule, index) => `${index === 0 ? 'rules    ' : margin}${rule}`),
		...tries.map(({placement, hourlyMicros, refused}, index) => {
			const price = hourlyMicros === undefined ? 'price not known' : `${formatMoney(hourlyMicros, currency)} a started hour`;
			const no = refused === undefined ? '' : `; refused for ${formatDuration(secondsBetween(refused.since, now))} (${refused.answer}), again in ${formatDuration(secondsBetween(now, refused.retryAt))}`;
			return `${index === 0 ? 'tries    ' : margin}${index + 1}. ${formatPlacement(placement)}, ${placement.architecture}, ${placement.image}, ${price}${no}`;
		}),
		...obstacles.map((obstacle, index) => `${index === 0 ? 'held by  ' : margin}${obstacle}`),
	];
}
