import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {engineEvent} from '../remote/schema/events.ts';
import type {EngineEvent} from '../model/event.ts';
import {instant, later, type Instant} from '../model/time.ts';
import type {Paid} from '../scaler/accounting.ts';
import type {Journal} from '../scaler/ports.ts';
import {hideSecrets, type Log} from './event-log.ts';
import {rotatedFiles, rotatingFile} from './rotating-file.ts';
import {setUpLogs} from './set-up-output.ts';

/** An event and when it was. */
export type JournalEntry = {readonly at: Instant; readonly event: EngineEvent};

const rotation = {maxBytes: 5_000_000, keep: 5};

/**
So many events of one kind are written down in a minute, more are shown
only. Whoever could cause events without end (a server that is set up,
whoever may use the socket) would wash away what was written before.
*/
const eventsAMinute = 600;

// Deletions with their cost, and what operators did: few lines, which no flood of other events rotates away.
function keptFile(stateFolder: string): string {
	return path.join(stateFolder, 'actions.jsonl');
}

function journalFile(stateFolder: string): string {
	return path.join(stateFolder, 'journal.jsonl');
}

/**
The journal on disk. Events go to every log and, as JSON lines that
survive restarts, to `journal.jsonl` in the state folder (30 MB at most);
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

	const events = attempt(() => rotatingFile(journalFile(stateFolder), rotation));
	const kept = attempt(() => rotatingFile(keptFile(stateFolder), rotation));
	const isTooMuch = createEventLimit();
	const outputs = attempt(() => setUpLogs(path.join(stateFolder, 'servers'), options.now()));
	return {
		record(event, at) {
			if (isTooMuch(event, at)) {
				return;
			}

			const line = `${hideSecrets(JSON.stringify({at, event}), secrets)}\n`;
			attempt(() => events?.append(line));
			if (event.code === 'serverDeleted' || ('by' in event && event.by.kind === 'operator')) {
				attempt(() => kept?.append(line));
			}

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

function createEventLimit(): (event: EngineEvent, at: Instant) => boolean {
	let minute = 0;
	let counts = new Map<string, number>();
	return ({code}, at) => {
		const now = Math.floor(at / 60_000);
		if (now !== minute) {
			minute = now;
			counts = new Map();
		}

		const count = (counts.get(code) ?? 0) + 1;
		counts.set(code, count);
		return count > eventsAMinute && code !== 'serverDeleted';
	};
}

const entry = z.object({at: z.number().transform(at => instant(at)), event: engineEvent});

/**
What the journal in that state folder holds, the oldest first, at most `most`
entries. A line that cannot be read (a write that was cut off) is passed over.
*/
export function readJournal(stateFolder: string, most = Infinity): readonly JournalEntry[] {
	return linesNewestFirst(journalFile(stateFolder)).map(line => parseEntry(line)).filter(found => found !== undefined).take(most).toArray().toReversed();
}

/**
The servers that were deleted since then, with what each cost: by a file of its own, in a state folder of an earlier version by the journal.
*/
export function readPaid(stateFolder: string, since: Instant): readonly Paid[] {
	const paid: Paid[] = [];
	const file = existsSync(keptFile(stateFolder)) && statSync(keptFile(stateFolder)).size > 0 ? keptFile(stateFolder) : journalFile(stateFolder);
	for (const line of linesNewestFirst(file)) {
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

function linesNewestFirst(file: string): IteratorObject<string> {
	return rotatedFiles(file, rotation.keep).toReversed().values().flatMap(one => readFileSync(one, 'utf8').split('\n').toReversed());
}

function parseEntry(line: string): JournalEntry | undefined {
	try {
		return entry.safeParse(JSON.parse(line)).data;
	} catch {
		return undefined;
	}
}
