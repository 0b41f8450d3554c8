import {createPrivateKey, type KeyObject} from 'node:crypto';
import process from 'node:process';
import {readClosedFile} from './closed-file.ts';
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
	const text = readClosedFile(file, {flag: '--github-app-key-file', mostBytes, environment});
	const fault = keyFault(text);
	if (fault !== undefined) {
		throw new UsageError(`${file} (--github-app-key-file) ${fault}.`);
	}

	return text;
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
