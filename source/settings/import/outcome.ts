import {optionRows, type KnownOption} from '../options/index.ts';

/**
What a key of theirs becomes: settings of ours, by name, with the texts that a command line would give them. None: the key is dropped, and the remark says why.
*/
export type Outcome = {
	readonly settings: ReadonlyArray<{readonly name: KnownOption['name']; readonly texts: readonly string[]}>;
	readonly remark: string;
	/**
	Nothing has to be set: it is so here by itself.
	*/
	readonly isSoHere?: true;
};

/**
What a mapping may know of the machine.
*/
export type Machine = {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly home: string;
	/**
	Where paths that are not absolute begin.
	*/
	readonly folder: string;
	/**
	A file's text; undefined: there is none that can be read.
	*/
	readonly readText: (file: string) => string | undefined;
};

export function drop(remark: string): Outcome {
	return {settings: [], remark};
}

export function leave(remark: string): Outcome {
	return {settings: [], remark, isSoHere: true};
}

/**
One setting with these texts.
*/
export function take(name: KnownOption['name'], texts: readonly string[], remark = ''): Outcome {
	return {settings: [{name, texts}], remark};
}

/**
A number, brought into the range that it may have here.
*/
export function takeNumber(name: KnownOption['name'], value: number, remark = ''): Outcome {
	const {range: [least, most] = [0, Number.MAX_SAFE_INTEGER], unit = ''} = optionRows().find(option => option.name === name) ?? {};
	const allowed = Math.min(most, Math.max(least, value));
	const bound = allowed === value ? '' : `${value} is not allowed here: from ${least} to ${most}${unit === '' ? '' : ` ${unit}`}`;
	return take(name, [String(allowed)], [bound, remark].filter(words => words !== '').join('; '));
}

const variablePattern = /\$\{(?<name>[^\}]*)\}/gv;

/**
The names of the environment variables that a text of theirs stands for.
*/
export function variablesIn(text: string): readonly string[] {
	return text.matchAll(variablePattern).map(({groups}) => groups?.name ?? '').toArray();
}

/**
A text with its `${VARIABLE}`s replaced as they are now, handed on; dropped when one is not set.
*/
export function takeText(text: string, {environment}: Machine, make: (value: string) => Outcome): Outcome {
	const names = variablesIn(text);
	const unset = names.find(name => (environment[name] ?? '') === '');
	if (unset !== undefined) {
		return drop(`the variable ${unset} is not set here`);
	}

	const outcome = make(text.replaceAll(variablePattern, (_, name: string) => environment[name] ?? ''));
	const remark = [names.length === 0 ? '' : `${names.join(', ')} as it is set now`, outcome.remark].filter(words => words !== '').join('; ');
	return {...outcome, remark};
}
