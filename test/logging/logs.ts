import {
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createJournal, readJournal, readPaid} from '../../source/logging/journal.ts';
import {readLoggerConfig} from '../../source/logging/config.ts';
import {openLogs} from '../../source/logging/destinations.ts';
import {rotatedFiles, rotatingFile} from '../../source/logging/rotating-file.ts';
import {setUpLogs} from '../../source/logging/set-up-output.ts';
import type {EngineEvent} from '../../source/model/event.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import {instant, later} from '../../source/model/time.ts';
import {UsageError} from '../../source/settings/usage-error.ts';
import {emptyHome} from '../support/program.ts';
import {
	endProgram, quickArguments, serveQuickWorld, startProgram, until,
} from '../support/simulator-process.ts';

const now = instant(Date.UTC(2026, 10, 24, 12));
const notice = (text: string): EngineEvent => ({code: 'notice', text});

function configFault(text: string): string {
	const file = path.join(emptyHome(), 'log.json');
	writeFileSync(file, text);
	try {
		readLoggerConfig(file);
		return '';
	} catch (error) {
		if (error instanceof UsageError) {
			return error.message.replace(file, 'FILE');
		}

		throw error;
	}
}

test('a mistake in the log configuration is told with its line and column, and what may stand there', t => {
	t.is(configFault('{\n\t"level": "info",\n\tformat: "json"\n}'), 'FILE:3:2 is not valid JSON: Unexpected identifier \'format\' found.');
	t.regex(configFault('{\n\t"level": "loud"\n}'), /^FILE:2:2: "level" is wrong: .*"info"\|"warn"\|"error"/v);
	t.regex(configFault('{\n\t"destinations": [\n\t\t{"to": "stdout"},\n\t\t{"to": "file", "paht": "/x"}\n\t]\n}'), /^FILE:4:3: "destinations\.1\.path" is wrong/v);
	t.regex(configFault('{\n\t"destinations": [{"to": "file", "path": "/x", "rotate": {"maxMegabytes": 10,\n\t"kep": 3}}]\n}'), /^FILE:3:2: "kep" may not stand here\. Did you mean keep\? There are level, /v);
	t.regex(configFault('{"destinations": [{"to": "printer"}]}'), /^FILE:1:20: "destinations\.0\.to" is wrong: must be "stdout", "stderr" or "file"\.$/v);
	t.regex(configFault('{"destinations": []}'), /^FILE:1:2: "destinations" is wrong/v);
	t.regex(configFault('[]'), /^FILE:1:1: it is wrong/v);
	t.is(configFault('{"level": "warn", "format": "json", "destinations": [{"to": "stderr", "level": "error"}]}'), '');
	t.throws(() => readLoggerConfig('/no/such/file'), {instanceOf: UsageError, message: /^--logger-config \/no\/such\/file cannot be read/v});
});

test('each destination has its own level and format; a file starts anew when it is full', t => {
	const folder = emptyHome();
	const config = path.join(folder, 'log.json');
	const [all, errors] = ['all.log', 'errors.jsonl'].map(name => path.join(folder, 'logs', name));
	writeFileSync(config, JSON.stringify({
		destinations: [
			{to: 'file', path: all, rotate: {maxMegabytes: 0.01, keep: 2}},
			{
				to: 'file', path: errors, level: 'error', format: 'json',
			},
		],
	}));
	const secret = 'ghp_secretsecret';
	const logs = openLogs({loggerConfig: config, logFormat: 'text', debug: false}, true, [secret]);
	for (let turn = 0; turn < 1000; turn++) {
		for (const log of logs) {
			log.event(notice(`number ${turn} says ${secret}`), now);
		}
	}

	for (const log of logs) {
		log.event({code: 'planFailed', reason: 'a fault'}, now);
	}

	const files = rotatedFiles(all ?? '', 2);
	t.is(files.length, 3);
	t.true(files.every(file => statSync(file).size <= 10_000 && statSync(file).mode % 0o1000 === 0o600));
	const kept = files.map(file => readFileSync(file, 'utf8')).join('');
	t.regex(kept, /number 999 says \*{8}\n[^\n]+ x planning failed[^\n]*\n$/v);
	t.false(kept.includes(secret));
	const lines = readFileSync(errors ?? '', 'utf8').trim().split('\n');
	t.is(lines.length, 1);
	t.like(JSON.parse(lines[0] ?? ''), {code: 'planFailed', level: 50, time: '2026-11-24T12:00:00.000Z'});
});

test('a file that cannot be written is told at the start', t => {
	const folder = emptyHome();
	const config = path.join(folder, 'log.json');
	writeFileSync(config, JSON.stringify({destinations: [{to: 'file', path: folder}]}));
	t.throws(() => openLogs({loggerConfig: config, logFormat: 'text', debug: false}, true, []), {instanceOf: UsageError, message: /^--logger-config names the file .*, which cannot be written: EISDIR/v});
});

test('a full file is kept as .1, the one before it as .2, and the oldest goes', t => {
	const file = path.join(emptyHome(), 'x.log');
	for (const text of ['first\n', 'second\n', 'third\n', 'fourth\n']) {
		rotatingFile(file, {maxBytes: 8, keep: 2}).append(text); // Opened anew each time, as after a restart.
	}

	t.deepEqual(rotatedFiles(file, 2).map(name => [path.basename(name), readFileSync(name, 'utf8')]), [['x.log.2', 'second\n'], ['x.log.1', 'third\n'], ['x.log', 'fourth\n']]);
});

test('set-up logs are kept for seven days, up to a sum; one server\'s is cut off', t => {
	const folder = path.join(emptyHome(), 'servers');
	mkdirSync(folder);
	const age = (name: string, days: number, bytes: number) => {
		const file = path.join(folder, name);
		writeFileSync(file, 'x'.repeat(bytes));
		utimesSync(file, new Date(later(now, -days * 86_400)), new Date(later(now, -days * 86_400)));
	};

	age('a.log', 8, 1);
	age('b.log', 6, 60);
	age('c.log', 3, 60);
	age('d.log', 1, 60);
	const logs = setUpLogs(folder, now, {seconds: 7 * 86_400, bytes: 150, bytesOfOne: 20});
	t.deepEqual(readdirSync(folder).toSorted((one, other) => one.localeCompare(other)), ['c.log', 'd.log']);
	for (let turn = 0; turn < 10; turn++) {
		logs.append('e', 'one line\n', now);
	}

	t.regex(readFileSync(path.join(folder, 'e.log'), 'utf8'), /^(?:one line\n){3}cut off here: [^\n]*\n$/v);
	logs.append('f', 'one line\n', later(now, 5 * 86_400));
	t.deepEqual(readdirSync(folder).toSorted((one, other) => one.localeCompare(other)), ['d.log', 'e.log', 'f.log'], 'the long run tidies, too');
});

test('the journal is read back as it was written, without secrets, whatever a killed engine left of its last line', t => {
	const stateFolder = emptyHome();
	const troubles: string[] = [];
	const journal = () => createJournal({
		logs: [], stateFolder, secrets: ['ghp_secretsecret'], now: () => now, onTrouble(words) {
			troubles.push(words);
		},
	});
	journal().record(notice('one ghp_secretsecret'), now);
	const server = serverNameFor({id: 9931 as JobId, runId: 4821 as RunId}, new Set());
	journal().record({
		code: 'serverDeleted', server, reason: 'off', by: {kind: 'operator', name: 'anna'}, ageSeconds: 5, cost: '€0.01',
	}, later(now, 1));
	writeFileSync(path.join(stateFolder, 'journal.jsonl'), '{"at":17', {flag: 'a'});
	t.deepEqual(readJournal(stateFolder), [
		{at: now, event: notice('one ********')},
		{
			at: later(now, 1), event: {
				code: 'serverDeleted', server, reason: 'off', by: {kind: 'operator', name: 'anna'}, ageSeconds: 5, cost: '€0.01',
			},
		},
	]);
	t.is(readJournal(stateFolder, 1)[0]?.at, later(now, 1));
	t.is(statSync(path.join(stateFolder, 'journal.jsonl')).mode % 0o1000, 0o600);
	t.deepEqual(readJournal(emptyHome()), []);
	t.deepEqual(troubles, []);
});

test('what was paid in a month is read back from the journal, over its files and torn lines', t => {
	const stateFolder = emptyHome();
	const journal = createJournal({
		logs: [], stateFolder, secrets: [], now: () => now, onTrouble(words) {
			t.fail(words);
		},
	});
	const server = serverNameFor({id: 9931 as JobId, runId: 4821 as RunId}, new Set());
	for (const [day, money] of [[0, {costMicros: 10_000, currency: 'EUR'}], [1, {}], [2, {costMicros: 20_000, currency: 'EUR'}]] as const) {
		journal.record({
			code: 'serverDeleted', server, reason: 'off', by: {kind: 'engine'}, ageSeconds: 600, cost: '€0.01', ...money,
		}, later(now, day * 86_400));
		journal.record(notice('"serverDeleted"'), later(now, day * 86_400));
	}

	writeFileSync(path.join(stateFolder, 'journal.jsonl'), '{"at":17,"event":{"code":"serverDeleted"', {flag: 'a'});
	const second = {created: later(now, (2 * 86_400) - 600), goneAt: later(now, 2 * 86_400), micros: 20_000};
	t.deepEqual(readPaid(stateFolder, later(now, 1)), [second]);
	t.deepEqual(readPaid(stateFolder, now), [second, {created: later(now, -600), goneAt: now, micros: 10_000}]);
	t.deepEqual(readPaid(emptyHome(), now), []);
});

test('Activity begins with what the engine before it did', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 31});
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	const first = startProgram(t, ['run', ...quickArguments], environment);
	await until('the server is deleted', first, () => first.stdout().includes('deleted gh-actions-runner-'));
	await endProgram(first);
	const socket = path.join(emptyHome(), 'engine.sock');
	const second = startProgram(t, ['run', ...quickArguments, '--socket', socket], environment);
	await until('it started', second, () => second.stdout().includes(' started for acme/widgets'));
	t.false(second.stdout().includes('deleted gh-actions-runner-'));
	let said = '';
	await until('its log over the socket has the day before', second, () => {
		if (said === '') {
			said = ' ';
			const asked = startProgram(t, ['logs', '--socket', socket, '-n', '200'], environment);
			void asked.ended.then(({stdout}) => {
				said = /stopped; no servers left\n[^\n]* started/v.test(stdout) ? stdout : ''; // What is written just now is published a moment later.
			});
		}

		return said.length > 1;
	});
	t.regex(said, /deleted gh-actions-runner-[^\n]+\n[^\n]*stopped; no servers left\n[^\n]* started for acme\/widgets/v);
	await endProgram(second);
});
