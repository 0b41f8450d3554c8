import {readFile} from 'node:fs/promises';
import * as z from 'zod';
import {inRoot, paths} from './paths.ts';
import type {Step} from './steps.ts';

// No text of files: a record holds no secret.
const stepShape = z.discriminatedUnion('type', [
	z.object({type: z.literal('folder'), path: z.string(), mode: z.number()}),
	z.object({type: z.literal('file'), path: z.string(), mode: z.number()}).transform(file => ({...file, text: ''})),
	z.object({type: z.literal('copy'), from: z.string(), path: z.string()}),
	z.object({type: z.literal('link'), path: z.string(), to: z.string()}),
	z.object({
		type: z.literal('command'), argv: z.array(z.string()), undo: z.array(z.string()).exactOptional(), goneCode: z.number().exactOptional(), inRoot: z.string().exactOptional(),
	}),
]);
const recordShape = z.object({version: z.string(), repository: z.string(), steps: z.array(stepShape)});

/**
What an installation did, so that any later version can undo it.
*/
export type InstallRecord = {readonly version: string; readonly repository: string; readonly steps: readonly Step[]};

/**
The record of the installation below that root; undefined when there is none. Throws an Error when it cannot be parsed.
*/
export async function readRecord(root: string | undefined): Promise<InstallRecord | undefined> {
	const file = inRoot(root, paths.record);
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch {
		return undefined;
	}

	try {
		return recordShape.parse(JSON.parse(text));
	} catch (error) {
		throw new Error(`${file} cannot be parsed; it lists what "service install" created. Fix it, or remove the service by hand.`, {cause: error});
	}
}

/**
The step that writes the record. It comes first, so that an interrupted installation can be undone too. Steps of an earlier record that the
new ones do not repeat are kept.
*/
export function recordStep(record: InstallRecord, before: InstallRecord | undefined): Step {
	const repeated = new Set(record.steps.map(step => identityOf(step)));
	const older = (before?.steps ?? []).filter(step => !repeated.has(identityOf(step)));
	const steps = [...older, ...record.steps].map(step => step.type === 'file' ? {type: step.type, path: step.path, mode: step.mode} : step);
	return {
		type: 'file', path: paths.record, mode: 0o644, text: `${JSON.stringify({...record, steps}, undefined, '\t')}\n`,
	};
}

function identityOf(step: Step): string {
	return step.type === 'command' ? step.argv.join('\0') : step.path;
}
