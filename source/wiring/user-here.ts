import os from 'node:os';
import process from 'node:process';

/** The name of the user that this process runs as; in a container, whose users often stand in no list, its number. */
export function userHere(): string {
	try {
		return os.userInfo().username;
	} catch {
		return `user ${process.getuid?.() ?? 'unknown'}`;
	}
}
