// The product's whole life on real machines: npm run lab [-- jobs secrets setup oldRunner noSshd] [--write]. About ten minutes on two
// cores.
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {writeFigures} from '../support/figures.ts';
import {lookAround, nothingSeen, registrationTokens} from '../support/look-for-secrets.ts';
import {missingForLab} from '../support/machine.ts';
import {openProgram, type PtyProgram} from '../support/pty.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {
	check, faults, printEnd, title,
} from './checks.ts';
import {baseImage} from './image/base-image.ts';
import {runs} from './jobs.ts';
import {openLabWorld, type LabWorld} from './lab-world.ts';
import {runOnLab, type LabProgram} from './program.ts';
import {processesWith, secretsBelow, secretsInMemory} from './secrets.ts';
import {logLines, timelines} from './timeline.ts';

const quick = ['--scale-up-interval', '2', '--scale-down-interval', '2', '--max-powered-off-time', '2'];
async function allJobs(lab: LabWorld): Promise<void> {
	title('Six jobs in two runs, two machines at once, a console attached all along');
	for (const jobs of runs) {
		lab.addRun(jobs);
	}

	const socket = path.join(lab.folder, 'engine.sock');
	const program = runOnLab(lab, [...quick, '--max-runners', '2', '--max-server-ready-time', '300', '--socket', socket]);
	const console = await attach(program, socket);
	let most = 0;
	const isDone = (): boolean => {
		most = Math.max(most, lab.machines());
		return lab.world.github.jobs().every(job => job.actualState === 'completed') && lab.world.hetzner.servers.size === 0;
	};

	await program.until('all jobs are done and no server is left', isDone, 1500);
	await program.until('the program has seen that', () => (program.stdout().match(/"code":"serverDeleted"/gv) ?? []).length >= 6, 60);
	const screen = await console.until('no server on the screen', ({text}) => text.includes('0/2 servers'));
	check(screen.text.includes('SCALING'), 'the console followed to the end');
	console.type('q');
	await console.ended;
	await program.kill('SIGTERM');
	const lives = timelines(logLines(program.stdout()), lab.offAt);
	process.stdout.write(`${lives}\n`);
	writeFigures(`\`\`\`text\n${lives}\n\`\`\``, 'lab');
	for (const job of runs.flat()) {
		const found = lab.world.github.jobs().find(({name}) => name === job.name);
		check(found?.conclusion === job.ends, `"${job.name}" ended in ${found?.conclusion ?? 'nothing'}`);
	}

	const proofs = lab.front.logs.filter(({job}) => job.startsWith('proof') || job.startsWith('leaves'));
	check(proofs.length === 3 && proofs.every(({log, runner}) => log.split('\n', 3).join(',') === [runner, 'runner', 'root'].join(',')), 'each proof came from the machine of its runner, as user runner, with sudo');
	check(new Set(proofs.map(({log}) => log.split('\n', 4)[3])).size === 3, 'no machine ran two jobs');
	check(most === 2, `never more than two machines at once (${most})`);
	promises(lab, 6);
}

async function attach(program: LabProgram, socket: string): Promise<PtyProgram> {
	await program.until('it has started', () => program.stdout().includes('"code":"started"'), 30);
	await pause(500);
	const console = openProgram(['attach', '--socket', socket], {columns: 120, rows: 36});
	await console.until('the first screen', ({text}) => text.includes('acme/widgets'));
	return console;
}

async function failingSetUp(lab: LabWorld): Promise<void> {
	title('A setup script of one\'s own that fails');
	const script = path.join(lab.folder, 'setup.sh');
	writeFileSync(script, '#!/bin/bash\nset -euo pipefail\necho "mount the cache"\nmount /dev/nothing /mnt\necho never\n');
	await failure(lab, ['--setup-script', script, '--max-runner-registration-time', '10'], 'setUpFailed', /mount.*(?:nothing|special device)/v);
}

async function oldRunner(lab: LabWorld): Promise<void> {
	title('A runner too old to register');
	await failure(lab, ['--max-runner-registration-time', '10'], 'setUpFailed', /deprecated/v);
}

async function noSshd(lab: LabWorld): Promise<void> {
	title('A machine whose sshd never starts');
	await failure(lab, ['--max-server-ready-time', '60'], 'serverDeleted', /ssh/iv);
}

// Where the tokens and the key can be found while a job runs, and after it: processes, files, memory of the machine it runs on, its disk.
async function secretsLeft(lab: LabWorld): Promise<void> {
	title('Where secrets can be found');
	const registration = registrationTokens(lab.world);
	const {environment} = lab;
	const keyFile = environment.HETZNER_SSH_PRIVATE_KEY ?? '';
	const lasting = new Map([
		['the GitHub token', lab.world.githubToken], ['the Hetzner token', lab.world.hetznerToken], ['the private key', readFileSync(keyFile, 'utf8').split('\n', 2)[1] ?? ''],
	]);
	lab.addRun([{name: 'is searched', steps: 'sleep 30'}]);
	const program = runOnLab(lab, [...quick, '--max-server-ready-time', '300']);
	const seen = nothingSeen();
	await program.until('its job runs', () => {
		lookAround(program.pid, seen);
		return lab.world.github.jobs().some(job => job.actualState === 'running');
	}, 400);
	const all = () => new Map([...lasting, ...registration.map((token, index) => [`registration token ${index}`, token] as const)]);
	const machines = processesWith(`${lab.folder}/machines`).filter(pid => pid !== process.pid);
	check(machines.length === 1, 'one machine runs the job');
	const inMemory = machines.flatMap(pid => [...secretsInMemory(pid, all())]);
	check(inMemory.every(name => !lasting.has(name)), `the machine's memory has none that lasts${inMemory.length === 0 ? '' : `; left in it: ${inMemory.join(', ')}`}`);
	await program.until('no server is left', () => lab.world.hetzner.servers.size === 0 && lab.machines() === 0, 400);
	await program.kill('SIGTERM');
	const texts = {
		log: program.stdout(), errors: program.stderr(), arguments: [...seen.commandLines].join('\n'), 'environment of children': [...seen.childEnvironments].join('\n'),
	};
	for (const [where, text] of Object.entries(texts)) {
		check(all().values().every(secret => !text.includes(secret)), `${where}: none`);
	}

	const inFiles = secretsBelow(lab.folder, all(), [keyFile]);
	check(inFiles.length === 0, `disks of servers, state, consoles of machines: ${inFiles.length === 0 ? 'none' : inFiles.join('; ')}`);
	promises(lab, 1);
}

// One job whose server comes to nothing: the reason is told, the server goes, and nothing is left.
async function failure(lab: LabWorld, argv: readonly string[], code: string, reason: RegExp): Promise<void> {
	lab.addRun([{name: 'never runs', steps: 'true'}]);
	const program = runOnLab(lab, [...quick, ...argv]);
	const told = () => logLines(program.stdout()).find(line => line.code === code);
	await program.until(`${code} is told`, () => told() !== undefined, 300);
	check(reason.test(told()?.msg ?? ''), `the log says why: ${told()?.msg ?? ''}`);
	for (const run of lab.world.github.runs) {
		lab.world.github.cancelRun(run);
	}

	await program.until('no server is left', () => lab.world.hetzner.servers.size === 0, 200);
	await program.kill('SIGTERM');
	process.stdout.write(`${timelines(logLines(program.stdout()), lab.offAt)}\n`);
	promises(lab, 1);
}

function promises(lab: LabWorld, least: number): void {
	const audit = auditWorld(lab.world);
	check(audit.jobsKilled === 0 && audit.foreignTouched === 0, 'no running job killed, nothing of others touched');
	check(audit.serversCreated >= least && audit.serversLeft === 0 && lab.machines() === 0, `${audit.serversCreated} servers made, ${audit.serversLeft} left, ${lab.machines()} machines run`);
	check(lab.world.github.runners.size === 0 || lab.world.github.runners.values().every(runner => runner.isForeign || !runner.isOnline), 'no runner is left online');
}

async function phase(life: (lab: LabWorld) => Promise<void>, options: Parameters<typeof openLabWorld>[1] = {}): Promise<void> {
	const startedAt = performance.now();
	const lab = await openLabWorld(image, options);
	try {
		await life(lab);
	} catch (error) {
		check(false, error instanceof Error ? error.message : String(error));
	} finally {
		await lab.close();
	}

	process.stdout.write(`  took ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}

const missing = missingForLab();
if (missing.length > 0) {
	throw new Error(`The lab needs ${missing.join(', ')}.`);
}

const startedAt = performance.now();
const image = await baseImage(words => {
	process.stdout.write(`${words}\n`);
});
const phases: Readonly<Record<string, () => Promise<void>>> = {
	jobs: async () => phase(allJobs),
	secrets: async () => phase(secretsLeft),
	setup: async () => phase(failingSetUp),
	oldRunner: async () => phase(oldRunner, {runnerVersion: '2.300.0'}),
	noSshd: async () => phase(noSshd, {hasSshd: () => false}),
};
const asked = process.argv.slice(2).filter(word => !word.startsWith('--'));
for (const [name, run] of Object.entries(phases)) {
	if (asked.length === 0 || asked.includes(name)) {
		await run();
	}
}

printEnd(startedAt);
process.exitCode = faults.length === 0 ? 0 : 1;
