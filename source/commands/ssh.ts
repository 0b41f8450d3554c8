import {spawn} from 'node:child_process';
import process from 'node:process';
import {withoutSecrets} from '../model/environment.ts';
import {UsageError} from '../settings/usage-error.ts';
import {reachOrPoll, serverNamed} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';

/** `ssh NAME [-- COMMAND…]`: a shell on a server, or one command there. Answers what ssh ended with. */
export async function ssh(call: Call): Promise<number> {
	const [wanted, ...command] = call.positionals;
	if (wanted === undefined) {
		throw new UsageError('ssh takes the name of a server. "hetzner-runners-tui list servers" shows them.');
	}

	const reached = await reachOrPoll(settingsFor(call), call.version, 'read');
	try {
		const server = serverNamed(reached.controller.state().servers.items, wanted);
		const [program, ...rest] = reached.onShell(server) ?? [];
		if (program === undefined) {
			throw new UsageError(`${server.name} has no address to log in to yet.`);
		}

		const child = spawn(program, [...rest, ...command], {stdio: 'inherit', env: withoutSecrets(process.env)});
		return await new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('close', code => {
				resolve(code ?? 1);
			});
		});
	} finally {
		await reached.close();
	}
}
