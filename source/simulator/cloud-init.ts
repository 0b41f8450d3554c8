import * as z from 'zod';
import type {WorldParameters} from './parameters.ts';

/**
What cloud-init takes from user data: a host key (its module cc_ssh).
*/
export type GivenHostKey = {readonly privateKey: string; readonly publicKey: string};

const shape = z.object({ssh_keys: z.object({ed25519_private: z.string(), ed25519_public: z.string()})});

/**
The host key that user data names; undefined when it names none or the images have no cloud-init. Of YAML only the part that is JSON is understood.
*/
export function givenHostKey(userData: string | undefined, parameters: WorldParameters): GivenHostKey | undefined {
	const json = /^#cloud-config\n(?<json>[\s\S]+)$/v.exec(userData ?? '')?.groups?.json;
	if (json === undefined || !parameters.imagesHaveCloudInit) {
		return undefined;
	}

	try {
		const parsed = shape.safeParse(JSON.parse(json));
		return parsed.success ? {privateKey: parsed.data.ssh_keys.ed25519_private, publicKey: parsed.data.ssh_keys.ed25519_public} : undefined;
	} catch {
		return undefined; // Cloud-init, too, only writes a warning to its log.
	}
}
