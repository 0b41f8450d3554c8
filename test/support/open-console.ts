import process from 'node:process';
import {setImmediate as turn, setTimeout as after} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {ConsoleOptions} from '../../source/console/options.ts';
import {openConsole, type Ended} from '../../source/console/start.ts';
import type {Attachment, EngineState} from '../../source/scaler/controller.ts';
import {fixtureController, type FixtureController} from './fixture-controller.ts';
import {fakeTerminal, type FakeTerminal} from './terminal.ts';

// Only the time that passes after it tells a lone Esc from the beginning of another key's code: Ink gives it 20 ms.
const escapeMilliseconds = 40;

export type OpenConsole = {
	readonly terminal: FakeTerminal;
	readonly controller: FixtureController;
	readonly ended: Promise<Ended>;
	readonly close: () => void;
	/**
	Types one chunk of input and waits for the frame.
	*/
	readonly press: (...chunks: readonly string[]) => Promise<void>;
	readonly frame: () => Promise<readonly string[]>;
	readonly text: () => Promise<string>;
	/**
	Resolves with the first screen that shows such words.
	*/
	readonly until: (words: RegExp) => Promise<string>;
};

/**
The console on a given state in a fake terminal of that size; its clock stands still.
*/
export async function openOn(t: Pick<ExecutionContext, 'teardown'>, state: EngineState, columns: number, rows: number, options: Partial<ConsoleOptions> & {readonly attachment?: Attachment} = {}): Promise<OpenConsole> {
	process.setMaxListeners(64); // Ink listens for the end of the process once for each console that is open.
	const terminal = fakeTerminal(columns, rows);
	const controller = fixtureController(state, options.attachment);
	const shown = await openConsole({
		controller, stdin: terminal.stdin, stdout: terminal.stdout, operator: {name: 'ada'}, isReadOnly: false,
		env: {TERM: 'xterm-256color', LANG: 'en_US.UTF-8'}, clockNow: () => 0, ...options,
	});
	const frame = async (): Promise<readonly string[]> => {
		for (let round = 0; round < 3; round++) {
			await turn();
			await shown.flushed();
			await terminal.drawn();
		}

		return terminal.screen();
	};

	t.teardown(() => {
		shown.close();
	});
	await frame();
	return {
		terminal,
		controller,
		ended: shown.ended,
		close: shown.close,
		frame,
		text: async () => [...await frame()].join('\n'),
		async until(words) {
			for (;;) {
				const text = [...await frame()].join('\n');
				if (words.test(text)) {
					return text;
				}
			}
		},
		async press(...chunks) {
			for (const chunk of chunks) {
				terminal.type(chunk);
				if (chunk.endsWith('\u{1B}')) {
					await after(escapeMilliseconds);
				}

				await frame();
			}
		},
	};
}
