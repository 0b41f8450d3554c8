import {createHash} from 'node:crypto';

// A label's value has at most 63 characters, letters and digits at both ends, [-_.] also inside.
const maxLength = 63;
const plain = /^[0-9a-z](?:[\-.0-9_a-z]{0,61}[0-9a-z])?$/v;
const inner = /^[\-.0-9_a-z]*$/v;

/**
An owner's or repository's name as a label's value. GitHub compares both without case; so does what comes out. Two names never
give the same value: most stay as they are, those with ends that no label may have are wrapped ("x--.github--x"),
long ones keep their beginning and get a hash.
*/
export function nameValue(name: string): string {
	const folded = name.toLowerCase();
	const isWrapped = folded.startsWith('x--') || folded.startsWith('h--');
	if (plain.test(folded) && !isWrapped) {
		return folded;
	}

	const wrapped = `x--${folded}--x`;
	if (inner.test(folded) && wrapped.length <= maxLength) {
		return wrapped;
	}

	const hash = createHash('sha256').update(folded).digest('hex').slice(0, 32);
	return `h--${folded.slice(0, 20).replaceAll(/[^\-.0-9_a-z]/gv, '_')}--${hash}`;
}

/**
Any list of texts as label values, to be read back by `textsOf`. What is not [A-Za-z0-9.-] is escaped ("_2f", "_u2603"), texts are
joined by "__", which no escape contains, and the whole is cut into pieces between two x, so that each has proper ends.
*/
export function textValues(texts: readonly string[]): readonly string[] {
	if (texts.length === 0) {
		return [];
	}

	const whole = texts.map(text => escapeText(text)).join('__');
	const length = maxLength - 2;
	return Array.from({length: Math.max(1, Math.ceil(whole.length / length))}, (_, index) => `x${whole.slice(index * length, (index + 1) * length)}x`);
}

/**
The texts that `textValues` made these values of; undefined when it can't have made them.
*/
export function textsOf(values: readonly string[]): readonly string[] | undefined {
	if (values.length === 0) {
		return [];
	}

	if (values.some(value => value.length < 2 || !value.startsWith('x') || !value.endsWith('x'))) {
		return undefined;
	}

	const texts = values.map(value => value.slice(1, -1)).join('').split('__').map(text => unescapeText(text));
	return texts.every(text => text !== undefined) ? texts : undefined;
}

// By UTF-16 unit rather than by character: half a pair of surrogates comes back as it went in, too.
function escapeText(text: string): string {
	return text.replaceAll(/[^\-.0-9a-z]/gi, unit => { // eslint-disable-line require-unicode-regexp
		const hex = unit.charCodeAt(0).toString(16); // eslint-disable-line unicorn/prefer-code-point
		return hex.length <= 2 ? `_${hex.padStart(2, '0')}` : `_u${hex.padStart(4, '0')}`;
	});
}

function unescapeText(text: string): string | undefined {
	return /^(?:[\-.0-9A-Za-z]|_[0-9a-f]{2}|_u[0-9a-f]{4})*$/v.test(text)
		? text.replaceAll(/_u[0-9a-f]{4}|_[0-9a-f]{2}/gv, (escape: string) => String.fromCharCode(Number.parseInt(escape.replace(/^_u?/v, ''), 16))) // eslint-disable-line unicorn/prefer-code-point
		: undefined;
}
