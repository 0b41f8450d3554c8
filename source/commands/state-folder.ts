import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {Repository} from '../model/job.ts';

/** Where history and host keys of one repository are kept: below systemd's $STATE_DIRECTORY for a service. They may be lost. */
export function stateFolder(repository: Repository): string {
	const base = process.env.STATE_DIRECTORY ?? path.join(process.env.XDG_STATE_HOME ?? path.join(os.homedir(), '.local', 'state'), 'hetzner-runners-tui');
	return stateFolderIn(base, repository);
}

/** The folder of that repository below the one for all. No owner or name has a "+": a-b/c and a/b-c have a folder each. */
export function stateFolderIn(base: string, {owner, name}: Repository): string {
	return path.join(base, `${owner}+${name}`.toLowerCase());
}
