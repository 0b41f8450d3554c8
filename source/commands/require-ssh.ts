import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {UsageError} from '../settings/usage-error.ts';

/** Throws UsageError when this machine has no ssh client, naming the package, or one that does not work for this user. */
export function requireSsh(): void {
	const {error, stderr} = spawnSync('ssh', ['-F', 'none', '-G', 'localhost'], {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: {PATH: process.env.PATH ?? ''}});
	if (error !== undefined) {
		throw new UsageError('The ssh client is missing: install the package openssh-client (Debian, Ubuntu) or openssh-clients (Fedora).');
	}

	// In a container whose user stands in no list ("docker run --user 12345").
	if (stderr.includes('No user exists for uid')) {
		throw new UsageError(`ssh does not work for user ${process.getuid?.() ?? ''}, who has no entry in /etc/passwd: add one, or run as a user who has ("node" in the image node).`);
	}
}
