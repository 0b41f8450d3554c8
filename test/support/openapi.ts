import path from 'node:path';
import * as z from 'zod';

// The vendors' own OpenAPI files judge the simulator's bodies. They are large and stay outside of the repository.
export const folder = path.join(import.meta.dirname, '../../../shared/spec');
export const files = {hetzner: path.join(folder, 'hcloud-openapi.json'), github: path.join(folder, 'github/github-subset.openapi.json')};

export type Node = Readonly<Record<string, unknown>>;

const nodeShape = z.record(z.string(), z.unknown());

/**
The value as an object; an empty one when it is none.
*/
export function asNode(value: unknown): Node {
	return nodeShape.safeParse(value).data ?? {};
}

/**
What stands at that place of a specification, references followed.
*/
export function at(root: Node, pointer: readonly string[]): Node {
	let node = root;
	for (const step of pointer) {
		node = asNode(node[step]);
		node = typeof node.$ref === 'string' ? at(root, node.$ref.slice(2).split('/')) : node;
	}

	return node;
}

/**
What is wrong with a body by its schema: missing required fields, wrong types, values out of an enumeration.
*/
export function faultsOf(value: unknown, given: Node, root: Node, where: string): readonly string[] {
	const schema = typeof given.$ref === 'string' ? at(root, given.$ref.slice(2).split('/')) : given;
	const types = [schema.type ?? []].flat();
	if (value === null) {
		return schema.nullable === true || types.includes('null') || types.length === 0 || alternatives(schema).length > 0 ? [] : [`${where} is null`];
	}

	const choices = alternatives(schema);
	if (choices.length > 0) {
		const faults = choices.map(choice => faultsOf(value, asNode(choice), root, where));
		return faults.find(found => found.length === 0) ?? faults[0] ?? [];
	}

	const all = Array.isArray(schema.allOf) ? schema.allOf.flatMap(part => faultsOf(value, asNode(part), root, where)) : [];
	if (Array.isArray(schema.enum) && !schema.enum.includes(value)) {
		return [`${where} is ${JSON.stringify(value)}`];
	}

	const type = types[0];
	if (Array.isArray(value)) {
		return type === 'array' || type === undefined ? [...all, ...value.flatMap((item, index) => faultsOf(item, asNode(schema.items), root, `${where}[${index}]`))] : [`${where} is an array`];
	}

	if (typeof value === 'object') {
		const body = asNode(value);
		const required = z.array(z.string()).safeParse(schema.required).data ?? [];
		return type === 'object' || type === undefined
			? [
				...all,
				...required.filter(key => !Object.hasOwn(body, key)).map(key => `${where}.${key} is missing`),
				...Object.entries(asNode(schema.properties)).flatMap(([key, inner]) => Object.hasOwn(body, key) ? faultsOf(body[key], asNode(inner), root, `${where}.${key}`) : []),
			]
			: [`${where} is an object`];
	}

	const isRight = type === undefined || (type === 'integer' ? Number.isSafeInteger(value) : typeof value === type);
	return isRight ? all : [...all, `${where} is a ${typeof value}, not a ${JSON.stringify(type)}`];
}

function alternatives(schema: Node): readonly unknown[] {
	return z.array(z.unknown()).safeParse(schema.anyOf ?? schema.oneOf).data ?? [];
}
