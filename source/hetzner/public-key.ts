import {Buffer} from 'node:buffer';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {promisify} from 'node:util';
import {withoutSecrets} from '../model/environment.ts';

const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return

/**
"ssh-ed25519 AAAA…" of a public key's text, without its comment; undefined when it is none.
*/
export function publicKeyOf(text: string): string | undefined {
	const [type, blob] = text.trim().split(/\s+/v, 2);
	return type !== undefined && blob !== undefined && /^[+\/0-9A-Za-z]+=*$/v.test(blob) ? `${type} ${blob}` : undefined;
}

/**
The public key that belongs to a private key's file, or a sentence why it can't be told. A key with a passphrase is told by the
public key that OpenSSH keeps unencrypted in the same file.
*/
export async function publicKeyOfFile(file: string): Promise<{readonly key: string} | {readonly problem: string}> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		return {problem: `cannot read the private key ${file} (${codeOf(error)})`};
	}

	const key = fromContainer(text) ?? await fromKeygen(file);
	return key === undefined ? {problem: `${file} is no private key that ssh can use (ssh-keygen -y -f ${file} fails)`} : {key};
}

/**
The public keys of the agent; none when there is no agent.
*/
export async function publicKeysOfAgent(): Promise<readonly string[]> {
	try {
		const {stdout} = await run('ssh-add', ['-L'], {timeout: 10_000, env: withoutSecrets(process.env)});
		return stdout.split('\n').map(line => publicKeyOf(line)).filter(key => key !== undefined);
	} catch {
		return [];
	}
}

// OpenSSH's own format: a magic word, then cipher, kdf, kdf options, the number of keys, and the first public key, each with its length.
function fromContainer(text: string): string | undefined {
	const body = /-----BEGIN OPENSSH PRIVATE KEY-----(?<body>[^\-]+)-----END/v.exec(text)?.groups?.body;
	const bytes = Buffer.from(body ?? '', 'base64');
	const magic = 'openssh-key-v1\0';
	if (bytes.subarray(0, magic.length).toString('latin1') !== magic) {
		return undefined;
	}

	try {
		let offset = magic.length;
		for (let field = 0; field < 3; field++) {
			offset += 4 + bytes.readUInt32BE(offset);
		}

		offset += 4;
		const blob = bytes.subarray(offset + 4, offset + 4 + bytes.readUInt32BE(offset));
		const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
		return publicKeyOf(`${type} ${blob.toString('base64')}`);
	} catch {
		return undefined; // Cut off.
	}
}

async function fromKeygen(file: string): Promise<string | undefined> {
	try {
		const {stdout} = await run('ssh-keygen', ['-y', '-P', '', '-f', file], {timeout: 10_000, env: withoutSecrets(process.env)});
		return publicKeyOf(stdout);
	} catch {
		return undefined;
	}
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
