import {spawnSync} from 'node:child_process';
import {UsageError} from '../settings/usage-error.ts';

/** Throws UsageError that names the package when this machine has no ssh client. */
export function requireSsh(): void {
	if (spawnSync('ssh', ['-V'], {stdio: 'ignore'}).error !== undefined) {
		throw new UsageError('The ssh client is missing: install the package openssh-client (Debian, Ubuntu) or openssh-clients (Fedora).');
	}
}
