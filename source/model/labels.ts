import type {Catalogue} from './catalogue.ts';
import type {Architecture, Placement} from './placement.ts';
import type {Policy} from './policy.ts';

/**
GitHub compares labels without case (upstream failure 60069af).
*/
export function foldLabel(label: string): string {
	return label.toLowerCase();
}

/**
A set of labels as one comparable text: folded, sorted, without doubles. JSON, so that no label can forge a separator.
*/
export function labelSetKey(labels: readonly string[]): string {
	return JSON.stringify([...new Set(labels.map(label => foldLabel(label)))].toSorted());
}

/**
The labels of `wanted` that `offered` lacks; empty: a runner with the offered labels can take the job.
*/
export function missingLabels(wanted: readonly string[], offered: readonly string[]): readonly string[] {
	const have = new Set(offered.map(label => foldLabel(label)));
	return wanted.filter(label => !have.has(foldLabel(label)));
}

/**
The labels that config.sh adds to every runner by itself.
*/
export function ownLabels(architecture: Architecture): readonly string[] {
	return ['self-hosted', 'Linux', architecture === 'arm64' ? 'ARM64' : 'X64'];
}

/**
Why no server can be made for a job, whatever happens; undefined facts are not given.
*/
export type Unservable =
	| {readonly why: 'unknownType'; readonly serverType: string}
	| {readonly why: 'forbiddenType'; readonly serverType: string; readonly allowed: readonly string[]}
	| {readonly why: 'retiredType'; readonly serverType: string}
	| {readonly why: 'noImage'; readonly image: string; readonly architecture: Architecture}
	| {readonly why: 'notSoldThere'; readonly serverType: string; readonly locations: readonly string[]}
	| {readonly why: 'wrongArchitecture'; readonly label: string; readonly architecture: Architecture}
	| {readonly why: 'otherSystem'; readonly label: string}
	| {readonly why: 'unfitLabel'; readonly label: string};

/**
GitHub refuses to register a runner with a longer label (actions/runner: "labels cannot exceed 256 characters").
*/
const longestLabel = 256;

/**
Labels that GitHub itself gives to runners of other systems and architectures, and to its own machines with them: a Linux server that claimed one would be lying.
*/
const otherSystems = /^(?:(?:windows|macos)(?:-.+)?|x86|arm)$/v;

/**
Server types a job asks for by `server-{type}` labels, in their order.
*/
export function serverTypesAsked(labels: readonly string[]): readonly string[] {
	return labels.map(label => foldLabel(label)).filter(label => label.startsWith('server-')).map(label => label.slice('server-'.length));
}

/**
The ordered placements to try for a job with these labels: for each server type (those it names, else the configured ones), each location.
Never filtered by Hetzner's `available` flags, which are wrong in both directions. The catalogue says architecture and retirement;
without a catalogue the architecture is guessed by name (`cax` is arm64).
*/
export function placementsFor(labels: readonly string[], policy: Policy, catalogue: Catalogue | undefined): readonly Placement[] | Unservable {
	const unfit = labels.find(label => label.includes(',') || label.trim() === '' || label.length > longestLabel);
	if (unfit !== undefined) {
		return {why: 'unfitLabel', label: unfit}; // `config.sh --labels` splits at commas: such a job can never be taken.
	}

	const foreign = labels.find(label => otherSystems.test(foldLabel(label)));
	if (foreign !== undefined) {
		return {why: 'otherSystem', label: foreign};
	}

	const asked = serverTypesAsked(labels);
	const {allowedServerTypes: allowed} = policy;
	const placements: Placement[] = [];
	let fault: Unservable | undefined;
	for (const name of asked.length > 0 ? asked : policy.serverTypes) {
		if (asked.length > 0 && allowed !== undefined && !isAllowed(name, allowed)) {
			fault ??= {why: 'forbiddenType', serverType: name, allowed};
			continue;
		}

		const found = placeType(name, labels, policy, catalogue);
		if ('why' in found) {
			fault ??= found;
		} else {
			placements.push(...found.placements);
		}
	}

	return placements.length > 0 ? placements : (fault ?? {why: 'unknownType', serverType: asked[0] ?? ''});
}

// "cx*": each star stands for any characters, and nothing else means more than itself.
function isAllowed(serverType: string, allowed: readonly string[]): boolean {
	return allowed.some(pattern => {
		const [first = '', ...parts] = foldLabel(pattern).split('*');
		const last = parts.pop();
		if (last === undefined) {
			return serverType === first;
		}

		if (!serverType.startsWith(first) || !serverType.endsWith(last) || serverType.length < first.length + last.length) {
			return false;
		}

		let rest = serverType.slice(first.length, serverType.length - last.length);
		return parts.every(part => {
			const at = rest.indexOf(part);
			rest = rest.slice(at + part.length);
			return at !== -1;
		});
	});
}

function placeType(serverType: string, labels: readonly string[], policy: Policy, catalogue: Catalogue | undefined): Unservable | {placements: readonly Placement[]} {
	const known = catalogue?.serverTypes.get(serverType);
	if (catalogue !== undefined && known === undefined) {
		return {why: 'unknownType', serverType};
	}

	const architecture = known?.architecture ?? (serverType.startsWith('cax') ? 'arm64' : 'x64');
	if (catalogue !== undefined && !catalogue.imageArchitectures.has(architecture)) {
		return {why: 'noImage', image: policy.image, architecture};
	}

	const contrary = architecture === 'arm64' ? 'x64' : 'arm64';
	const wrong = labels.find(label => foldLabel(label) === contrary);
	if (wrong !== undefined) {
		return {why: 'wrongArchitecture', label: wrong, architecture};
	}

	if (known?.prices.size === 0) {
		return {why: 'retiredType', serverType};
	}

	const sold = policy.locations.filter(location => known === undefined || known.prices.has(location));
	if (policy.locations.length > 0 && sold.length === 0) {
		return {why: 'notSoldThere', serverType, locations: policy.locations};
	}

	const locations = policy.locations.length === 0 ? [undefined] : sold;
	return {
		placements: locations.map(location => ({
			serverType, location, image: policy.image, architecture,
		})),
	};
}

/**
What an unservable job is missing, in words.
*/
export function sayUnservable(fault: Unservable): string {
	switch (fault.why) {
		case 'unknownType': {
			return `Hetzner has no server type ${fault.serverType}`;
		}

		case 'forbiddenType': {
			return `a label may not choose ${fault.serverType}: --allow-server-type has ${fault.allowed.join(', ')}`;
		}

		case 'retiredType': {
			return `server type ${fault.serverType} is no longer sold`;
		}

		case 'noImage': {
			return `image ${fault.image} does not exist for ${fault.architecture}`;
		}

		case 'notSoldThere': {
			return `${fault.serverType} is not sold in ${fault.locations.join(', ')}`;
		}

		case 'wrongArchitecture': {
			return `label ${fault.label} never fits an ${fault.architecture} server`;
		}

		case 'otherSystem': {
			return `${fault.label} is not a label for Linux servers on x64 or arm64`;
		}

		case 'unfitLabel': {
			return `no runner can carry the label "${fault.label.length > 40 ? `${fault.label.slice(0, 39)}…` : fault.label}"`;
		}
	}
}
