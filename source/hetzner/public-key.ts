import {Buffer} from 'node:buffer';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {promisify} from 'node:util';
import {cleanText} from '../model/clean-text.ts';
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
Why a private key's file is of no use to ssh, and what to do.
*/
export type KeyProblem = {readonly problem: string; readonly advice: string};

/**
The public key that belongs to a private key's file, as ssh itself loads it without anybody to ask; or why it does not.
*/
export async function publicKeyOfFile(file: string): Promise<KeyProblem | {readonly key: string}> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		return {problem: `cannot read the private key ${file} (${codeOf(error)})`, advice: 'name its file by --ssh-private-key / HETZNER_SSH_PRIVATE_KEY, readable for the user that runs this'};
	}

	try {
		const {stdout} = await run('ssh-keygen', ['-y', '-P', '', '-f', file], {timeout: 10_000, env: withoutSecrets(process.env)});
		const key = publicKeyOf(stdout);
		return key === undefined ? {problem: `${file} is no private key that ssh can use`, advice: 'make one with ssh-keygen -t ed25519'} : {key};
	} catch (error) {
		const said = String(error instanceof Error && 'stderr' in error ? error.stderr : error);
		return isLocked(said) ? lockedKey(file, text) : problemOf(file, text, said);
	}
}

const isLocked = (said: string) => /passphrase/iv.test(said);

// With a passphrase it is good as soon as the agent holds it: the public half lies unencrypted in the same file, or beside it.
async function lockedKey(file: string, text: string): Promise<KeyProblem | {readonly key: string}> {
	const key = fromContainer(text) ?? publicKeyOf(await readFile(`${file}.pub`, 'utf8').catch(() => ''));
	const held = await publicKeysOfAgent();
	return key !== undefined && held.includes(key)
		? {key}
		: {problem: `${file} has a passphrase, which nobody is there to type`, advice: `ssh-add ${file}, or take a key without a passphrase`};
}

// What ssh says of a file that it does not load is "error in libcrypto" for nearly all of these.
function problemOf(file: string, text: string, said: string): KeyProblem {
	if (/bad permissions|too open/iv.test(said)) {
		return {problem: `ssh ignores the private key ${file}: its mode lets others read it`, advice: `chmod 600 ${file}`};
	}

	if (publicKeyOf(text) !== undefined && /^(?:ssh|ecdsa|sk)-/v.test(text.trim())) {
		return {problem: `${file} is the public half of a key, not the private one`, advice: `name the private key's file, often ${file.replace(/\.pub$/v, '')}`};
	}

	const refused = `ssh cannot use the private key ${file}`;
	if (text.includes('\r')) {
		return {problem: `${refused}: it has the line ends of Windows (CRLF)`, advice: String.raw`sed -i 's/\r$//' ${file}`};
	}

	if (text.startsWith('\u{FEFF}')) {
		return {problem: `${refused}: it begins with a byte order mark`, advice: String.raw`sed -i '1s/^\xEF\xBB\xBF//' ${file}`};
	}

	if (text.trim().split('\n').length === 1 && text.includes('-----BEGIN')) {
		return {problem: `${refused}: its lines have been joined to one`, advice: 'copy the file again, with its line ends'};
	}

	const isCut = text.includes('-----BEGIN') && !text.endsWith('\n');
	const lastWords = cleanText(said.trim().split('\n').at(-1) ?? '').slice(0, 100);
	return isCut
		? {problem: `${refused}: the last line has no end, and may be cut off`, advice: `echo >> ${file}, or copy the file again`}
		: {
			problem: `${file} is no private key that ssh can use (ssh-keygen -y -f ${file} fails: ${lastWords})`,
			advice: 'copy the file again, or make another with ssh-keygen -t ed25519',
		};
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

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
