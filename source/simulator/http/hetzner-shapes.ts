import * as z from 'zod';
import {invalid} from '../hetzner-errors.ts';
import type {Incoming, Reply} from './message.ts';
import {errorReply} from './hetzner-lists.ts';
import {labelsFault} from './label-selector.ts';

export const labelsShape = z.record(z.string(), z.string());
export const reference = z.union([z.string(), z.number()]);

/**
A body of that shape, its labels good ones; else the answer that Hetzner gives to it, in its own words.
*/
export function bodyOf<Shape extends z.ZodType>(incoming: Incoming, shape: Shape): {readonly body: z.infer<Shape>} | {readonly reply: Reply} {
	if (incoming.body === undefined) {
		return {reply: errorReply({status: 400, code: 'json_error', message: 'Invalid JSON document'})};
	}

	const parsed = shape.safeParse(incoming.body);
	if (!parsed.success) {
		return {reply: shapeReply(parsed.error, incoming.body)};
	}

	const {labels} = z.object({labels: labelsShape.optional()}).loose().safeParse(incoming.body).data ?? {};
	const fault = labelsFault(labels ?? {});
	return fault === undefined ? {body: parsed.data} : {reply: errorReply(invalid('labels', fault))};
}

function shapeReply(error: z.ZodError, body: unknown): Reply {
	const faults = error.issues.map(issue => ({name: issue.path.join('.'), message: wordsFor(issue, valueAt(body, issue.path))}));
	const fields = [...Map.groupBy(faults, ({name}) => name)].map(([name, of]) => ({name, messages: of.map(({message}) => message)}));
	const [first] = faults;
	return errorReply({...invalid(first?.name ?? '', first?.message ?? ''), details: {fields}});
}

function wordsFor(issue: z.core.$ZodIssue, value: unknown): string {
	if (value === undefined) {
		return 'Missing data for required field.';
	}

	if (value === null) {
		return 'Field may not be null.';
	}

	if (issue.code === 'too_small') {
		return 'Shorter than minimum length 1.';
	}

	const wanted = issue.code === 'invalid_type' ? issue.expected : (issue.code === 'invalid_union' ? 'string' : '');
	return `${kinds[wanted] ?? 'Invalid value'}.`;
}

const kinds: Readonly<Record<string, string>> = {
	string: 'Not a valid string', boolean: 'Not a valid boolean', number: 'Not a valid integer', int: 'Not a valid integer', array: 'Not a valid list', record: 'Not a valid mapping type', object: 'Not a valid mapping type',
};

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
	let value = body;
	for (const key of path) {
		value = Array.isArray(value) ? value[Number(key)] : z.record(z.string(), z.unknown()).safeParse(value).data?.[String(key)];
	}

	return value;
}
