import {chmod, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import {serveApi} from './http/api-server.ts';
import {githubApi} from './http/github-api.ts';
import {hetznerApi} from './http/hetzner-api.ts';
import {serveSsh} from './ssh-server.ts';
import type {World} from './world.ts';

/**
A world that real clients can reach on loopback.
*/
export type ServedWorld = {
	readonly githubUrl: string;
	/**
	With `/v1`.
	*/
	readonly hetznerUrl: string;
	readonly sshPort: number;
	readonly githubToken: string;
	readonly hetznerToken: string;
	/**
	`owner/name`.
	*/
	readonly repository: string;
	readonly sshKeyName: string;
	readonly sshPrivateKeyFile: string;
	/**
	What points any client at this world.
	*/
	readonly environment: Readonly<Record<string, string>>;
	readonly close: () => Promise<void>;
};

/**
Serves a world: both APIs on free ports of 127.0.0.1, SSH on 127.77.0.0/16. Writes a fresh SSH key pair into `directory` (private key 0600) and
puts its public key into the world's Hetzner project. The world's own clock counts. Throws with one sentence when the machine can't listen there.
*/
export async function serveWorld({world, directory}: {readonly world: World; readonly directory: string}): Promise<ServedWorld> {
	const sshKeyName = 'simulated-key';
	const sshPrivateKeyFile = path.join(directory, 'id_ecdsa');
	const pair = soundKeyPair();
	await mkdir(directory, {recursive: true, mode: 0o700});
	await writeFile(sshPrivateKeyFile, pair.private, {mode: 0o600});
	await chmod(sshPrivateKeyFile, 0o600); // The mode above counts only for a new file.
	await writeFile(`${sshPrivateKeyFile}.pub`, `${pair.public}\n`);
	world.now();
	world.hetzner.addKey(sshKeyName, pair.public);
	const ssh = await serveSsh(world);
	const github = await serveApi(githubApi(world));
	const hetzner = await serveApi(hetznerApi(world));
	const hetznerUrl = `${hetzner.url}/v1`;
	const repository = `${world.repository.owner}/${world.repository.name}`;
	return {
		githubUrl: github.url,
		hetznerUrl,
		sshPort: ssh.port,
		githubToken: world.githubToken,
		hetznerToken: world.hetznerToken,
		repository,
		sshKeyName,
		sshPrivateKeyFile,
		environment: {
			GITHUB_API_URL: github.url,
			GITHUB_TOKEN: world.githubToken,
			GITHUB_REPOSITORY: repository,
			HCLOUD_ENDPOINT: hetznerUrl,
			HETZNER_TOKEN: world.hetznerToken,
			HCLOUD_TOKEN: world.hetznerToken,
			HETZNER_SSH_KEY: sshKeyName,
			HETZNER_SSH_PRIVATE_KEY: sshPrivateKeyFile,
			HETZNER_SSH_PORT: String(ssh.port),
		},
		async close() {
			await Promise.all([ssh.close(), github.close(), hetzner.close()]);
		},
	};
}

// One in two hundred of ssh2's ed25519 keys is malformed; its ecdsa keys are sound.
function soundKeyPair(): {readonly private: string; readonly public: string} {
	return ssh2.utils.generateKeyPairSync('ecdsa', {bits: 256, comment: 'hetzner-runners-tui simulator'});
}
