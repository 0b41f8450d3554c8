import {
	closeSync, constants, fstatSync, lstatSync, openSync, readFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {UsageError} from './usage-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ClosedFile = {readonly flag: string; readonly mostBytes: number; readonly environment: Environment};

function isHandedOver(file: string, environment: Environment): boolean {
	const folder = environment.CREDENTIALS_DIRECTORY ?? '';
	return folder !== '' && path.dirname(path.resolve(file)) === path.resolve(folder);
}

/**
The text of a file with a secret. Only its owner may read it, and its owner is this user or root; a file that was handed over in $CREDENTIALS_DIRECTORY has whatever
mode systemd or docker gave it. What is opened is what is checked: a name can be given to another file in between. Throws UsageError that names the flag.
*/
export function readClosedFile(file: string, {flag, mostBytes, environment}: ClosedFile): string {
	const isGiven = isHandedOver(file, environment);
	let descriptor;
	try {
		descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK); // eslint-disable-line no-bitwise
	} catch (error) {
		throw new UsageError(`${file} (${flag}) cannot be read: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : reasonOf(error)}.`);
	}

	try {
		const {mode, uid, size} = fstatSync(descriptor);
		const isRegular = (mode & constants.S_IFMT) === constants.S_IFREG; // eslint-disable-line no-bitwise
		const fault = isRegular
			? (isGiven ? undefined : accessFault(file, mode & 0o7777, uid, environment)) // eslint-disable-line no-bitwise
			: 'is not a regular file';
		if (fault !== undefined) {
			throw new UsageError(`${file} (${flag}) ${fault}.`);
		}

		if (size > mostBytes) {
			throw new UsageError(`${file} (${flag}) is too long for what it should hold: more than ${mostBytes} bytes.`);
		}

		return readFileSync(descriptor, 'utf8');
	} finally {
		closeSync(descriptor);
	}
}

function accessFault(file: string, mode: number, owner: number, environment: Environment): string | undefined {
	const own = process.geteuid?.();
	if (own === undefined) {
		return undefined; // Windows has no such modes.
	}

	// As root by sudo the person's own file is as good.
	const mayOwn = new Set([0, own, ...own === 0 && environment.SUDO_UID !== undefined ? [Number(environment.SUDO_UID)] : []]);
	const link = lstatSync(file);
	if (link.isSymbolicLink() && !mayOwn.has(link.uid)) {
		return 'is a symbolic link that belongs to another user, who could let it lead anywhere: name the file itself';
	}

	if (!mayOwn.has(owner)) {
		return 'belongs to another user, who could replace it: copy it to a file of your own, with mode 600';
	}

	const shown = mode.toString(8).padStart(3, '0');
	return (mode & 0o077) === 0 ? undefined : `can be read by other users of this machine (mode ${shown}): chmod 600 ${file}`; // eslint-disable-line no-bitwise
}

function reasonOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
