import * as z from 'zod';
import {PortError} from '../scaler/ports.ts';
import {readPages} from './pages.ts';
import {
	publicKeyOf, publicKeyOfFile, publicKeysOfAgent, type KeyProblem,
} from './public-key.ts';
import type {Send} from './request.ts';

const keyRow = z.object({id: z.int(), name: z.string(), public_key: z.string().optional().catch(undefined)});

export type SshKey = {readonly id: number; readonly name: string; readonly publicKey: string};

/**
All SSH keys of the project. Throws HetznerError.
*/
export async function readSshKeys(send: Send): Promise<readonly SshKey[]> {
	const {rows} = await readPages(send, {path: '/ssh_keys', key: 'ssh_keys'});
	return rows.flatMap(row => {
		const {data} = keyRow.safeParse(row);
		return data === undefined ? [] : [{id: data.id, name: data.name, publicKey: data.public_key ?? ''}]; // One without a name is nobody's.
	});
}

/**
The SSH key of that name at Hetzner. Throws PortError that lists the names there are, and HetznerError.
*/
export async function findSshKey(send: Send, name: string): Promise<SshKey> {
	const keys = await readSshKeys(send);
	const key = keys.find(key => key.name === name);
	if (key === undefined) {
		const names = keys.length === 0 ? 'the project has none' : `the project has: ${keys.map(known => known.name).join(', ')}`;
		throw new PortError(`Hetzner has no SSH key named "${name}" (--ssh-key / HETZNER_SSH_KEY); ${names}`, {kind: 'notFound'});
	}

	return key;
}

/**
Whether ssh on this machine can log in with that key: it is the file's, or, without a file, one of the agent's. `ok`, or a sentence and
advice.
*/
export async function matchPrivateKey(key: SshKey, privateKeyFile: string | undefined): Promise<'ok' | KeyProblem> {
	const wanted = publicKeyOf(key.publicKey);
	if (privateKeyFile === undefined) {
		const held = await publicKeysOfAgent();
		return held.includes(wanted ?? '')
			? 'ok'
			: {
				problem: `the SSH agent ${held.length === 0 ? 'holds no key' : `does not hold the key "${key.name}"`}: add it with ssh-add, or give its file by --ssh-private-key`,
				advice: 'ssh-add the key, or name its file by --ssh-private-key / HETZNER_SSH_PRIVATE_KEY',
			};
	}

	const own = await publicKeyOfFile(privateKeyFile);
	if ('problem' in own) {
		return own;
	}

	return own.key === wanted
		? 'ok'
		: {problem: `${privateKeyFile} is not the private key of "${key.name}" at Hetzner: servers would refuse it`, advice: 'name the key\'s own file by --ssh-private-key, or give Hetzner this key\'s public half'};
}
