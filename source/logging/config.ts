import {readFileSync} from 'node:fs';
import {
	evaluate, parse, type AnyNode, type DocumentNode,
} from '@humanwhocodes/momoa';
import * as z from 'zod';
import {didYouMean, UsageError} from '../settings/usage-error.ts';

const level = z.enum(['info', 'warn', 'error']);
const format = z.enum(['text', 'json']);
const rotate = z.strictObject({maxMegabytes: z.number().min(0.01).max(10_000).default(10), keep: z.int().min(1).max(100).default(5)});
const own = {level: level.optional(), format: format.optional()};
const schema = z.strictObject({
	...own,
	destinations: z.array(z.discriminatedUnion('to', [
		z.strictObject({to: z.literal('stdout'), ...own}),
		z.strictObject({to: z.literal('stderr'), ...own}),
		z.strictObject({
			to: z.literal('file'), path: z.string().min(1), rotate: rotate.prefault({}), ...own,
		}),
	])).min(1).optional(),
});

/**
What --logger-config asks for: the quietest level written (info), the
format, and where the lines go (standard output). A destination may have a
level and a format of its own; a file starts anew when it is full (10 MB), and `keep` (5) full ones are kept.
*/
export type LoggerConfig = z.infer<typeof schema>;
export type Destination = NonNullable<LoggerConfig['destinations']>[number];

/**
Reads the file that --logger-config names; without one, nothing is asked for.
Throws UsageError that names file, line and column, and what may stand there.
*/
export function readLoggerConfig(path: string | undefined): LoggerConfig {
	if (path === undefined) {
		return {};
	}

	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		throw new UsageError(`--logger-config ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
	}

	let document: DocumentNode;
	try {
		document = parse(text);
	} catch (error) {
		const at = error instanceof Error && 'line' in error && 'column' in error ? `:${String(error.line)}:${String(error.column)}` : '';
		throw new UsageError(`${path}${at} is not valid JSON: ${error instanceof Error ? error.message.replace(/\.? \(\d+:\d+\)$/v, '') : String(error)}.`);
	}

	const checked = schema.safeParse(evaluate(document));
	if (checked.success) {
		return checked.data;
	}

	const [issue] = checked.error.issues;
	const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
	const place = placeOf(document.body, [...issue?.path ?? [], ...(unknown === undefined ? [] : [unknown])]);
	throw new UsageError(`${path}:${place.line}:${place.column}: ${faultOf(issue, unknown)}`);
}

const names = ['level', 'format', 'destinations', 'to', 'path', 'rotate', 'maxMegabytes', 'keep'];

function faultOf(issue: z.core.$ZodIssue | undefined, unknown: string | undefined): string {
	if (unknown !== undefined) {
		return `"${unknown}" may not stand here.${didYouMean(unknown, names)} There are level, format, destinations; in a destination to, path, rotate, level, format; in rotate maxMegabytes, keep.`;
	}

	const where = issue?.path.join('.') ?? '';
	return `${where === '' ? 'it' : `"${where}"`} is wrong: ${issue?.code === 'invalid_union' ? 'must be "stdout", "stderr" or "file"' : issue?.message ?? ''}.`;
}

// Where that value stands, or the nearest that is there around it; an unknown key's own place.
function placeOf(root: AnyNode, path: readonly PropertyKey[]): {readonly line: number; readonly column: number} {
	let node: AnyNode = root;
	for (const [index, key] of path.entries()) {
		if (node.type === 'Object') {
			const member = node.members.find(({name}) => (name.type === 'String' ? name.value : name.name) === key);
			if (member === undefined) {
				break;
			}

			node = index === path.length - 1 ? member : member.value;
		} else if (node.type === 'Array') {
			const element = node.elements[Number(key)];
			if (element === undefined) {
				break;
			}

			node = element.value;
		}
	}

	return node.loc.start;
}
