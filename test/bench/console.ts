// What the console costs, in a real pty of 120x36: npm run bench:console [-- --write]. Prints a table; nothing here fails on a figure.
import {Buffer} from 'node:buffer';
import {
	mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {spawnSync} from 'node:child_process';
import {setTimeout as pause} from 'node:timers/promises';
import pty from '@lydell/node-pty';
import {serveRemote} from '../../source/remote/server.ts';
import {later, type Instant} from '../../source/model/time.ts';
import type {EngineState} from '../../source/scaler/controller.ts';
import {crowd} from '../support/busy-day.ts';
import {fixtureController} from '../support/fixture-controller.ts';
import {writeFigures} from '../support/figures.ts';
import {plainEnvironment, root, versionHere} from '../support/program.ts';

const keys = {down: 'j', page: '\u{1B}[6~'};

type Subject = {
	readonly name: string;
	readonly argv: readonly string[];
	readonly ready: RegExp;
	readonly down: string;
	readonly page: string;
	readonly quit: string;
};

type Figures = {
	readonly startMilliseconds: number;
	readonly keyMilliseconds: number;
	readonly keyBytes: number;
	readonly pageBytes: number;
	readonly restBytes: number;
	readonly restCpu: number;
	readonly peakMegabytes: number;
};

function median(numbers: readonly number[]): number {
	return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

// All rows are there by then, and what was needed to get them is cleared away.
const settlingMilliseconds = 6000;

class Session {
	received: Uint8Array = new Uint8Array();
	lastAt = performance.now();
	readonly startedAt = performance.now();
	readonly child;
	readonly ended: Promise<void>;

	constructor(argv: readonly string[], home: string) {
		const [program = '', ...rest] = argv;
		this.child = pty.spawn(program, rest, {
			cols: 120, rows: 36, name: 'xterm-256color', cwd: root, encoding: null, env: {...plainEnvironment(home), LANG: 'C.UTF-8', HOME: home},
		});
		this.ended = new Promise(resolve => {
			this.child.onExit(() => {
				resolve();
			});
		});
		this.child.onData(data => {
			this.received = Buffer.concat([this.received, Buffer.from(data)]);
			this.lastAt = performance.now();
		});
	}

	text(): string {
		return Buffer.from(this.received).toString('utf8');
	}

	async until(words: RegExp): Promise<number> {
		for (let tries = 0; !words.test(this.text()); tries++) {
			if (tries > 20_000) {
				throw new Error(`never came: ${words}\n${this.text().slice(-2000)}`);
			}

			await pause(1);
		}

		return performance.now() - this.startedAt;
	}

	// A key, and what came of it until there was silence: bytes, and milliseconds to the last of them.
	async press(key: string, silence = 80): Promise<{readonly bytes: number; readonly milliseconds: number}> {
		const before = this.received.length;
		const at = performance.now();
		this.lastAt = at;
		this.child.write(key);
		while (this.received.length === before ? performance.now() - at < 1000 : performance.now() - this.lastAt < silence) {
			await pause(1);
		}

		return {bytes: this.received.length - before, milliseconds: this.lastAt - at};
	}

	// Of all its threads.
	cpuMilliseconds(): number {
		const tasks = `/proc/${this.child.pid}/task`;
		const nanoseconds = readdirSync(tasks).map(task => Number(readFileSync(path.join(tasks, task, 'schedstat'), 'utf8').split(' ', 1)[0]));
		return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
	}

	peakMegabytes(): number {
		return Number(/VmHWM:\s*(?<kilobytes>\d+)/v.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))?.groups?.kilobytes) / 1024;
	}
}

async function measure(subject: Subject, home: string): Promise<Figures> {
	// Whoever has looked once has the compiled program in the cache folder, which is written at the end.
	const before = new Session(subject.argv, home);
	await before.until(subject.ready);
	before.child.write(subject.quit);
	await before.ended;
	const starts: number[] = [];
	for (let turn = 0; turn < 5; turn++) {
		const once = new Session(subject.argv, home);
		starts.push(await once.until(subject.ready));
		once.child.kill('SIGKILL');
		await pause(200);
	}

	const session = new Session(subject.argv, home);
	await session.until(subject.ready);
	await pause(settlingMilliseconds);
	const atRest = {bytes: session.received.length, cpu: session.cpuMilliseconds(), at: performance.now()};
	await pause(15_000);
	const seconds = (performance.now() - atRest.at) / 1000;
	const restBytes = (session.received.length - atRest.bytes) / seconds;
	const restCpu = (session.cpuMilliseconds() - atRest.cpu) / seconds;
	const moves = [];
	for (let turn = 0; turn < 15; turn++) {
		moves.push(await session.press(subject.down));
	}

	const pages = [];
	for (let turn = 0; turn < 5; turn++) {
		pages.push(await session.press(subject.page));
	}

	for (let turn = 0; turn < 500; turn++) {
		session.child.write(turn % 10 === 9 ? subject.page : subject.down);
		await pause(4);
	}

	await pause(500);
	const peak = session.peakMegabytes();
	session.child.kill('SIGKILL');
	return {
		startMilliseconds: median(starts),
		keyMilliseconds: median(moves.map(({milliseconds}) => milliseconds)),
		keyBytes: median(moves.map(({bytes}) => bytes)),
		pageBytes: median(pages.map(({bytes}) => bytes)),
		restBytes,
		restCpu,
		peakMegabytes: peak,
	};
}

function bareNode(): number {
	return median(Array.from({length: 9}, () => {
		const at = performance.now();
		spawnSync(process.execPath, ['-e', '0']);
		return performance.now() - at;
	}));
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-bench-'));
const subjects: Subject[] = [];
const servers = [];
for (const count of [200, 10_000]) {
	const socketPath = path.join(folder, `${count}.sock`);
	servers.push(await serveRemote({
		controller: fixtureController(calmCrowd(count)), socketPath, about: {
			version: versionHere(), repository: 'acme/widgets', pid: process.pid, where: 'the bench',
		},
	}));
	subjects.push({
		name: `console, ${count.toLocaleString('en')} rows`, argv: [process.execPath, path.join(root, 'bin.js'), 'attach', '--socket', socketPath], ready: /busy[\s\S]*└/v, down: keys.down, page: keys.page, quit: 'q',
	});
}

writeFileSync(path.join(folder, 'lines'), Array.from({length: 10_000}, (_, at) => `line ${at}`).join('\n'));
for (const [name, argv, ready] of [['htop', ['htop', '-d', '10'], /F10/v], ['tig', ['tig'], /\[main\]/v], ['less', ['less', path.join(folder, 'lines')], /line 30/v]] as const) {
	if (spawnSync(argv[0], ['--version']).error === undefined) {
		subjects.push({
			name, argv, ready, down: '\u{1B}[B', page: keys.page, quit: 'q',
		});
	}
}

// Ordinary names; everything runs and has for hours, each for some quarters of an hour and five seconds: so that of all clocks only that
// of the next read ticks, and neither an age nor the bar of a paid hour changes in the first minute.
function calmCrowd(count: number): EngineState {
	const state = crowd(count * 2, count * 2, ['test (20, ubuntu)', 'build', 'lint and type check', 'e2e (chromium)', 'docs']);
	const at = later(state.publishedAt, 36_000);
	const calm = (moment: Instant): Instant => later(at, -((Math.round((at - moment) / 900_000) * 900) + 5));
	const jobs = state.jobs.items.filter(job => job.status === 'inProgress').map(job => ({...job, createdAt: calm(job.createdAt), startedAt: calm(job.startedAt ?? job.createdAt)}));
	const onServers = new Map(jobs.map(job => [job.runnerName, job]));
	// As old as their jobs: so that both are in the window, and with each key three marks move.
	const items = state.servers.items.flatMap(server => {
		const job = onServers.get(server.name);
		return job === undefined ? [] : [{...server, created: job.createdAt}];
	});
	return {
		...state, publishedAt: at, nextReadAt: later(at, 59), jobs: {...state.jobs, items: jobs}, servers: {...state.servers, items},
	};
}

const bare = bareNode();
const results: Array<Figures & {readonly name: string}> = [];
for (const subject of subjects) {
	results.push({name: subject.name, ...await measure(subject, folder)});
}

await Promise.all(servers.map(async server => server.close()));
rmSync(folder, {recursive: true, force: true});
const show = (value: number, digits = 0) => value.toFixed(digits);
const rows: ReadonlyArray<readonly [string, string, (figures: Figures) => string]> = [
	['start to first useful frame, ms', `${show(bare + 220)} (bare node ${show(bare)} + 220), ${show(bare + 600)}`, ({startMilliseconds}) => show(startMilliseconds)],
	['key to last byte, ms', '5, 8', ({keyMilliseconds}) => show(keyMilliseconds, 1)],
	['bytes for one row down', '60', ({keyBytes}) => show(keyBytes)],
	['bytes for a page down', '600', ({pageBytes}) => show(pageBytes)],
	['bytes a second at rest', '12', ({restBytes}) => show(restBytes, 1)],
	['CPU at rest, ms a second', '6, 8', ({restCpu}) => show(restCpu, 1)],
	['peak memory after 500 keys, MB', '125, 200', ({peakMegabytes}) => show(peakMegabytes)],
];
const table = [
	`| measure | goal | ${results.map(({name}) => name).join(' | ')} |`,
	`| --- | --- | ${results.map(() => '---').join(' | ')} |`,
	...rows.map(([name, goal, value]) => `| ${name} | ${goal} | ${results.map(figures => value(figures)).join(' | ')} |`),
];
process.stdout.write(`Medians in a pty of 120x36; load average ${os.loadavg().map(load => load.toFixed(1)).join(' ')}, ${os.cpus().length} cores.\n\n${table.join('\n')}\n`);
writeFigures(table.join('\n'), 'bench:console');
