import * as z from 'zod';
import type {Catalogue} from '../model/catalogue.ts';
import {readCatalogue} from './catalogue.ts';
import {mayWrite} from './probe.ts';
import {openLine, type LineOptions} from './request.ts';
import {retrying} from './retry.ts';
import {named} from './server-reads.ts';
import {readSshKeys, type SshKey} from './ssh-keys.ts';

/**
What a first set-up asks of a project. Methods throw PortError.
*/
export type HetznerAccount = {
	mayWrite: () => Promise<boolean>;
	readCatalogue: (image: string) => Promise<Catalogue>;
	readSshKeys: () => Promise<readonly SshKey[]>;
	/**
	Gives the project a public key; a name that is taken throws.
	*/
	addSshKey: (name: string, publicKey: string) => Promise<void>;
};

const added = z.object({ssh_key: z.object({id: z.int()})});

/**
A project, by its token.
*/
export function openHetznerAccount(options: LineOptions): HetznerAccount {
	const line = openLine(options);
	const send = retrying(line.send, options.clock);
	return {
		mayWrite: async () => named('asking for the right to write', mayWrite(line.send)),
		readCatalogue: async image => named('reading types and prices', readCatalogue(send, image, options.clock.now())),
		readSshKeys: async () => named('reading SSH keys', readSshKeys(send)),
		async addSshKey(name, publicKey) {
			const answer = await named('adding an SSH key', line.send({method: 'POST', path: '/ssh_keys', body: {name, public_key: publicKey}}));
			added.parse(answer);
		},
	};
}
