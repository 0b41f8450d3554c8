import {readFile} from 'node:fs/promises';
import * as z from 'zod';
import {inRoot, places} from './places.ts';
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
What an installation has done, so that it can be undone by any later version.
*/
export type InstallRecord = {readonly version: string; readonly repository: string; readonly steps: readonly Step[]};

/**
The record of the installation below that root; undefined when there is none. Throws a sentence when it cannot be understood.
*/
export async function readRecord(root: string | undefined): Promise<InstallRecord | undefined> {
	const file = inRoot(root, places.record);
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch {
		return undefined;
	}

	try {
		return recordShape.parse(JSON.parse(text));
	} catch (error) {
		throw new Error(`${file} cannot be understood; it says what "service install" made. Mend it, or remove the service by hand.`, {cause: error});
	}
}

/**
The step that writes the record, to be taken first: an installation that breaks off can then be undone, too. What an earlier record
knows and the new steps do not repeat stays in it.
*/
export function recordStep(record: InstallRecord, before: InstallRecord | undefined): Step {
	const places_ = new Set(record.steps.map(step => placeOf(step)));
	const older = (before?.steps ?? []).filter(step => !places_.has(placeOf(step)));
	const steps = [...older, ...record.steps].map(step => step.type === 'file' ? {type: step.type, path: step.path, mode: step.mode} : step);
	return {
		type: 'file', path: places.record, mode: 0o644, text: `${JSON.stringify({...record, steps}, undefined, '\t')}\n`,
	};
}

function placeOf(step: Step): string {
	return step.type === 'command' ? step.argv.join('\0') : step.path;
}
