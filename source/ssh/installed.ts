import {spawnSync} from 'node:child_process';
import process from 'node:process';

/**
Why ssh cannot be used on this machine: it has no ssh client (the package is named), or one that does not work for this user; undefined: it
can.
*/
export function sshProblem(): string | undefined {
	const {error, stderr} = spawnSync('ssh', ['-F', 'none', '-G', 'localhost'], {stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', env: {PATH: process.env.PATH ?? ''}});
	if (error !== undefined) {
		return 'The ssh client is missing: install the package openssh-client (Debian, Ubuntu) or openssh-clients (Fedora).';
	}

	// In a container whose user stands in no list ("docker run --user 12345").
	return stderr.includes('No user exists for uid')
		? `ssh does not work for user ${process.getuid?.() ?? ''}, who has no entry in /etc/passwd: add one, or run as a user who has ("node" in the image node).`
		: undefined;
}
