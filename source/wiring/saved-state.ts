import {readFileSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type {JobId} from '../model/job.ts';
import type {ServerName} from '../model/server-name.ts';
import type {ServerId} from '../model/server.ts';
import {instant} from '../model/time.ts';
import type {StateStore} from '../scaler/ports.ts';
import type {SavedState} from '../scaler/saved-state.ts';

const moment = z.number().transform(at => instant(at));
const serverName = z.string().max(300).transform(name => name as ServerName);
const failures = z.object({
	count: z.number(), rounds: z.number(), cause: z.enum(['setUp', 'neverReached', 'neverRegistered', 'neverGotJob', 'deleted']), sameCause: z.number(), lastAt: moment, retryAt: moment, lastReason: z.string(),
});
const jobFailures = z.object({
	count: z.number(), lastReason: z.string(), lastAt: moment, labelSet: z.string(),
});
const schema = z.object({
	mode: z.enum(['scaling', 'paused', 'frozen', 'draining']),
	keptUntil: z.array(z.tuple([serverName, moment])),
	drained: z.array(z.tuple([z.int().transform(id => id as ServerId), z.string()])).default([]),
	runnerLimit: z.object({limit: z.number().optional(), configured: z.number().optional()}).optional().transform(found => found && {limit: found.limit, configured: found.configured}),
	failures: z.array(z.tuple([z.string(), failures])),
	jobFailures: z.array(z.tuple([z.int().transform(id => id as JobId), jobFailures])),
	ownNames: z.array(z.string()),
	firstSeen: z.array(z.tuple([z.int().transform(id => id as ServerId), moment])),
	reached: z.array(z.tuple([z.int().transform(id => id as ServerId), moment])).default([]),
});

function fileIn(stateFolder: string): string {
	return path.join(stateFolder, 'state.json');
}

/**
A saved state from its JSON text. Throws when it is none.
*/
export function parseSavedState(text: string): SavedState {
	return schema.parse(JSON.parse(text));
}

/**
What the engine before left in the state folder; undefined when there is none. One that cannot be read is told, and counts as none.
*/
export function readSavedState(stateFolder: string, onTrouble: (words: string) => void): SavedState | undefined {
	let text: string;
	try {
		text = readFileSync(fileIn(stateFolder), 'utf8');
	} catch {
		return undefined;
	}

	try {
		return parseSavedState(text);
	} catch {
		onTrouble(`${fileIn(stateFolder)} cannot be read: the engine starts in the mode "scaling", and keeps no server for an operator.`);
		return undefined;
	}
}

/**
Writes what outlives a restart into the state folder, mode 0600, whole or not
at all, and only when it has changed. A disk that is full or gone is told once.
*/
export function stateStore(stateFolder: string, onTrouble: (words: string) => void): StateStore<SavedState> {
	let written: string | undefined;
	let isBroken = false;
	return {
		save(state) {
			const text = JSON.stringify(state);
			if (text === written) {
				return;
			}

			try {
				const draft = `${fileIn(stateFolder)}.new`;
				writeFileSync(draft, text, {mode: 0o600});
				renameSync(draft, fileIn(stateFolder));
				written = text;
				isBroken = false;
			} catch (error) {
				if (!isBroken) {
					isBroken = true;
					onTrouble(`what is paused, kept or failed cannot be saved for a restart: ${error instanceof Error ? error.message : String(error)}`);
				}
			}
		},
	};
}
