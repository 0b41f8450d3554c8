import {once} from 'node:events';
import {createServer} from 'node:net';
import ssh2, {type Connection} from 'ssh2';
import {givenHostKey} from './cloud-init.ts';
import {fakeShell, runFakeCommand} from './fake-shell.ts';
import type {SimulatedServer} from './hetzner-resources.ts';
import {playBash} from './set-up-session.ts';
import type {World} from './world.ts';

export type RunningSshServer = {readonly port: number; readonly close: () => Promise<void>};

type Listener = {readonly server: ssh2.Server; readonly connections: Set<Connection>; readonly hostLife: number; readonly hadDropped: boolean};

/**
SSH servers on loopback, one address (127.77.x.y) for each simulated server, all on one port. An address listens only while the sshd on that server answers.
Throws when this machine can't listen there.
*/
export async function serveSsh(world: World): Promise<RunningSshServer> {
	const port = await findPort();
	const listeners = new Map<number, Listener>();
	const hostKeys = new Map<number, string>();
	const ending = new AbortController();

	function makeKey(): string {
		return ssh2.utils.generateKeyPairSync('ecdsa', {bits: 256}).private;
	}

	function hostKeyOf(server: SimulatedServer): string {
		const known = server.host.outcome === 'hostKeyChanges' && server.host.hasDropped ? undefined : hostKeys.get(server.id);
		const hostKey = known ?? (server.host.hasDropped ? undefined : givenHostKey(server.userData, world.parameters)?.privateKey) ?? makeKey();
		hostKeys.set(server.id, hostKey);
		return hostKey;
	}

	function open(server: SimulatedServer, connections = new Set<Connection>()): void {
		const nextKey = makeKey();
		const listener = new ssh2.Server({hostKeys: [hostKeyOf(server)]}, client => {
			connections.add(client);
			accept({
				world, server, client, signal: ending.signal, nextKey,
				// As a reload of sshd does: sessions go on, the next one sees the new key.
				replaceHostKey() {
					if (ending.signal.aborted || listeners.get(server.id)?.server !== listener) {
						return; // Its world is closed, or another session has replaced it: one that is opened now would never be closed.
					}

					hostKeys.set(server.id, nextKey);
					listener.close();
					open(server, connections);
				},
			});
			client.on('close', () => {
				connections.delete(client);
			});
		});
		// Another program may hold that address and port; then this server's SSH never answers, as in life.
		listener.on('error', ignore);
		listener.listen(port, server.ip);
		listeners.set(server.id, {
			server: listener, connections, hostLife: server.host.life, hadDropped: server.host.hasDropped,
		});
	}

	function shut(id: number): void {
		const listener = listeners.get(id);
		listeners.delete(id);
		listener?.server.close();
		for (const client of listener?.connections ?? []) {
			client.end();
		}
	}

	function adjust(): void {
		world.now();
		for (const [id, listener] of listeners) {
			const host = world.hetzner.servers.get(id)?.host;
			const hasAnotherKey = host?.outcome === 'hostKeyChanges' && host.hasDropped !== listener.hadDropped;
			if (host?.doesSshAnswer !== true || host.life !== listener.hostLife || hasAnotherKey) {
				shut(id);
			}
		}

		for (const server of world.hetzner.servers.values()) {
			if (server.host.doesSshAnswer && !listeners.has(server.id)) {
				open(server);
			}
		}
	}

	const timer = setInterval(adjust, 20);
	return {
		port,
		async close() {
			clearInterval(timer);
			ending.abort();
			for (const id of listeners.keys()) {
				shut(id);
			}
		},
	};
}

// A port that is free on the first address is taken to be free on all of this network.
async function findPort(): Promise<number> {
	const probe = createServer();
	probe.listen(0, '127.77.0.1');
	try {
		await once(probe, 'listening');
	} catch (error) {
		throw new Error('The simulated servers live on 127.77.0.0/16, and this machine does not let a program listen there; on macOS, add the addresses with "ifconfig lo0 alias", or use Linux.', {cause: error});
	}

	const address = probe.address();
	probe.close();
	await once(probe, 'close');
	return typeof address === 'object' && address !== null ? address.port : 0;
}

type Accepted = {
	readonly world: World;
	readonly server: SimulatedServer;
	readonly client: Connection;
	readonly signal: AbortSignal;
	readonly nextKey: string;
	readonly replaceHostKey: () => void;
};

function accept({world, server, client, signal, nextKey, replaceHostKey}: Accepted): void {
	client.on('error', ignore);
	client.on('authentication', context => {
		if (context.method !== 'publickey' || context.username !== 'root') {
			context.reject(['publickey']);
			return;
		}

		const key = server.publicKeys.map(text => ssh2.utils.parseKey(text)).find(candidate => !(candidate instanceof Error) && candidate.getPublicSSH().equals(context.key.data));
		const isGood = key !== undefined && !(key instanceof Error)
			&& (context.signature === undefined || context.blob === undefined || key.verify(context.blob, context.signature, context.hashAlgo));
		if (isGood) {
			context.accept();
		} else {
			context.reject(['publickey']);
		}
	});
	client.on('ready', () => {
		client.on('session', acceptSession => {
			const session = acceptSession();
			session.on('pty', acceptPty => {
				acceptPty();
			});
			session.on('window-change', acceptChange => {
				acceptChange?.();
			});
			session.on('shell', acceptShell => {
				fakeShell(server, acceptShell());
			});
			session.on('exec', (acceptExec, _reject, {command}) => {
				const channel = acceptExec();
				channel.on('error', ignore);
				if (command !== 'bash -s') {
					runFakeCommand(server, command, channel);
					return;
				}

				const hangUp = () => {
					client.end();
				};

				// The world's own failure breaks the session off, as a host's would.
				playBash({
					world, server, channel, signal, hangUp, newHostKey: () => publicHalf(nextKey), replaceHostKey,
				}).catch(hangUp);
			});
		});
	});
}

function publicHalf(privateKey: string): string {
	const key = ssh2.utils.parseKey(privateKey);
	if (key instanceof Error) {
		throw key;
	}

	return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

function ignore(): void {
	// Clients reset, time out, send nonsense: their affair.
}
