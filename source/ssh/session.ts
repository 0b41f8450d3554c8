import {spawn} from 'node:child_process';
import {smallEnvironment} from './environment.ts';

/**
How a session ended. `error`: the program could not be started ("ENOENT").
*/
export type SessionEnd = {readonly exitCode: number | undefined; readonly errorText: string; readonly startError: string | undefined};

export type Session = {
	/**
	Standard output as it comes, no more of it held than a pipe's worth; ends with the session.
	*/
	readonly chunks: AsyncIterable<string>;
	/**
	Ends it if it still runs (SIGTERM, after two seconds SIGKILL) and resolves when it has ended.
	*/
	stop: () => Promise<SessionEnd>;
	/**
	Resolves when it has ended by itself.
	*/
	readonly ended: Promise<SessionEnd>;
	/**
	More for its standard input, which stays open until `closeInput`.
	*/
	write: (text: string) => void;
	closeInput: () => void;
};

const maxErrorCharacters = 4000;

/**
Runs a program; its standard input begins with that text. The signal ends it.
*/
export function startSession(program: string, programArguments: readonly string[], input: string, signal: AbortSignal): Session {
	const child = spawn(program, programArguments, {stdio: 'pipe', env: smallEnvironment()});
	let errorText = '';
	let startError: string | undefined;
	child.on('error', error => {
		startError ??= 'code' in error ? String(error.code) : error.message;
	});
	// A session that ends before it has read everything breaks the pipe; without a handler that would end the whole engine.
	child.stdin.on('error', () => {}); // eslint-disable-line @typescript-eslint/no-empty-function
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		errorText = (errorText + text).slice(-maxErrorCharacters);
	});
	child.stdout.setEncoding('utf8');
	const {promise: ended, resolve} = Promise.withResolvers<SessionEnd>();
	child.once('close', code => {
		signal.removeEventListener('abort', kill);
		resolve({exitCode: code ?? undefined, errorText, startError});
	});

	function kill(): void {
		child.kill('SIGTERM');
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
		}, 2000);
		child.once('close', () => {
			clearTimeout(timer);
		});
		child.stdout.destroy(); // Whoever still reads gets no more of it.
	}

	signal.addEventListener('abort', kill, {once: true});
	if (signal.aborted) {
		kill();
	}

	child.stdin.write(input);
	return {
		write(text) {
			child.stdin.write(text);
		},
		closeInput() {
			child.stdin.end();
		},
		chunks: child.stdout,
		ended,
		async stop() {
			if (child.exitCode === null && child.signalCode === null) {
				kill();
			}

			return ended;
		},
	};
}
