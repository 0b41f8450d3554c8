import type {Repository} from '../model/job.ts';
import type {Instant} from '../model/time.ts';
import type {Clock, Cloud} from '../scaler/ports.ts';
import {actionWaiter} from './actions.ts';
import {readCatalogue} from './catalogue.ts';
import {
	ensureFirewall, findFirewall, type Firewall, type FirewallWish,
} from './firewall.ts';
import {
	imageDeprecated, imageNames, mayWrite, serversElsewhere,
} from './probe.ts';
import type {KeyProblem} from './public-key.ts';
import {openLine} from './request.ts';
import {retrying} from './retry.ts';
import {named} from './server-reads.ts';
import {serverPort} from './servers.ts';
import {findSshKey, matchPrivateKey, type SshKey} from './ssh-keys.ts';

export type HetznerOptions = {
	/**
	With its version: "https://api.hetzner.cloud/v1".
	*/
	readonly apiUrl: string;
	/**
	A token with "Read & Write"; it also says which project.
	*/
	readonly token: string;
	readonly repository: Repository;
	/**
	The name of the SSH key that new servers get.
	*/
	readonly sshKeyName: string;
	/**
	A name like "ubuntu-24.04", or an image's number.
	*/
	readonly image: string;
	/**
	The firewall that new servers get.
	@default none
	*/
	readonly firewall?: FirewallWish | undefined;
	readonly clock: Clock;
	/**
	Real milliseconds that one attempt may take.
	@default 30000
	*/
	readonly attemptMilliseconds?: number;
	/**
	What sends requests: one that goes through a proxy, say.
	@default fetch
	*/
	readonly fetch?: typeof fetch | undefined;
};

/**
What a start and `doctor` ask besides the port.
*/
export type HetznerChecks = {
	/**
	The configured SSH key as Hetzner has it. Throws PortError; a wrong name's error lists the names that exist.
	*/
	findSshKey: () => Promise<SshKey>;
	/**
	Whether ssh here can log in with it: by that file, or by the agent when none is given. Throws PortError when Hetzner can't be asked.
	*/
	checkPrivateKey: (privateKeyFile: string | undefined) => Promise<'ok' | KeyProblem>;
	/**
	The configured firewall as it is now; undefined when none is configured or ours has yet to be made. Changes nothing. Throws PortError; a
	wrong name's error lists the names that exist.
	*/
	findFirewall: () => Promise<Firewall | undefined>;
	/**
	The same, and ours is made when it is not there. Throws PortError.
	*/
	ensureFirewall: () => Promise<Firewall | undefined>;
	/**
	Whether the token may write; nothing is written. Throws PortError.
	*/
	mayWrite: () => Promise<boolean>;
	/**
	Since when the configured image is deprecated; undefined when it is not. Throws PortError.
	*/
	imageDeprecated: () => Promise<Instant | undefined>;
	/**
	The names of the images that Hetzner offers to everybody. Throws PortError.
	*/
	imageNames: () => Promise<readonly string[]>;
	/**
	Names of servers in the project that this program made for other repositories, by "owner/name" as their labels say it. Throws PortError.
	*/
	serversElsewhere: () => Promise<ReadonlyMap<string, readonly string[]>>;
};

/**
Hetzner's side for one repository in one project. Every method throws PortError when the answer is none of those its type names.
*/
export function createHetzner(options: HetznerOptions): Cloud & HetznerChecks {
	const {clock, repository, sshKeyName, image, firewall: wish} = options;
	const line = openLine(options);
	const send = retrying(line.send, clock);
	let sshKeyId: number | undefined;
	let firewall: Promise<Firewall | undefined> | undefined;

	async function findKey(): Promise<SshKey> {
		const key = await named('reading SSH keys', findSshKey(send, sshKeyName));
		sshKeyId = key.id;
		return key;
	}

	// Asked for once, by however many creations at a time; again after it failed.
	async function ownFirewall(): Promise<Firewall | undefined> {
		const asked = firewall ?? (wish === undefined ? Promise.resolve(undefined) : named('looking up the firewall', ensureFirewall(send, repository, wish)));
		firewall = asked;
		try {
			return await asked;
		} catch (error) {
			firewall = undefined;
			throw error;
		}
	}

	async function renew(): Promise<void> {
		firewall = undefined;
		await findKey();
	}

	return {
		...serverPort({
			send, repository, sshKey: () => sshKeyId ?? sshKeyName, firewall: ownFirewall, renew,
			awaitAction: actionWaiter(line.send, clock), clock, onOurClock: line.onOurClock,
		}),
		readCatalogue: async () => named('reading types and prices', readCatalogue(send, image, clock.now())),
		budget: line.budget,
		findSshKey: findKey,
		findFirewall: async () => wish === undefined ? undefined : named('looking up the firewall', findFirewall(send, repository, wish)),
		ensureFirewall: ownFirewall,
		mayWrite: async () => named('asking for the right to write', mayWrite(line.send)),
		imageDeprecated: async () => named('reading the image', imageDeprecated(send, image)),
		imageNames: async () => named('reading images', imageNames(send)),
		serversElsewhere: async () => named('reading servers of other repositories', serversElsewhere(send, repository)),
		checkPrivateKey: async file => matchPrivateKey(await findKey(), file),
	};
}
