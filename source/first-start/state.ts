import {priceOf, type Catalogue} from '../model/catalogue.ts';
import {formatMoney} from '../model/money.ts';

/**
The questions of a first start, in order.
*/
const steps = ['welcome', 'repository', 'githubToken', 'hetznerToken', 'sshKey', 'serverType', 'location', 'maxRunners', 'firewall'] as const;
export type Step = (typeof steps)[number];

/**
What has been answered, by the names that settings have.
*/
export type Answers = {
	readonly githubRepository?: string;
	readonly githubToken?: string;
	readonly hetznerToken?: string;
	readonly sshKey?: string;
	readonly sshPrivateKey?: string;
	readonly serverType?: string;
	/**
	Empty: Hetzner picks.
	*/
	readonly location?: string;
	readonly maxRunners?: number;
	/**
	Empty: none.
	*/
	readonly firewall?: string;
};

/**
How many servers at once are suggested: enough for a matrix, and what they cost by mistake is no disaster.
*/
export const suggestedRunners = 10;

/**
"3 of 8"; empty before the first question.
*/
export function formatProgress(step: Step): string {
	const at = steps.indexOf(step);
	return at === 0 ? '' : `${at} of ${steps.length - 1}`;
}

/**
A way to an SSH key: one that is at Hetzner and whose private key is here, or a public key that is here and can be given to Hetzner.
*/
export type KeyChoice = {readonly name: string; readonly privateKeyFile: string; readonly publicKey: string; readonly isAtHetzner: boolean};

/**
What a good Hetzner token shows.
*/
export type Project = {readonly catalogue: Catalogue; readonly keys: readonly KeyChoice[]; readonly keysElsewhere: readonly string[]; readonly keyProblems: readonly string[]};

export type State = {
	readonly step: Step;
	readonly answers: Answers;
	/**
	What has been found good so far, a line each.
	*/
	readonly notes: readonly string[];
	/**
	What is asked of whom right now; undefined: the person is asked.
	*/
	readonly checking: string | undefined;
	readonly fault: string | undefined;
	/**
	The answer that was refused last: its field begins with it.
	*/
	readonly refused: string;
	/**
	Whether it is asked what is to be kept before it ends.
	*/
	readonly isLeaving: boolean;
	readonly project: Project | undefined;
	/**
	Counts the questions, so that a field which is asked again starts anew.
	*/
	readonly turn: number;
};

export type StartEvent =
	| {readonly type: 'checks'; readonly what: string}
	| {readonly type: 'failed'; readonly fault: string; readonly refused?: string}
	| {readonly type: 'answered'; readonly answers: Answers; readonly note?: string; readonly project?: Project}
	| {readonly type: 'looked'; readonly project: Project}
	| {readonly type: 'back'}
	| {readonly type: 'leaves'};

/**
The beginning; what settings have already is not asked for.
*/
export function beginning(known: Answers): State {
	return {
		step: 'welcome', answers: known, notes: [], checking: undefined, fault: undefined, refused: '', isLeaving: false, project: undefined, turn: 0,
	};
}

/**
The state after that.
*/
export function nextState(state: State, event: StartEvent): State {
	const asked = {
		...state, checking: undefined, fault: undefined, refused: '', isLeaving: false, turn: state.turn + 1,
	};
	switch (event.type) {
		case 'checks': {
			return {...state, checking: event.what, fault: undefined};
		}

		case 'failed': {
			return {...asked, fault: event.fault, refused: event.refused ?? ''};
		}

		case 'answered': {
			return {
				...asked,
				step: steps[steps.indexOf(state.step) + 1] ?? state.step,
				answers: {...state.answers, ...event.answers},
				notes: event.note === undefined ? state.notes : [...state.notes, event.note],
				project: event.project ?? state.project,
			};
		}

		case 'looked': {
			return {...asked, project: event.project};
		}

		case 'leaves': {
			return {...state, isLeaving: true};
		}

		case 'back': {
			if (state.isLeaving) {
				return {...state, isLeaving: false};
			}

			return state.checking === undefined ? {...asked, step: steps[Math.max(0, steps.indexOf(state.step) - 1)] ?? 'welcome', notes: state.notes.slice(0, -1)} : state;
		}
	}
}

export type Choice = {readonly label: string; readonly value: string};

/**
The server types that a choice is offered of: the usual one first, then from the cheapest up.
*/
export function typeChoices({catalogue}: Project, usual: string): readonly Choice[] {
	const sold = catalogue.serverTypes.values()
		.filter(type => type.prices.size > 0 && type.unavailableAfter === undefined && catalogue.imageArchitectures.has(type.architecture))
		.map(type => ({type, least: Math.min(...type.prices.values().filter(price => price !== undefined).map(({hourlyMicros}) => hourlyMicros))}))
		.toArray()
		.toSorted((a, b) => a.type.name === usual ? -1 : (b.type.name === usual ? 1 : a.least - b.least));
	return sold.map(({type, least}) => ({
		value: type.name,
		label: `${type.name.padEnd(6)} ${String(type.cores).padStart(2)} ${type.cores === 1 ? 'core ' : 'cores'}  ${String(type.memoryGigabytes).padStart(3)} GB  ${type.architecture.padEnd(5)}  ${Number.isFinite(least) ? `from ${formatMoney(least, catalogue.currency)} an hour` : 'price not known'}`,
	}));
}

function formatPrice(catalogue: Catalogue, serverType: string, location: string): string {
	const price = priceOf(catalogue, serverType, location);
	return price === undefined ? 'price not known' : `${formatMoney(price.hourlyMicros, catalogue.currency)} an hour`;
}

/**
The locations in which that type is sold, with what an hour costs there.
*/
export function locationChoices({catalogue}: Project, serverType: string): readonly Choice[] {
	const there = catalogue.serverTypes.get(serverType)?.prices.keys().toArray() ?? [];
	return [
		{value: 'any', label: 'Hetzner picks'},
		...there.map(location => ({value: location, label: `${location}  ${formatPrice(catalogue, serverType, location)}`})),
	];
}

/**
The SSH keys to choose from.
*/
export function keyChoices({keys}: Project): readonly Choice[] {
	return keys.map(({name, privateKeyFile, isAtHetzner}) => ({
		value: privateKeyFile, label: isAtHetzner ? `${name} (at Hetzner, private key ${privateKeyFile})` : `give the public half of ${privateKeyFile} to Hetzner as ${name}`,
	}));
}
