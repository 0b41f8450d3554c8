import {parseMicros} from '../model/money.ts';
import type {Arguments} from './arguments.ts';
import type {SettingsFile} from './file.ts';
import {readCredentials} from './credentials.ts';
import {describeSource} from './format.ts';
import {optionRows, type KnownOption, type Option} from './options/index.ts';
import {UsageError} from './usage-error.ts';

/**
Where a value came from.
*/
export type Source =
	| {readonly kind: 'flag'; readonly name: string}
	| {readonly kind: 'variable'; readonly name: string}
	| {readonly kind: 'credential'; readonly name: string}
	| {readonly kind: 'file'; readonly name: string}
	| {readonly kind: 'default'};

export type Setting = {readonly option: Option; readonly value: unknown; readonly source: Source};

type Row = KnownOption;

// What the row lets through, by `check` below: one of its choices, or its type; nothing only without a default.
type Value<Of extends Row> =
	| (Of extends {choices: ReadonlyArray<infer Choice>} ? Choice : {text: string; number: number; switch: boolean; list: readonly string[]}[Of['type']])
	| (Of extends {default: unknown} ? never : undefined);

/**
All settings in force, checked. Times are seconds.
*/
export type Settings = {readonly [Of in Row as Of['name']]: Value<Of>};

/**
Where each setting comes from: flag, environment, credential (see readCredentials), settings file, default, in this order. Throws UsageError for a value that is not allowed.
*/
export function resolveSettings(from: {readonly flags: Arguments['flags']; readonly environment: Readonly<Record<string, string | undefined>>; readonly file: SettingsFile | undefined}): readonly Setting[] {
	const credentials = readCredentials(from.environment);
	const settings = optionRows(true).map((option): Setting => {
		const flagged = from.flags.get(option.name);
		if (flagged !== undefined) {
			return fromTexts(option, flagged.texts, {kind: 'flag', name: flagged.flag});
		}

		const variable = option.variables?.find(name => (from.environment[name] ?? '') !== '');
		if (variable !== undefined) {
			return fromTexts(option, [from.environment[variable] ?? ''], {kind: 'variable', name: variable});
		}

		const credential = credentials.get(option.name);
		if (credential !== undefined) {
			return fromTexts(option, [credential.text], {kind: 'credential', name: credential.path});
		}

		const stored = option.isCommandLineOnly === true ? undefined : from.file?.values[option.name];
		if (stored !== undefined && from.file !== undefined) {
			const source = {kind: 'file', name: from.file.path} as const;
			return {option, value: check(option, Array.isArray(stored) ? stored.map(String) : stored, source), source};
		}

		return {option, value: option.default, source: {kind: 'default'}};
	});
	refusePlainHttp(settings);
	return settings;
}

// Tokens go in every request: by http:// only to this machine, unless somebody has said that it is meant.
function refusePlainHttp(settings: readonly Setting[]): void {
	if (settings.some(({option, value}) => option.name === 'insecureHttp' && value === true)) {
		return;
	}

	for (const {option, value, source} of settings) {
		if (option.value === 'URL' && typeof value === 'string' && value.startsWith('http:') && !isLoopback(new URL(value).hostname)) {
			throw new UsageError(`${describeSource(source, option)} is ${JSON.stringify(value)}, which would send the token unencrypted: use an https:// address, or --insecure-http if that is intended.`);
		}
	}
}

function isLoopback(host: string): boolean {
	return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/v.test(host);
}

/**
The settings as one typed value.
*/
export function settingsOf(resolved: readonly Setting[]): Settings {
	return Object.fromEntries(resolved.map(({option, value}) => [option.name, value])) as Settings; // Each by its row: the type is made of the same rows.
}

/**
One option's value from its text, checked. Throws UsageError.
*/
export function parseOption(option: Option, texts: readonly string[], source: Source): unknown {
	return fromTexts(option, texts, source).value;
}

function fromTexts(option: Option, texts: readonly string[], source: Source): Setting {
	const [first = ''] = texts;
	switch (option.type) {
		case 'list': {
			return {option, value: check(option, (option.hasCommas === true ? texts : texts.flatMap(part => part.split(','))).map(part => part.trim()), source), source};
		}

		case 'number': {
			return {option, value: check(option, /^-?\d+$/v.test(first.trim()) ? Number(first) : first, source), source};
		}

		case 'switch': {
			return {option, value: check(option, {true: true, false: false}[first] ?? first, source), source};
		}

		case 'text': {
			return {option, value: check(option, first.trim(), source), source};
		}
	}
}

// The value, or a UsageError that names where it came from, the value, and what is allowed.
function check(option: Option, value: unknown, source: Source): unknown {
	const fault = faultOf(option, value);
	if (fault === undefined) {
		return value;
	}

	const shown = option.isSecret === true ? 'a value that is not shown' : JSON.stringify(value);
	throw new UsageError(`${describeSource(source, option)} is ${shown}, but ${fault}.`);
}

const listForms: Readonly<Record<string, {readonly pattern: RegExp; readonly words: string}>> = {
	'NAME=LABELS': {pattern: /^[^\s,=]+=[^\s,=]+(?:,[^\s,=]+)*$/v, words: 'NAME=LABEL,LABEL, such as big=type-cx53,in-fsn1'},
	'LABELS:COUNT': {pattern: /^[^\s,:]+(?:,[^\s,:]+)*:\d{1,5}$/v, words: 'LABEL,LABEL:COUNT, such as type-cx53,gpu:2'},
	'NAME=MINUTES': {pattern: /^[^=]+=-?\d{1,5}$/v, words: 'NAME=MINUTES, such as deploy=30'},
};

function faultOf(option: Option, value: unknown): string | undefined {
	switch (option.type) {
		case 'number': {
			const [least, most] = option.range ?? [0, Number.MAX_SAFE_INTEGER];
			const unit = option.unit === 'seconds' ? ' seconds' : '';
			return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most ? undefined : `must be a whole number from ${least} to ${most}${unit}`;
		}

		case 'list': {
			const form = listForms[option.value ?? ''];
			if (form !== undefined && Array.isArray(value) && value.some(item => !form.pattern.test(String(item)))) {
				return `must have the form ${form.words}`;
			}

			return Array.isArray(value) && value.every(item => item !== '') ? undefined : 'must not have an empty entry';
		}

		case 'switch': {
			return typeof value === 'boolean' ? undefined : 'must be true or false';
		}

		case 'text': {
			return typeof value === 'string' ? textFault(option, value) : 'must be a text';
		}
	}
}

function textFault(option: Option, value: string): string | undefined {
	if (value === '') {
		return 'must not be empty';
	}

	if (/^["'\u{60}\u{201C}\u{201D}].*["'\u{60}\u{201C}\u{201D}]$/v.test(value)) {
		return 'must come without the quotation marks around it (an env file of Docker keeps them)';
	}

	if (option.choices !== undefined && !option.choices.includes(value)) {
		return `must be ${option.choices.join(' or ')}`;
	}

	if (option.value === 'OWNER/NAME' && !/^[\w\-.]+\/[\w\-.]+$/v.test(value)) {
		return 'must have the form owner/name, such as acme/widgets';
	}

	if (option.value === 'APP-ID' && !/^(?:\d+|Iv[\w.]+)$/v.test(value)) {
		return 'must be the App\'s number or its client ID (Iv...), both of which its page shows';
	}

	if (option.value === 'GROUP' && !/^[A-Z_a-z][\w\-]{0,31}$/v.test(value)) {
		return 'must be the name of a unix group, such as developers';
	}

	if (option.value === 'URL' && !(URL.canParse(value) && /^https?:/v.test(value))) {
		return 'must be an http or https URL';
	}

	if (option.value === 'PRICE' && (parseMicros(value) ?? 0) === 0) {
		return 'must be a price such as 0.05';
	}

	const host = option.name === 'githubApiUrl' ? new URL(value).hostname : '';
	if (host === 'github.com' || (host.endsWith('.ghe.com') && !host.startsWith('api.'))) {
		return `must be the API's address: https://api.${host}`;
	}

	return option.value === 'TOKEN' && /[^\u{21}-\u{7E}]/v.test(value) ? 'must be one word of plain characters' : undefined;
}
