import process from 'node:process';
import {createInterface} from 'node:readline/promises';
import type {Server} from '../model/server.ts';
import {describeServerVerdict} from '../model/describe-verdict.ts';
import {ageSeconds, formatDuration} from '../model/time.ts';
import {isZombie} from '../model/verdict.ts';
import type {EngineState} from '../scaler/controller.ts';
import {UsageError} from '../settings/usage-error.ts';
import {operatorHere} from '../wiring/console.ts';
import {print, printJson, printNotice} from '../terminal/print.ts';
import {reachOrPoll, serverNamed} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';

/**
`delete NAME…` or `delete zombies`: after a confirmation, or with --yes.
One whose runner has a job is kept unless --busy says that this is meant.
Answers 1 when one of them was kept.
*/
export async function deleteServers(call: Call): Promise<number> {
	const settings = settingsFor(call);
	if (call.positionals.length === 0) {
		throw new UsageError('delete takes names of servers, or "zombies". "hetzner-runners-tui list servers" shows them.');
	}

	const reached = await reachOrPoll(settings, call.version, 'delete');
	try {
		const state = reached.controller.state();
		const chosenServers = chosen(state, call.positionals);
		if (chosenServers.length === 0) {
			printNotice('there are no zombies');
			return 0;
		}

		if (!settings.yes && !await isConfirmed(state, chosenServers)) {
			printNotice('nothing was deleted');
			return 1;
		}

		const names = chosenServers.map(server => server.name);
		const results = await reached.controller.deleteServers(names, operatorHere(), new Set(settings.busy ? names : []));
		if (settings.json) {
			printJson(Object.fromEntries(results));
		} else {
			for (const [name, result] of results) {
				print(`${name}  ${result.state}${result.state === 'kept' ? `: ${result.reason}` : ''}\n`);
			}
		}

		return results.values().every(result => result.state === 'deleted') ? 0 : 1;
	} finally {
		await reached.close();
	}
}

function chosen(state: EngineState, words: readonly string[]): readonly Server[] {
	const {items} = state.servers;
	const servers = words.flatMap(word => word === 'zombies' ? items.filter(server => isOld(state, server)) : [serverNamed(items, word)]);
	return [...new Set(servers)];
}

function isOld(state: EngineState, server: Server): boolean {
	const verdict = state.serverVerdicts.get(server.id);
	return verdict !== undefined && isZombie(verdict);
}

async function isConfirmed(state: EngineState, servers: readonly Server[]): Promise<boolean> {
	for (const server of servers) {
		const verdict = state.serverVerdicts.get(server.id);
		printNotice(`${server.name}  ${server.serverType} ${server.location}, up ${formatDuration(ageSeconds(server.created, state.publishedAt))}, ${verdict === undefined ? 'nothing known of it yet' : describeServerVerdict(verdict, state.publishedAt)}`);
	}

	if (!process.stdin.isTTY) {
		throw new UsageError('delete asks for confirmation, which needs a terminal: add --yes to skip it.');
	}

	const asking = createInterface({input: process.stdin, output: process.stderr});
	const answer = await asking.question(`Delete ${servers.length === 1 ? 'this server' : `these ${servers.length} servers`}? [y/N] `);
	asking.close();
	return /^y(?:es)?$/iv.test(answer.trim());
}
