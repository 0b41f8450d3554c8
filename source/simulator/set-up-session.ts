import {Buffer} from 'node:buffer';
import type {ServerChannel} from 'ssh2';
import {runFakeCommand} from './fake-shell.ts';
import {follow} from './follow.ts';
import type {SimulatedServer} from './hetzner-resources.ts';
import {parseSetUpStream, type SetUpStream} from './set-up-stream.ts';
import type {World} from './world.ts';

type Session = {
	readonly world: World;
	readonly server: SimulatedServer;
	readonly channel: ServerChannel;
	readonly signal: AbortSignal;
	/**
	The connection is gone.
	*/
	readonly hangUp: () => void;
	/**
	The public half of the host key that the server will show once its scripts are started, "type base64".
	*/
	readonly newHostKey: () => string;
	readonly replaceHostKey: () => void;
};

/**
What `bash -s` does on a simulated server: the protocol of host-scripts/README.md when the program is that one, else each line as a command of the fake shell.
*/
export async function playBash(session: Session): Promise<void> {
	const {world, server, channel, signal} = session;
	const input = readStream(channel);
	const hello = await input.until(({program}) => program.endsWith('\nhrt_hello </dev/null\n'));
	if (hello === undefined) {
		runFakeCommand(server, input.text(), channel);
		return;
	}

	const {own} = hello;
	if (own.HRT_PROTOCOL !== '2') {
		channel.stderr.write('This simulated server understands HRT_PROTOCOL=2 only.\n');
		channel.exit(2);
		channel.end();
		return;
	}

	const gone = new AbortController();
	channel.on('close', () => {
		gone.abort();
	});
	const wantsNewKey = own.HRT_NEW_HOST_KEY === 'yes';
	const start = async () => {
		input.forget();
		const begun = await input.until(({program}) => program === 'hrt_start </dev/null\n');
		return begun && {
			environment: begun.environment,
			maxSetupSeconds: Number(begun.own.HRT_MAX_SETUP_SECONDS ?? 600),
			scripts: {setup: begun.own.HRT_SETUP_SCRIPT ?? '', startup: begun.own.HRT_STARTUP_SCRIPT ?? ''},
		};
	};

	for await (const followed of follow(world, server, start, Number(own.HRT_FOLLOW_FROM ?? 0), AbortSignal.any([signal, gone.signal]))) {
		switch (followed.met) {
			case 'answered': {
				const key = wantsNewKey && followed.how === 'fresh' ? ` ${session.newHostKey()}` : '';
				channel.write(`@answered ${followed.how} ${Math.floor(world.now() / 1000)}${key}\n`);
				break;
			}

			case 'started': {
				if (wantsNewKey) {
					session.replaceHostKey();
				}

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
				session.hangUp();
				return;
			}
		}
	}
}

/* What has come in so far, read as assignments and a program, and a wait for more. */
function readStream(channel: ServerChannel) {
	const parts: Uint8Array[] = [];
	let hasEnded = false;
	let more = Promise.withResolvers<void>();
	const wake = () => {
		more.resolve();
	};

	const text = () => new TextDecoder().decode(Buffer.concat(parts));
	channel.on('data', (part: Uint8Array) => {
		parts.push(part);
		wake();
	});
	const end = () => {
		hasEnded = true;
		wake();
	};

	channel.on('end', end);
	channel.on('close', end);

	return {
		text,
		/* What came so far has been dealt with. */
		forget() {
			parts.length = 0;
		},
		/* The stream once that holds of it; undefined when it ended before. */
		async until(isWhole: (stream: SetUpStream) => boolean): Promise<SetUpStream | undefined> {
			for (;;) {
				const stream = parseSetUpStream(text());
				if (isWhole(stream)) {
					return stream;
				}

				if (hasEnded) {
					return undefined;
				}

				await more.promise;
				more = Promise.withResolvers<void>();
			}
		},
	};
}
