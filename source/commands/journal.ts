import {appendFileSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import type {Journal} from '../scaler/ports.ts';
import {hideSecrets, type Log} from './log.ts';

/**
The journal on disk: events go to every log, a server's set-up output to a file of its own in `folder` (mode 0600).
A disk that is full or gone is told once and then left alone: history must never stop the engine.
*/
export function createJournal(options: {readonly logs: readonly Log[]; readonly folder: string; readonly secrets: readonly string[]; readonly onTrouble: (words: string) => void}): Journal {
	let isBroken = false;
	const attempt = (write: () => void) => {
		try {
			write();
		} catch (error) {
			if (!isBroken) {
				isBroken = true;
				options.onTrouble(`cannot write ${options.folder}: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	};

	attempt(() => {
		mkdirSync(options.folder, {recursive: true, mode: 0o700});
	});
	return {
		record(event, at) {
			for (const log of options.logs) {
				attempt(() => {
					log.event(event, at);
				});
			}
		},
		output(server, line, at) {
			attempt(() => {
				appendFileSync(path.join(options.folder, `${server}.log`), hideSecrets(`${new Date(at).toISOString()} ${line}\n`, options.secrets), {mode: 0o600});
			});
		},
	};
}
