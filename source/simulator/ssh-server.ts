import {Buffer} from 'node:buffer';
import {once} from 'node:events';
import {createServer} from 'node:net';
import ssh2, {type Connection, type ServerChannel} from 'ssh2';
import {fakeShell, runFakeCommand} from './fake-shell.ts';
import {follow} from './follow.ts';
import type {SimulatedServer} from './hetzner-things.ts';
import {parseSetUpStream} from './set-up-stream.ts';
import type {World} from './world.ts';

export type SshFront = {readonly port: number; readonly close: () => Promise<void>};

type Listener = {readonly server: ssh2.Server; readonly connections: Set<Connection>; readonly hostLife: number; readonly hadDropped: boolean};

/**
SSH servers on loopback, one address (127.77.x.y) for each simulated server, all on one port. An address listens only while the sshd on that server answers.
Throws when this machine can't listen there.
*/
export async function serveSsh(world: World): Promise<SshFront> {
	const port = await findPort();
	const listeners = new Map<number, Listener>();
	const hostKeys = new Map<number, string>();
	const ending = new AbortController();

	function open(server: SimulatedServer): void {
		const known = server.host.outcome === 'hostKeyChanges' && server.host.hasDropped ? undefined : hostKeys.get(server.id);
		const hostKey = known ?? ssh2.utils.generateKeyPairSync('ecdsa', {bits: 256}).private;
		hostKeys.set(server.id, hostKey);
		const connections = new Set<Connection>();
		const listener = new ssh2.Server({hostKeys: [hostKey]}, client => {
			connections.add(client);
			accept(world, server, client, ending.signal);
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

function accept(world: World, server: SimulatedServer, client: Connection, signal: AbortSignal): void {
	client.on('error', ignore);
	client.on('authentication', context => {
		if (context.method !== 'publickey') {
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
				if (command === 'bash -s') {
					// The world's own failure breaks the session off, as a host's would.
					playSetUp(world, server, channel, client, signal).catch(() => {
						client.end();
					});
				} else {
					runFakeCommand(server, command, channel);
				}
			});
		});
	});
}

async function playSetUp(world: World, server: SimulatedServer, channel: ServerChannel, client: Connection, signal: AbortSignal): Promise<void> {
	const {own, environment} = parseSetUpStream(await readAll(channel));
	if (own.HRT_PROTOCOL !== '1') {
		channel.stderr.write('This simulated server understands HRT_PROTOCOL=1 only.\n');
		channel.exit(2);
		channel.end();
		return;
	}

	const gone = new AbortController();
	channel.on('close', () => {
		gone.abort();
	});
	const from = Number(own.HRT_FOLLOW_FROM ?? 0);
	const input = {environment, maxSetupSeconds: Number(own.HRT_MAX_SETUP_SECONDS ?? 600)};
	for await (const followed of follow(world, server, input, from, AbortSignal.any([signal, gone.signal]))) {
		switch (followed.met) {
			case 'answered': {
				channel.write(`@answered ${followed.how} ${Math.floor(world.now() / 1000)}\n`);
				break;
			}

			case 'line': {
				channel.write(`${followed.line.text}\n`);
				break;
			}

			case 'ended': {
				channel.write(`${followed.line.text}\n`);
				channel.exit(followed.exitCode === 255 ? 254 : followed.exitCode);
				channel.end();
				return;
			}

			case 'broken': {
				client.end();
				return;
			}
		}
	}
}

async function readAll(channel: ServerChannel): Promise<string> {
	const parts: Uint8Array[] = [];
	channel.on('data', (part: Uint8Array) => {
		parts.push(part);
	});
	await once(channel, 'end');
	return new TextDecoder().decode(Buffer.concat(parts));
}

function ignore(): void {
	// Clients reset, time out, send nonsense: their affair.
}
