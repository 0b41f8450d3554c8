import {createPrivateKey, type KeyObject} from 'node:crypto';
import {
	closeSync, constants, fstatSync, lstatSync, openSync, readFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {UsageError} from './usage-error.ts';

/** GitHub's keys have 1.7 kB; what is longer than that is something else. */
const mostBytes = 16_384;

const anew = 'make a new one on the App\'s page under "Private keys"';

/**
The text of a GitHub App's private key (PEM, RSA), checked. Only its owner may read the file, and its owner is this user or root; a file
that was handed over in
$CREDENTIALS_DIRECTORY has whatever mode systemd or docker gave it. Throws UsageError of one sentence that never repeats what is in the
file.
*/
export function readAppKey(file: string, environment: Readonly<Record<string, string | undefined>> = process.env): string {
	const text = readClosedFile(file, isHandedOver(file, environment), environment);
	const fault = keyFault(text);
	if (fault !== undefined) {
		throw new UsageError(`${file} (--github-app-key-file) ${fault}.`);
	}

	return text;
}

function isHandedOver(file: string, environment: Readonly<Record<string, string | undefined>>): boolean {
	const folder = environment.CREDENTIALS_DIRECTORY ?? '';
	return folder !== '' && path.dirname(path.resolve(file)) === path.resolve(folder);
}

// What is opened is what is checked: a name can be given to another file in between.
function readClosedFile(file: string, isGiven: boolean, environment: Readonly<Record<string, string | undefined>>): string {
	let descriptor;
	try {
		descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK); // eslint-disable-line no-bitwise
	} catch (error) {
		throw new UsageError(`${file} (--github-app-key-file) cannot be read: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : reasonOf(error)}.`);
	}

	try {
		const {mode, uid, size} = fstatSync(descriptor);
		const isRegular = (mode & constants.S_IFMT) === constants.S_IFREG; // eslint-disable-line no-bitwise
		const fault = isRegular
			? (isGiven ? undefined : accessFault(file, mode & 0o7777, uid, environment)) // eslint-disable-line no-bitwise
			: 'is not a regular file';
		if (fault !== undefined) {
			throw new UsageError(`${file} (--github-app-key-file) ${fault}.`);
		}

		if (size > mostBytes) {
			throw new UsageError(`${file} (--github-app-key-file) is too long for a private key: ${anew}.`);
		}

		return readFileSync(descriptor, 'utf8');
	} finally {
		closeSync(descriptor);
	}
}

function accessFault(file: string, mode: number, owner: number, environment: Readonly<Record<string, string | undefined>>): string | undefined {
	const own = process.geteuid?.();
	if (own === undefined) {
		return undefined; // Windows has no such modes.
	}

	// As root by sudo the person's own file is as good.
	const mayOwn = new Set([0, own, ...own === 0 && environment.SUDO_UID !== undefined ? [Number(environment.SUDO_UID)] : []]);
	const link = lstatSync(file);
	if (link.isSymbolicLink() && !mayOwn.has(link.uid)) {
		return 'is a symbolic link that belongs to another user, who could let it lead anywhere: name the key file itself';
	}

	if (!mayOwn.has(owner)) {
		return 'belongs to another user, who could replace it: copy it to a file of your own, with mode 600';
	}

	const shown = mode.toString(8).padStart(3, '0');
	return (mode & 0o077) === 0 ? undefined : `can be read by other users of this machine (mode ${shown}): chmod 600 ${file}`; // eslint-disable-line no-bitwise
}

/** What is wrong with a text as a GitHub App's private key, to follow the file's name; undefined when nothing is. */
export function keyFault(text: string): string | undefined {
	const trimmed = text.trim();
	if (trimmed === '') {
		return `is empty: ${anew}`;
	}

	const begins = /-----BEGIN (?<kind>[ 0-9A-Z]+)-----/v.exec(trimmed)?.groups?.kind;
	if (begins === undefined) {
		return /^(?:gh[a-z]_|github_pat_)/v.test(trimmed)
			? 'holds a token, not a private key: a token goes into --github-token, without an App'
			: (/^[0-9a-f]{40}$/v.test(trimmed)
				? `holds what looks like a client secret, not a private key: ${anew}`
				: `holds no private key (no line "-----BEGIN RSA PRIVATE KEY-----"): ${anew}`);
	}

	if (begins.includes('PUBLIC KEY') || begins.includes('CERTIFICATE')) {
		return `holds a ${begins.includes('CERTIFICATE') ? 'certificate' : 'public key'}, not the private key: ${anew}`;
	}

	if (begins.includes('OPENSSH')) {
		return `holds an SSH key, not the private key of a GitHub App: ${anew}`;
	}

	if (begins.includes('ENCRYPTED') || trimmed.includes('Proc-Type: 4,ENCRYPTED')) {
		return 'is protected by a passphrase: take it off with "openssl rsa -in FILE -out NEW"';
	}

	if (trimmed.includes(String.raw`\n`)) {
		return String.raw`has the two characters "\n" where its lines should end: write it as GitHub gave it`;
	}

	const key = parseKey(trimmed);
	if (key === undefined) {
		return `holds a private key that is damaged or cut short: copy it again, or ${anew}`;
	}

	return key.asymmetricKeyType === 'rsa' ? undefined : `holds a key of type ${key.asymmetricKeyType ?? 'unknown'}, and GitHub Apps sign with RSA: ${anew}`;
}

function parseKey(text: string): KeyObject | undefined {
	try {
		return createPrivateKey(text);
	} catch {
		return undefined; // Its words may show what is in the file.
	}
}

function reasonOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
