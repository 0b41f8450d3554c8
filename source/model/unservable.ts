import {unknownSystem} from './catalogue.ts';
import {formatMoney, type Micros} from './money.ts';
import type {Architecture} from './placement.ts';
import type {Need} from './wishes.ts';

/**
Why no server can be made for a job, whatever happens.
*/
export type Unservable =
	| {readonly why: 'unknownType'; readonly serverType: string}
	| {readonly why: 'forbiddenType'; readonly serverType: string; readonly allowed: readonly string[]}
	| {readonly why: 'retiredType'; readonly serverType: string}
	| {readonly why: 'tooSmall'; readonly serverType: string; readonly need: Need}
	| {readonly why: 'nothingFits'; readonly need: Need; readonly locations: readonly string[]}
	| {
		readonly why: 'tooDear'; readonly serverType: string; readonly hourlyMicros: Micros; readonly limitMicros: Micros; readonly currency: string;
	}
	| {readonly why: 'unknownLocation'; readonly location: string; readonly known: readonly string[]}
	| {readonly why: 'noImage'; readonly image: string; readonly architecture: Architecture}
	| {readonly why: 'unknownSystem'; readonly image: string; readonly flavor: string}
	| {readonly why: 'notSoldThere'; readonly serverType: string; readonly locations: readonly string[]}
	| {readonly why: 'wrongArchitecture'; readonly label: string; readonly architecture: Architecture}
	| {readonly why: 'unknownScript'; readonly script: string}
	| {readonly why: 'volume'; readonly label: string}
	| {readonly why: 'malformed'; readonly label: string; readonly form: string}
	| {readonly why: 'otherSystem'; readonly label: string}
	| {readonly why: 'unfitLabel'; readonly label: string}
	| {readonly why: 'catalogueUnread'};

/**
A need in words: "4 cores, 16 GB of memory, arm64".
*/
export function describeNeed({cores, memoryGigabytes, diskGigabytes, architecture}: Need): string {
	return [
		cores !== undefined && `${cores} ${cores === 1 ? 'core' : 'cores'}`,
		memoryGigabytes !== undefined && `${memoryGigabytes} GB of memory`,
		diskGigabytes !== undefined && `${diskGigabytes} GB of disk`,
		architecture,
	].filter(part => typeof part === 'string').join(', ');
}

/**
What an unservable job is missing, in words.
*/
export function describeUnservable(fault: Unservable): string {
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

		case 'tooSmall': {
			return `${fault.serverType} has less than ${describeNeed({...fault.need, architecture: undefined})}`;
		}

		case 'nothingFits': {
			return `no server type has ${describeNeed(fault.need)}${fault.locations.length > 0 ? ` in ${fault.locations.join(', ')}` : ''}`;
		}

		case 'tooDear': {
			return `${fault.serverType} costs ${formatMoney(fault.hourlyMicros, fault.currency)} an hour, the limit is ${formatMoney(fault.limitMicros, fault.currency)} (--max-price-per-hour)`;
		}

		case 'unknownLocation': {
			return `Hetzner has no location ${fault.location}; there is ${fault.known.join(', ')}`;
		}

		case 'noImage': {
			return `image ${fault.image} does not exist for ${fault.architecture}`;
		}

		case 'unknownSystem': {
			return `${unknownSystem(fault.image, fault.flavor)} (a label setup-NAME takes a script of your own)`;
		}

		case 'notSoldThere': {
			return `${fault.serverType} is not sold in ${fault.locations.join(', ')}`;
		}

		case 'wrongArchitecture': {
			return `label ${fault.label} never fits an ${fault.architecture} server`;
		}

		case 'unknownScript': {
			return `there is no script ${fault.script}.sh (--scripts)`;
		}

		case 'volume': {
			return `label ${fault.label}: volumes are not supported yet (--ignore-volume-labels serves the job without)`;
		}

		case 'malformed': {
			return `label ${fault.label} is not ${fault.form} (with --label-prefix only labels that begin with it are read so)`;
		}

		case 'otherSystem': {
			return `${fault.label} is not a label for Linux servers on x64 or arm64`;
		}

		case 'unfitLabel': {
			return `no runner can carry the label "${fault.label.length > 40 ? `${fault.label.slice(0, 39)}…` : fault.label}"`;
		}

		case 'catalogueUnread': {
			return 'what Hetzner sells could not be read yet';
		}
	}
}
