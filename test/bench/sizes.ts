// What hostile sizes cost an engine: its memory, and how long it takes to answer a console meanwhile. `npm run bench:sizes [-- --write]`,
// as root.
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {request, type IncomingMessage} from 'node:http';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {givenHostKey} from '../../source/simulator/cloud-init.ts';
import type {Host, Machines} from '../../source/simulator/host.ts';
import type {World} from '../../source/simulator/world.ts';
import {writeFigures} from '../support/figures.ts';
import {
	quickArguments, serveQuickWorld, startProgram, until, type Teardown,
} from '../support/simulator-process.ts';
import {startSshd, stopSshd} from '../support/sshd.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {serveFront} from '../support/hostile-front.ts';
import {hostileSizes, type Trouble} from './hostile-sizes.ts';
import {quantile} from './quantile.ts';

const seconds = 30;
const sshPort = 2299;

type Figures = {
	readonly what: string;
	readonly before: number;
	readonly peak: number;
	readonly median: number;
	readonly slowest: number;
	readonly longest: number;
	readonly came: string;
};

const residentMegabytes = (pid: number): number => Number(/^VmRSS:\s+(?<kilobytes>\d+)/mv.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.groups?.kilobytes) / 1000;

// A socket whose queue of connections is full (EAGAIN) is tried again, as a console does; the time counts.
async function answerMilliseconds(socketPath: string): Promise<number> {
	const begun = performance.now();
	for (;;) {
		try {
			const asked = request({socketPath, path: '/hello', agent: false});
			asked.end();
			const [answer] = await once(asked, 'response') as [IncomingMessage];
			answer.resume();
			await once(answer, 'end');
			return performance.now() - begun;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) {
				throw error;
			}

			await pause(20);
		}
	}
}

// Each a real sshd that shows the host key made for the server, and prints as fast as it can whatever it is asked to run.
function floodingMachines(folder: string, worldOf: () => World): {readonly machines: Machines; readonly daemons: readonly ChildProcess[]} {
	const daemons: ChildProcess[] = [];
	let count = 0;
	const boot = async ({serverId}: Host): Promise<void> => {
		const {hetzner, parameters} = worldOf();
		const server = hetzner.servers.get(serverId);
		const hostKey = path.join(folder, `host_key_${serverId}`);
		writeFileSync(hostKey, givenHostKey(server?.userData, parameters)?.privateKey ?? '', {mode: 0o600});
		const flood = String.raw`ForceCommand cat >/dev/null & echo '@answered fresh 1'; yes "$(printf '@step setup\n@step startup\n| hello')"`;
		daemons.push(await startSshd(folder, sshPort, hostKey, [flood], server?.ip));
	};

	return {
		daemons,
		machines: {
			address: () => `127.77.240.${++count}`,
			start(host) {
				void boot(host);
			},
			stop() {/* It prints on until its connection ends. */},
		},
	};
}

class Endings implements Teardown {
	readonly #all: Array<() => unknown> = [];

	readonly teardown = (ending: () => unknown): void => {
		this.#all.push(ending);
	};

	async run(): Promise<void> {
		for (const ending of this.#all.toReversed()) {
			await ending();
		}
	}
}

async function measure({what, begin, hasFloodingServers = false, github = () => false}: Trouble): Promise<Figures> {
	const t = new Endings();
	const folder = temporaryFolder('sizes');
	const {machines, daemons} = floodingMachines(folder, () => world);
	t.teardown(async () => Promise.all(daemons.map(async daemon => stopSshd(daemon))));
	const {world, served, environment, home} = await serveQuickWorld(t, {seed: 7, ...hasFloodingServers && {machines}});
	try {
		copyFileSync(`${served.sshPrivateKeyFile}.pub`, path.join(folder, 'key.pub'));
		let isHostile = false;
		const front = await serveFront(served.githubUrl, (incoming, response) => isHostile && github(incoming, response));
		t.teardown(front.close);
		const socketPath = path.join(folder, 'engine.sock');
		const program = startProgram(t, ['run', ...quickArguments, '--socket', socketPath, '--max-runners', '6'], {
			...environment, GITHUB_API_URL: front.url, ...hasFloodingServers && {HETZNER_SSH_PORT: String(sshPort)},
		});
		await until('it has started', program, () => program.stdout().includes('started for'));
		await pause(5000);
		const before = residentMegabytes(program.pid);
		isHostile = true;
		const came = await begin({
			program, socketPath, world, home,
		});
		const memory: number[] = [];
		const answers: number[] = [];
		for (const end = performance.now() + (seconds * 1000); performance.now() < end;) {
			memory.push(residentMegabytes(program.pid));
			answers.push(await answerMilliseconds(socketPath));
			await pause(100);
		}

		return {
			what, before, peak: Math.max(...memory), median: quantile(answers, 0.5), slowest: quantile(answers, 0.95),
			longest: Math.max(...answers), came: came(),
		};
	} finally {
		await t.run();
	}
}

const words = process.argv.slice(2).filter(word => !word.startsWith('--'));
const wanted = hostileSizes().filter(({what}) => words.every(word => what.includes(word)));
const figures: Figures[] = [];
for (const trouble of wanted) {
	figures.push(await measure(trouble));
}

const table = [
	`| for ${seconds} s | memory before, MB | at most, MB | answer to a console, median ms | 95% within ms | longest ms | |`,
	'| --- | --- | --- | --- | --- | --- | --- |',
	...figures.map(({what, before, peak, median, slowest, longest, came}) => `| ${[what, ...[before, peak, median, slowest, longest].map(figure => figure.toFixed(0)), came].join(' | ')} |`),
].join('\n');
process.stdout.write(`${table}\n`);
writeFigures(table, 'bench:sizes');
process.exit(); // Half requests are still open.
