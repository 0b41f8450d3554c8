import {setImmediate as turn} from 'node:timers/promises';
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {ServerId} from '../model/server.ts';
import type {SetUpNews, SetUpRequest, Shell} from '../scaler/ports.ts';
import {
	addOwnKey, dropMadeKey, forgetHostKeys, knownHostKey, prepareHostKey, seenFile,
} from './host-keys.ts';
import {lostBy} from './lost.ts';
import {helloProgram, startProgram} from './program.ts';
import {
	isCounted, parseLine, splitLines, type ProtocolLine,
} from './protocol.ts';
import {startSession, type Session, type SessionEnd} from './session.ts';
import {
	agentKeyFile, batchArguments, knownHostsFile, type HostKeyCheck, type SshOptions,
} from './ssh-arguments.ts';

export type ShellOptions = SshOptions & {
	/**
	The text of host-scripts/follow.sh, as `readFollowProgram` gives it.
	*/
	readonly followProgram: string;
	/**
	The public key that servers accept, as Hetzner knows it; asked for once, when no private key's file is given.
	*/
	readonly publicKey?: (() => Promise<string>) | undefined;
};

const unknownHostKey: SetUpNews = {
	news: 'lost', kind: 'unknownHostKey', answer: 'its host key is not the one that was given to cloud-init at its creation, so nothing secret goes there',
};

/**
A way onto our servers by the system's ssh. Scripts, variables and secrets go only to a server that shows the host key made for it before
it was created (or one accepted by `acceptsUnknownHostKey`), and that says that its scripts were never started.
*/
export function createShell(options: ShellOptions): Shell {
	const received = new Map<ServerId, number>();
	let publicKeyFile: string | undefined;

	async function * setUp(request: SetUpRequest, signal: AbortSignal): AsyncGenerator<SetUpNews> {
		signal.throwIfAborted();
		const {server} = request;
		const file = knownHostsFile(options, server);
		await mkdir(dirname(file), {recursive: true, mode: 0o700});
		const known = await knownHostKey(options, server);
		publicKeyFile ??= await writePublicKey(options);
		if (known === 'none' || known === 'seen') {
			yield * visit(request, {file, strict: 'accept-new'}, false, signal);
			return;
		}

		let isAnother = false;
		for await (const news of visit(request, {file, strict: 'yes'}, true, signal)) {
			if (known === 'made' && news.news === 'lost' && news.kind === 'changedHostKey') {
				isAnother = true;
			} else {
				yield news;
			}
		}

		if (isAnother) {
			// An image without cloud-init made a key of its own: without a secret it may say how far it is.
			yield * visit(request, {file: seenFile(options, server), strict: 'accept-new'}, false, signal);
		}
	}

	// One session. `isKnown`: the host key was known beforehand.
	async function * visit(request: SetUpRequest, check: HostKeyCheck, isKnown: boolean, signal: AbortSignal): AsyncGenerator<SetUpNews> {
		const {server} = request;
		const {id} = server;
		const hello = helloProgram({server: id, followFrom: received.get(id) ?? 0, wantsNewHostKey: isKnown}, options.followProgram);
		const session = startSession(options.sshProgram ?? 'ssh', batchArguments({...options, publicKeyFile}, {server, ip: request.ip}, check), hello, signal);
		let hasText = false;
		let answered: Extract<ProtocolLine, {line: 'answered'}> | undefined;
		try {
			for await (const line of linesOf(session)) {
				const parsed = parseLine(line);
				if (isCounted(line)) {
					received.set(id, (received.get(id) ?? 0) + 1);
				}

				if (parsed.line === 'answered') {
					if (answered !== undefined) {
						continue; // Once a session: nothing is handed over twice.
					}

					answered = parsed;
					const refusal = parsed.isResumed ? undefined : await handOver(request, session, parsed.hostKey, isKnown);
					if (refusal !== undefined) {
						yield refusal;
						return;
					}
				} else if (answered !== undefined && isKnown && isCounted(line)) {
					await dropMadeKey(options, server); // Its scripts run, so that it shows its own key from now on.
					isKnown = false;
				}

				hasText ||= parsed.line === 'text' || parsed.line === 'other';
				yield newsOf(parsed, answered?.epochSeconds);
				if (parsed.line === 'ended') {
					return;
				}
			}

			signal.throwIfAborted();
			yield * endOf(await session.ended, hasText);
		} catch (error) {
			signal.throwIfAborted(); // A read that was cut off by the signal has the signal's reason.
			throw error;
		} finally {
			await session.stop();
		}
	}

	async function handOver(
		request: SetUpRequest,
		session: Session,
		hostKey: string | undefined,
		isKnown: boolean,
	): Promise<SetUpNews | undefined> {
		if (!isKnown && options.acceptsUnknownHostKey !== true) {
			return unknownHostKey;
		}

		const start = await request.start();
		if ('refused' in start) {
			return {news: 'lost', kind: 'notStarted', answer: start.refused};
		}

		if (isKnown && hostKey !== undefined) {
			await addOwnKey(options, request.server, hostKey);
		}

		session.write(startProgram(start, request.maxSetupSeconds));
		session.closeInput();
		return undefined;
	}

	return {
		setUp,
		prepareHostKey: async name => prepareHostKey(options, name),
		async forget(server) {
			received.delete(server.id);
			await forgetHostKeys(options, server);
		},
	};
}

// Without it ssh offers all keys of the agent.
async function writePublicKey(options: ShellOptions): Promise<string | undefined> {
	if (options.privateKeyFile !== undefined || options.publicKey === undefined) {
		return undefined;
	}

	try {
		const key = await options.publicKey();
		const file = agentKeyFile(options);
		await writeFile(file, `${key.trim()}\n`, {mode: 0o600});
		return file;
	} catch {
		return undefined; // It is asked for again with the next session.
	}
}

/** That many lines of one server are taken in before others have their turn. */
const linesAtOnce = 50;

async function * linesOf(session: Session): AsyncGenerator<string> {
	let pending = '';
	let count = 0;
	for await (const chunk of session.chunks) {
		const split = splitLines(pending, chunk);
		pending = split.pending;
		for (const line of split.lines) {
			yield line;
			count++;
			if (count % linesAtOnce === 0) {
				await turn(); // A server that prints without end takes no time from anybody else.
			}
		}
	}
}

function newsOf(parsed: ProtocolLine, answeredEpochSeconds: number | undefined): SetUpNews {
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

function * endOf(end: SessionEnd, hasText: boolean): Generator<SetUpNews> {
	if (end.startError !== undefined) {
		const answer = end.startError === 'ENOENT' ? 'the ssh client is missing: install openssh-client' : `ssh could not be started (${end.startError})`;
		yield {news: 'lost', kind: 'unreachable', answer};
		return;
	}

	// 255 is ssh's own; undefined: it was killed. Any other code is the remote side's, which ended without our last line.
	if (end.exitCode === undefined || end.exitCode === 255) {
		yield lostBy(end.errorText);
		return;
	}

	// What a login refuses it says on standard error ("Password change required"): without other words these are the reason.
	if (!hasText) {
		yield * end.errorText.split('\n').map(line => line.trim()).filter(line => line !== '').slice(-10).map((text): SetUpNews => ({news: 'line', text}));
	}

	yield {
		news: 'ended', exitCode: end.exitCode, script: 'startup', secondsAgo: 0,
	};
}
