import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Repository} from '../model/job.ts';
import {UsageError} from './usage-error.ts';

/** Where history and host keys of one repository are kept: below systemd's $STATE_DIRECTORY for a service. They may be lost. */
export function stateFolder(repository: Repository): string {
	const base = process.env.STATE_DIRECTORY ?? path.join(process.env.XDG_STATE_HOME ?? path.join(os.homedir(), '.local', 'state'), 'hetzner-runners-tui');
	return stateFolderIn(base, repository);
}

/** The folder of that repository below the one for all. No owner or name has a "+": a-b/c and a/b-c have a folder each. */
export function stateFolderIn(base: string, {owner, name}: Repository): string {
	return path.join(base, `${owner}+${name}`.toLowerCase());
}

/** Makes that folder when it is not there. Throws UsageError when nothing can be written to it: no server could be told from another without its host key. */
export function requireStateFolder(folder: string): void {
	const probe = path.join(folder, `probe-${process.pid}`);
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		writeFileSync(probe, '', {mode: 0o600});
		rmSync(probe);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
		throw new UsageError(`The state folder ${folder} cannot be written (${code}), and host keys of servers are kept there: make it writable for this user, or set XDG_STATE_HOME to another folder.`);
	}
}
