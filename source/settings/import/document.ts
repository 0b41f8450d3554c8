import {
	isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node,
} from 'yaml';
import {UsageError} from '../usage-error.ts';
import {theirConfig, type TheirConfig} from './schema.ts';

/**
A configuration file of theirs, checked.
*/
export type TheirFile = {
	readonly config: TheirConfig;
	/**
	The keys under `config:` in their order, unknown ones too; without those whose value is null.
	*/
	readonly keys: readonly string[];
	/**
	Keys beside `config:`, which mean nothing.
	*/
	readonly strayKeys: readonly string[];
	/**
	The line on which what that path leads to begins, or the nearest around it.
	*/
	readonly lineOf: (path: readonly PropertyKey[]) => number;
};

/**
Reads the text of a configuration file as their program does: YAML 1.1, in which `on` is true. Throws UsageError, one sentence with file and line.
*/
export function readTheirFile(file: string, text: string): TheirFile {
	const lines = new LineCounter();
	const document = parseDocument(text, {version: '1.1', lineCounter: lines, prettyErrors: false});
	const lineAt = (offset: number) => lines.linePos(offset).line;
	const [fault] = [...document.errors, ...document.warnings];
	if (fault !== undefined) {
		throw new UsageError(`${file}:${lineAt(fault.pos[0])}: this is no YAML that can be read: ${fault.message.trim().replace(/[.:]$/v, '')}.`);
	}

	visit(document, {
		Alias(_, alias) {
			if (alias.resolve(document) === undefined) {
				throw new UsageError(`${file}:${lineAt(alias.range?.[0] ?? 0)}: this is no YAML that can be read: nothing is called &${alias.source} before it.`);
			}
		},
		Pair(_, {key}) {
			if (isScalar(key) && ['number', 'boolean'].includes(typeof key.value)) {
				throw new UsageError(`${file}:${lineAt(key.range?.[0] ?? 0)}: the key ${key.source ?? String(key.value)} is no text to YAML: put it in quotation marks.`);
			}
		},
	});
	const lineOf = (path: readonly PropertyKey[]) => lineAt(offsetOf(document, path));
	const root = valueOf(document, file);
	const config = isObject(root) ? root.config : undefined;
	if (!isObject(root) || config === undefined || config === null) {
		throw new UsageError(`${file}:1: "config:" is missing, under which github-hetzner-runners has its settings.`);
	}

	if (!isObject(config)) {
		throw new UsageError(`${file}:${lineOf(['config'])}: "config:" must hold keys and values.`);
	}

	const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
	const checked = theirConfig.safeParse(given);
	if (!checked.success) {
		const [issue] = checked.error.issues;
		const path = ['config', ...issue?.path ?? []];
		const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
		const what = nameOf(issue?.path ?? []);
		throw new UsageError(unknown === undefined
			? `${file}:${lineOf(path)}: "${what}" ${wordsOf(issue?.message)}.`
			: `${file}:${lineOf([...path, unknown])}: "${what}" has no key "${unknown}".`);
	}

	return {
		config: checked.data, keys: Object.keys(given), strayKeys: Object.keys(root).filter(key => key !== 'config'), lineOf,
	};
}

// An alias may stand for too much, or for what holds it.
function valueOf(document: Document, file: string): unknown {
	try {
		return document.toJS({maxAliasCount: 100});
	} catch (error) {
		throw new UsageError(`${file}:1: this is no YAML that can be read: ${error instanceof Error ? error.message : String(error)}.`);
	}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Zod's own words stand only where a key that must be there is missing.
function wordsOf(message: string | undefined): string {
	return message?.startsWith('must ') === true ? message : 'is missing';
}

// "max_runners_for_label[1].max".
function nameOf(path: readonly PropertyKey[]): string {
	return path.map((part, index) => typeof part === 'number' ? `[${part}]` : (index === 0 ? '' : '.') + String(part)).join('');
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
	let node: unknown = document.contents;
	let offset = 0;
	for (const part of path) {
		const here: unknown = isAlias(node) ? node.resolve(document) : node;
		if (isMap(here)) {
			const pair = here.items.find(({key}) => isScalar(key) && key.value === part);
			offset = startOf(pair?.key) ?? offset;
			node = pair?.value;
		} else if (isSeq(here)) {
			node = here.items[Number(part)];
			offset = startOf(node) ?? offset;
		}
	}

	return offset;
}

function startOf(node: unknown): number | undefined {
	return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node satisfies Node).range?.[0] : undefined;
}
