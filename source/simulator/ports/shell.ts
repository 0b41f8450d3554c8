import type {ServerName} from '../../model/server-name.ts';
import type {ServerId} from '../../model/server.ts';
import {ageSeconds} from '../../model/time.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../../scaler/ports.ts';
import {givenHostKey} from '../cloud-init.ts';
import {follow} from '../follow.ts';
import type {SetUpInput} from '../host.ts';
import type {World} from '../world.ts';

/**
The Shell port straight on the world's hosts. What it has already told of a server's output it keeps in memory, as a process does.
*/
export function inProcessShell(world: World): Shell {
	const told = new Map<ServerId, number>();
	return {
		setUp: (request, signal) => setUp(world, told, request, signal),
		prepareHostKey: async name => ({publicKey: keyMadeFor(name), userData: userDataFor(name)}),
		async forget(server) {
			told.delete(server.id);
		},
	};
}

// No handshake proves anything in one process: the public half alone says which key a server shows.
function keyMadeFor(name: ServerName): string {
	return `ssh-ed25519 simulated-${name}`;
}

function userDataFor(name: ServerName): string {
	return `#cloud-config\n${JSON.stringify({ssh_keys: {ed25519_private: 'simulated', ed25519_public: keyMadeFor(name)}})}\n`;
}

async function * setUp(world: World, told: Map<ServerId, number>, request: SetUpRequest, signal: AbortSignal): AsyncGenerator<SetUpNews, void> {
	const {id} = request.server;
	await world.clock.sleep(0.2, signal);
	world.now();
	const server = world.hetzner.servers.get(id);
	if (server?.ip !== request.ip || !server.host.doesSshAnswer) {
		yield {news: 'lost', answer: `connect to host ${request.ip} port 22: Connection refused`, kind: 'unreachable'};
		return;
	}

	if (server.host.outcome === 'hostKeyChanges' && server.host.hasDropped) {
		yield {news: 'lost', answer: 'REMOTE HOST IDENTIFICATION HAS CHANGED!', kind: 'changedHostKey'};
		return;
	}

	let refusal: SetUpNews | undefined;
	const start = async (): Promise<SetUpInput | undefined> => {
		if (givenHostKey(server.userData, world.parameters)?.publicKey !== keyMadeFor(request.server.name)) {
			refusal = {news: 'lost', kind: 'unknownHostKey', answer: 'its host key is not the one that was given to cloud-init at its creation'};
			return undefined;
		}

		const answer = await request.start();
		if ('refused' in answer) {
			refusal = {news: 'lost', kind: 'notStarted', answer: answer.refused};
			return undefined;
		}

		return {environment: answer.variables, maxSetupSeconds: request.maxSetupSeconds};
	};

	for await (const followed of follow(world, server, start, told.get(id) ?? 0, signal)) {
		switch (followed.met) {
			case 'answered': {
				if (followed.how === 'resumed') {
					yield {news: 'answered', isResumed: true};
				}

				break;
			}

			case 'started': {
				yield {news: 'answered', isResumed: false};
				break;
			}

			case 'line': {
				told.set(id, (told.get(id) ?? 0) + 1);
				const {text} = followed.line;
				if (text === '@step setup' || text === '@step startup') {
					yield {news: 'step', script: text === '@step setup' ? 'setup' : 'startup'};
				} else {
					yield {news: 'line', text: text.slice('| '.length)};
				}

				break;
			}

			case 'ended': {
				yield {
					news: 'ended', exitCode: followed.exitCode, script: followed.script, secondsAgo: ageSeconds(followed.line.at, world.now()),
				};
				break;
			}

			case 'broken': {
				yield refusal ?? {news: 'lost', answer: 'Connection closed by remote host', kind: 'unreachable'};
				break;
			}
		}
	}
}
