import process from 'node:process';

const needed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'TMPDIR', 'SSH_AUTH_SOCK'];

/**
What the programs of OpenSSH get of our environment: little, and our tokens are none of it. `more`: names of other variables that this
call needs.
*/
export function smallEnvironment(more: readonly string[] = []): Record<string, string> {
	return Object.fromEntries([...needed, ...more].flatMap(name => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value]];
	}));
}
