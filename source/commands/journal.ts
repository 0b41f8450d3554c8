import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {engineEvent} from '../link/schema/events.ts';
import type {EngineEvent} from '../model/event.ts';
import {instant, later, type Instant} from '../model/time.ts';
import type {Paid} from '../scaler/ledger.ts';
import type {Journal} from '../scaler/ports.ts';
import {hideSecrets, type Log} from './log.ts';
import {rolledFiles, rollingFile} from './rolling-file.ts';
import {setUpLogs} from './set-up-logs.ts';

/** An event and when it was. */
export type JournalEntry = {readonly at: Instant; readonly event: EngineEvent};

const rotation = {maxBytes: 5_000_000, keep: 5};

function journalFile(stateFolder: string): string {
	return path.join(stateFolder, 'journal.jsonl');
}

/**
The journal on disk. Events go to every log and, as JSON lines that survive restarts, to `journal.jsonl` in the state folder (30 MB at most);
a server's set-up output goes to a file of its own in `servers`. All without the secrets, mode 0600.
A disk that is full or gone is told once and then left alone: history must never stop the engine.
*/
export function createJournal(options: {readonly logs: readonly Log[]; readonly stateFolder: string; readonly secrets: readonly string[]; readonly now: () => Instant; readonly onTrouble: (words: string) => void}): Journal {
	const {logs, stateFolder, secrets} = options;
	let isBroken = false;
	const attempt = <Value>(write: () => Value): Value | undefined => {
		try {
			return write();
		} catch (error) {
			if (!isBroken) {
				isBroken = true;
				options.onTrouble(`cannot write ${stateFolder}: ${error instanceof Error ? error.message : String(error)}`);
			}

			return undefined;
		}
	};

	const events = attempt(() => rollingFile(journalFile(stateFolder), rotation));
	const outputs = attempt(() => setUpLogs(path.join(stateFolder, 'servers'), options.now()));
	return {
		record(event, at) {
			attempt(() => events?.append(`${hideSecrets(JSON.stringify({at, event}), secrets)}\n`));
			for (const log of logs) {
				attempt(() => {
					log.event(event, at);
				});
			}
		},
		output(server, line, at) {
			attempt(() => outputs?.append(server, hideSecrets(`${new Date(at).toISOString()} ${line}\n`, secrets), at));
		},
	};
}

const entry = z.object({at: z.number().transform(at => instant(at)), event: engineEvent});

/**
What the journal in that state folder holds, the oldest first, at most `most` entries. A line that cannot be read (a write that was cut off) is passed over.
*/
export function readJournal(stateFolder: string, most = Infinity): readonly JournalEntry[] {
	return linesNewestFirst(stateFolder).map(line => parseEntry(line)).filter(found => found !== undefined).take(most).toArray().toReversed();
}

/**
The servers that the journal says were deleted since then, with what each cost.
*/
export function readPaid(stateFolder: string, since: Instant): readonly Paid[] {
	const paid: Paid[] = [];
	for (const line of linesNewestFirst(stateFolder)) {
		if (!line.includes('"serverDeleted"')) {
			continue; // A month is long: most lines are not worth reading.
		}

		const found = parseEntry(line);
		if (found !== undefined && found.at < since) {
			break;
		}

		if (found?.event.code === 'serverDeleted' && found.event.costMicros !== undefined) {
			paid.push({created: later(found.at, -found.event.ageSeconds), goneAt: found.at, micros: found.event.costMicros});
		}
	}

	return paid;
}

function linesNewestFirst(stateFolder: string): IteratorObject<string> {
	return rolledFiles(journalFile(stateFolder), rotation.keep).toReversed().values().flatMap(file => readFileSync(file, 'utf8').split('\n').toReversed());
}

function parseEntry(line: string): JournalEntry | undefined {
	try {
		return entry.safeParse(JSON.parse(line)).data;
	} catch {
		return undefined;
	}
}
