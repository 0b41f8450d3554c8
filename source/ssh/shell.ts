import {mkdir, rm} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {ServerId} from '../model/server.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../scaler/ports.ts';
import {lostBy} from './lost.ts';
import {setUpProgram} from './program.ts';
import {isCounted, parseLine, splitLines} from './protocol.ts';
import {startSession, type SessionEnd} from './session.ts';
import {batchArguments, knownHostsFile, type SshOptions} from './ssh-arguments.ts';

export type ShellOptions = SshOptions & {
	/**
	The text of host-scripts/follow.sh, as `readFollowProgram` gives it.
	*/
	readonly followProgram: string;
};

/**
A way onto our servers by the system's ssh. Each server's host key is taken on first sight and pinned for its life.
*/
export function createShell(options: ShellOptions): Shell {
	const received = new Map<ServerId, number>();

	async function * setUp(request: SetUpRequest, signal: AbortSignal): AsyncGenerator<SetUpNews> {
		signal.throwIfAborted();
		const {id} = request.server;
		await mkdir(dirname(knownHostsFile(options, request.server)), {recursive: true, mode: 0o700});
		const program = setUpProgram(request, received.get(id) ?? 0, options.followProgram);
		const session = startSession(options.sshProgram ?? 'ssh', batchArguments(options, request), program, signal);
		let pending = '';
		let answeredEpochSeconds: number | undefined;
		try {
			for await (const chunk of session.chunks) {
				const split = splitLines(pending, chunk);
				pending = split.pending;
				for (const line of split.lines) {
					if (isCounted(line)) {
						received.set(id, (received.get(id) ?? 0) + 1);
					}

					const parsed = parseLine(line);
					if (parsed.line === 'answered') {
						answeredEpochSeconds = parsed.epochSeconds;
					}

					yield newsOf(parsed, answeredEpochSeconds);
					if (parsed.line === 'ended') {
						return;
					}
				}
			}

			signal.throwIfAborted();
			yield endOf(await session.ended);
		} catch (error) {
			signal.throwIfAborted(); // A read that was cut off by the signal has the signal's reason.
			throw error;
		} finally {
			await session.stop();
		}
	}

	return {
		setUp,
		async forget(server) {
			received.delete(server.id);
			await rm(knownHostsFile(options, server), {force: true});
			await rm(`${knownHostsFile(options, server)}.old`, {force: true}); // Ssh's own backup.
		},
	};
}

function newsOf(parsed: ReturnType<typeof parseLine>, answeredEpochSeconds: number | undefined): SetUpNews {
	switch (parsed.line) {
		case 'answered': {
			return {news: 'answered', isResumed: parsed.isResumed};
		}

		case 'step': {
			return {news: 'step', script: parsed.script};
		}

		case 'text':
		case 'other': {
			return {news: 'line', text: parsed.text};
		}

		case 'ended': {
			// Both by the server's clock: an end before this session began was that long ago, any other just now.
			const secondsAgo = Math.max(0, (answeredEpochSeconds ?? parsed.epochSeconds) - parsed.epochSeconds);
			return {
				news: 'ended', exitCode: parsed.exitCode, script: parsed.script, secondsAgo,
			};
		}
	}
}

function endOf(end: SessionEnd): SetUpNews {
	if (end.startError !== undefined) {
		const answer = end.startError === 'ENOENT' ? 'the ssh client is missing: install openssh-client' : `ssh could not be started (${end.startError})`;
		return {news: 'lost', kind: 'unreachable', answer};
	}

	// 255 is ssh's own; undefined: it was killed. Any other code is the remote side's, which ended without our last line.
	return end.exitCode === undefined || end.exitCode === 255
		? lostBy(end.errorText)
		: {
			news: 'ended', exitCode: end.exitCode, script: 'startup', secondsAgo: 0,
		};
}
