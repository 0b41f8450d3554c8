import type {ServerId} from '../../model/server.ts';
import {ageSeconds} from '../../model/time.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../../scaler/ports.ts';
import {follow} from '../follow.ts';
import type {World} from '../world.ts';

/**
The Shell port straight on the world's hosts. What it has already told of a server's output it keeps in memory, as a process does.
*/
export function inProcessShell(world: World): Shell {
	const told = new Map<ServerId, number>();
	return {
		setUp: (request, signal) => setUp(world, told, request, signal),
		async forget(server) {
			told.delete(server.id);
		},
	};
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

	const input = {environment: request.variables, maxSetupSeconds: request.maxSetupSeconds};
	for await (const followed of follow(world, server, input, told.get(id) ?? 0, signal)) {
		switch (followed.met) {
			case 'answered': {
				yield {news: 'answered', isResumed: followed.how === 'resumed'};
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
				yield {news: 'lost', answer: 'Connection closed by remote host', kind: 'unreachable'};
				break;
			}
		}
	}
}
