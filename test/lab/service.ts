// The service's life on a real machine with systemd: npm run lab:service [-- --write]. About five minutes on two cores.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import {systemClock} from '../../source/clock/system-clock.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {serveWorld} from '../../source/simulator/serve.ts';
import {createWorld} from '../../source/simulator/world.ts';
import {writeFigures} from '../support/figures.ts';
import {missingForLab} from '../support/machine.ts';
import {root} from '../support/program.ts';
import {
	check, faults, printEnd, title,
} from './checks.ts';
import {startGuest} from './guest.ts';
import {baseImage} from './image/base-image.ts';

const missing = missingForLab();
if (missing.length > 0) {
	throw new Error(`The lab needs ${missing.join(', ')}.`);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-lab-'));
const image = await baseImage(words => {
	process.stdout.write(`${words}\n`);
});
const world = createWorld({
	seed: 3, clock: systemClock(), parameters: {
		bootSeconds: [1, 2], sshSeconds: [1, 2], setupSeconds: [2, 3], startupSeconds: [4, 6], deleteSeconds: [1, 2],
		powerOffSeconds: [1, 2], jobLagSeconds: [0, 1], busyLagSeconds: [0, 2], jobsLagSeconds: [0, 1],
	},
});
const served = await serveWorld({world, directory: folder});
const key = path.join(folder, 'login');
execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
const portOf = (url: string) => new URL(url).port;
const machine = startGuest({
	image,
	folder,
	name: 'ci-console',
	ip: '127.77.251.1',
	sshPort: 2222,
	publicKeys: [readFileSync(`${key}.pub`, 'utf8').trim()],
	hasSshd: true,
	memoryMegabytes: 1024,
	canReboot: true,
	payload: makePayload(),
	ways: [
		['10.0.2.100:8080', `127.0.0.1:${portOf(served.githubUrl)}`],
		['10.0.2.100:8081', `127.0.0.1:${portOf(served.hetznerUrl)}`],
		...[2, 3, 4, 5, 6, 7, 8, 9].map(number => [`10.0.2.10${number}:22`, `127.77.0.${number}:${served.sshPort}`] as const),
	],
	onOff() {/* The last check says what is left. */},
});
const program = 'github-runners';
const startedAt = performance.now();
// A quiet machine boots in 20 to 30 s: on one that others use too, everything may take as many times longer as that took.
let patience = 1;
const figures: Array<readonly [what: string, figure: string]> = [];

// Node, the packed package, and the same one with a higher version, as the machine's second disk.
function makePayload(): string {
	const content = path.join(folder, 'payload');
	const unpacked = path.join(folder, 'next');
	mkdirSync(content);
	mkdirSync(unpacked);
	execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {cwd: root});
	const packed = execFileSync('sh', ['-c', 'ls "$1"/hetzner-runners-tui-*.tgz', 'sh', folder], {encoding: 'utf8'}).trim();
	copyFileSync(packed, path.join(content, 'first.tgz'));
	execFileSync('tar', ['xzf', packed, '-C', unpacked]);
	const about = path.join(unpacked, 'package/package.json');
	writeFileSync(about, readFileSync(about, 'utf8').replace(/"version": "[^"]+"/v, '"version": "99.0.0"'));
	execFileSync('tar', ['czf', path.join(content, 'next.tgz'), '-C', unpacked, 'package']);
	copyFileSync(process.execPath, path.join(content, 'node'));
	copyFileSync(served.sshPrivateKeyFile, path.join(content, 'id'));
	const payload = path.join(folder, 'payload.tar');
	execFileSync('tar', ['cf', payload, '-C', content, '.']);
	return payload;
}

type Said = {readonly code: number; readonly out: string};

// Never waited for in a way that holds up this process: the world that the machine talks to lives in it.
async function on(command: string, input = ''): Promise<Said> {
	const child = spawn('ssh', ['-F', 'none', '-p', '2222', '-i', key, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=60', 'root@127.77.251.1', command]);
	child.stdin.end(input);
	const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number | undefined]>]);
	return {code: code ?? 255, out: `${stdout}${stderr}`};
}

async function until(what: string, holds: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
	const deadline = performance.now() + (seconds * 1000 * patience);
	while (!await holds()) {
		world.now();
		if (performance.now() > deadline) {
			throw new Error(`not within ${Math.round(seconds * patience)} s: ${what}\n${(await on(`journalctl -u ${program} -n 30 --no-pager`)).out}`);
		}

		await pause(1000);
	}
}

// SSH answers and all units have had their turn.
async function untilUp(): Promise<void> {
	await until('the machine answers SSH', async () => (await on('systemctl is-system-running --wait')).code <= 1, 300);
}

const isActive = async (): Promise<boolean> => (await on(`systemctl is-active ${program}`)).out.trim() === 'active';
const isQuiet = (jobs: number) => (): boolean => isFinished(world) && auditWorld(world).jobs.done === jobs;

async function install(): Promise<void> {
	title('Install, start, status, logs');
	const unpacked = await on('tar xf /dev/vdb -C /opt && install -m 0755 /opt/node /usr/local/bin/node && mkdir /opt/first && tar xzf /opt/first.tgz -C /opt/first && ln -s /opt/first/package/bin.js /usr/local/bin/github-runners && install -m 0600 /opt/id /etc/ci-key && ls /etc /usr/local /var/lib /var/log /run >/root/before');
	check(unpacked.code === 0, `the package is unpacked ${unpacked.out}`);
	// The settings come over standard input, so that no token is in an argument.
	const settings = Object.entries({
		...served.environment, GITHUB_API_URL: 'http://127.0.0.1:18080', HCLOUD_ENDPOINT: 'http://127.0.0.1:18081/v1', HETZNER_SSH_PORT: '2222', HETZNER_SSH_PRIVATE_KEY: '/etc/ci-key',
	}).map(([name, value]) => `export ${name}='${value}'\n`).join('');
	const installed = await on('. /dev/stdin; node /opt/first/package/bin.js service install --scale-up-interval 3 --scale-down-interval 3 --max-powered-off-time 3 --view-group users', settings);
	check(installed.code === 0, `service install answers ${installed.code}\n${installed.out.trimEnd().replaceAll(/^/gmv, ' '.repeat(9))}`);
	check(await isActive(), 'it runs');
	process.stdout.write(installed.code === 0 ? '' : (await on(`journalctl -u ${program} -n 40 --no-pager`)).out);
	check((await on('systemctl is-enabled github-runners')).out.trim() === 'enabled', 'it starts with the machine');
	world.addRun({jobs: [{name: 'first', durationSeconds: 3}, {name: 'second', durationSeconds: 3}]});
	await until('two jobs are done and no server is left', isQuiet(2), 200);
	const status = await on(`${program} service status`);
	check(status.code === 0 && status.out.includes('acme/widgets'), `service status answers ${status.code}\n${status.out.trimEnd().replaceAll(/^/gmv, ' '.repeat(9))}`);
	const logs = await on(`${program} service logs -n 200`);
	check(logs.out.includes('deleted gh-actions-runner-'), 'service logs tells what was done');
	const listed = await on(`${program} list`);
	check(listed.code === 0, `list reaches it over its socket${listed.code === 0 ? '' : `: ${listed.out.trim()}`}`);
	const analysed = (await on(`systemd-analyze security ${program} --no-pager`)).out;
	const exposure = /exposure level for \S+: (?<figure>[\d.]+)/v.exec(analysed)?.groups?.figure;
	figures.push(['`systemd-analyze security` of the living unit', exposure ?? 'none']);
	check(Number(exposure) <= 1.1, `systemd-analyze security of the living unit: ${exposure ?? analysed.slice(0, 200)}`);
}

async function crash(): Promise<void> {
	title('kill -9 of the engine with a server in the middle of its set-up');
	world.addRun({jobs: [{name: 'through a crash', durationSeconds: 20}]});
	await until('its server is being set up', () => world.hetzner.servers.values().some(server => server.host.setUpAt !== undefined), 100);
	const pid = (await on(`systemctl show -p MainPID --value ${program}`)).out.trim();
	const killedAt = performance.now();
	await on(`kill -9 ${pid}`);
	await until('systemd has started it again', async () => await isActive() && (await on(`systemctl show -p MainPID --value ${program}`)).out.trim() !== pid, 100);
	const backSeconds = Math.round((performance.now() - killedAt) / 1000);
	figures.push(['`kill -9` until the next engine is ready', `${backSeconds} s`]);
	process.stdout.write(`         after ${backSeconds} s\n${(await on(`journalctl -u ${program} -n 12 --no-pager -o short-precise | cut -c 1-160`)).out.replaceAll(/^/gmv, ' '.repeat(9))}\n`);
	await until('the job is done and no server is left', isQuiet(3), 200);
	check(auditWorld(world).serversCreated === 3 && auditWorld(world).serversWithoutJob === 0, 'the new engine went on with the same server');
}

async function reboot(): Promise<void> {
	title('The machine reboots');
	await on('systemctl reboot');
	await pause(10_000);
	await untilUp();
	await until('it runs again, by itself', isActive, 100);
	world.addRun({jobs: [{name: 'after the reboot', durationSeconds: 3}]});
	await until('the job is done and no server is left', isQuiet(4), 200);
	check(true, 'it started by itself and serves');
}

async function rotate(): Promise<void> {
	title('A token is replaced, then the program by a newer version');
	world.faults.inject({kind: 'badCredentials', api: 'github'}, {forSeconds: 30});
	const again = await on('. /dev/stdin; github-runners service install --force', `export GITHUB_TOKEN='${served.githubToken}'\n`);
	check(again.code === 0 || again.out.includes('did not start'), `service install --force keeps the settings (${again.code})`);
	await until('it runs', isActive, 200);
	const upgraded = await on('mkdir /opt/next && tar xzf /opt/next.tgz -C /opt/next && ln -sf /opt/next/package/bin.js /usr/local/bin/github-runners && node /opt/next/package/bin.js service install --force');
	check(upgraded.code === 0, `the newer version installs over it\n${upgraded.out.trimEnd().replaceAll(/^/gmv, ' '.repeat(9))}`);
	await until('the newer version serves', async () => (await on(`${program} service status`)).out.includes('99.0.0'), 60);
	world.addRun({jobs: [{name: 'after the upgrade', durationSeconds: 3}]});
	await until('the job is done and no server is left', isQuiet(5), 200);
	check(true, 'the newer version serves');
}

// Runs in the machine: where each secret is found, by files, arguments, environments, memory (the engine's own aside) and what the
// sockets answer.
const searching = String.raw`
const fs = require('node:fs'), path = require('node:path'), {execFileSync} = require('node:child_process'), http = require('node:http');
const {secrets, engine} = JSON.parse(fs.readFileSync(0, 'utf8'));
const found = [];
const look = (where, bytes) => {
	for (const [name, secret] of Object.entries(secrets)) if (bytes.includes(secret)) found.push(name + ': ' + where);
};
for (const root of ['/etc', '/var', '/run', '/tmp', '/root', '/usr/local', '/opt']) {
	for (const entry of fs.readdirSync(root, {recursive: true, withFileTypes: true})) {
		const file = path.join(entry.parentPath, entry.name);
		if (/^\/var\/(run|lock)\//.test(file)) continue; // The same as /run.
		if (entry.isFile()) try { look(file + ' (' + (fs.statSync(file).mode & 0o777).toString(8) + ')', fs.readFileSync(file)); } catch {}
	}
}
look('the journal', execFileSync('journalctl', ['--no-pager'], {maxBuffer: 1e9}));
for (const pid of fs.readdirSync('/proc').filter(name => /^[0-9]+$/.test(name) && Number(name) !== process.pid)) {
	const about = (() => { try { return fs.readFileSync('/proc/' + pid + '/comm', 'utf8').trim(); } catch { return '?'; } })();
	for (const what of ['cmdline', 'environ']) try { look(what + ' of ' + about, fs.readFileSync('/proc/' + pid + '/' + what)); } catch {}
	if (Number(pid) === engine) continue;
	try {
		const memory = fs.openSync('/proc/' + pid + '/mem', 'r');
		for (const line of fs.readFileSync('/proc/' + pid + '/maps', 'utf8').split('\n')) {
			const range = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line);
			if (range === null || /\[v/.test(line)) continue;
			const from = parseInt(range[1], 16), length = parseInt(range[2], 16) - from;
			try { const bytes = Buffer.alloc(Math.min(length, 1 << 26)); fs.readSync(memory, bytes, 0, bytes.length, from); look('memory of ' + about, bytes); } catch {}
		}
		fs.closeSync(memory);
	} catch {}
}
const ask = (socketPath, to) => new Promise(resolve => {
	const request = http.get({socketPath, path: to}, answer => {
		answer.on('data', bytes => look(to + ' of ' + path.basename(socketPath), bytes)).on('close', resolve);
		setTimeout(() => answer.destroy(), 2000);
	});
	request.on('error', resolve);
});
(async () => {
	const sockets = fs.readdirSync('/run/hetzner-runners-tui').map(name => '/run/hetzner-runners-tui/' + name);
	for (const socket of sockets) for (const to of ['/hello', '/events', '/scripts', '/script-variables']) await ask(socket, to);
	process.stdout.write(JSON.stringify({found: [...new Set(found)], sockets: sockets.map(socket => { const {mode, gid} = fs.statSync(socket); return [path.basename(socket), (mode & 0o777).toString(8), gid]; })}));
	process.exit();
})();
`;

async function secrets(): Promise<void> {
	title('Where a secret can be read, while a server is set up');
	const {registrationToken} = world.github;
	const given: string[] = [];
	world.github.registrationToken = () => {
		const answer = registrationToken();
		given.push(answer.token);
		return answer;
	};

	world.addRun({jobs: [{name: 'is searched', durationSeconds: 40}]});
	await until('its server is being set up', () => world.hetzner.servers.values().some(server => server.host.setUpAt !== undefined), 100);
	const engine = Number((await on(`systemctl show -p MainPID --value ${program}`)).out.trim());
	const secretOf = {
		github: served.githubToken, hetzner: served.hetznerToken, key: readFileSync(served.sshPrivateKeyFile, 'utf8').split('\n', 2)[1] ?? '',
		...Object.fromEntries(given.map((token, index) => [`registration${index}`, token])),
	};
	await on('cat >/tmp/search.js', searching);
	const said = await on('node /tmp/search.js; rm /tmp/search.js', JSON.stringify({secrets: secretOf, engine}));
	const answer = JSON.parse(said.out) as {
		readonly found: readonly string[];
		readonly sockets: ReadonlyArray<readonly [name: string, mode: string, group: number]>;
	};
	const allowed = [
		/^github: \/(?:etc\/hetzner-runners-tui\/credentials|run\/credentials\/github-runners\.service)\/github-token \(4?6?00\)$/v,
		/^hetzner: \/(?:etc\/hetzner-runners-tui\/credentials|run\/credentials\/github-runners\.service)\/hetzner-token \(4?6?00\)$/v,
		/^key: \/(?:etc\/ci-key|run\/credentials\/github-runners\.service\/ssh-private-key|opt\/id) \(4?6?00\)$/v,
	];
	const elsewhere = answer.found.filter(place => !place.startsWith('memory of') && allowed.every(pattern => !pattern.test(place)));
	process.stdout.write(answer.found.map(place => `         ${place}\n`).join(''));
	check(elsewhere.length === 0, 'each secret is where it must be, and nowhere else');
	check(answer.sockets.some(([name, mode, group]) => name === 'acme+widgets.view' && mode === '660' && group === 100), `the socket for viewers is its group's: ${JSON.stringify(answer.sockets)}`);
	const asViewer = await on('useradd --no-create-home --gid users watcher; cd /; setpriv --reuid watcher --regid users --clear-groups env HOME=/tmp github-runners list --github-repository acme/widgets');
	check(asViewer.code === 0, `somebody of its group may list ${asViewer.out.split('\n', 1)[0] ?? ''}`);
	const pausing = await on('cd /; setpriv --reuid watcher --regid users --clear-groups env HOME=/tmp github-runners pause --github-repository acme/widgets');
	check(pausing.code !== 0, `and not pause: ${pausing.out.trim()}`);
	await until('the job is done and no server is left', isQuiet(6), 200);
}

async function uninstall(): Promise<void> {
	title('Uninstall');
	const gone = await on(`${program} service uninstall`);
	check(gone.code === 0, `service uninstall answers ${gone.code}\n${gone.out.trimEnd().replaceAll(/^/gmv, ' '.repeat(9))}`);
	check(!await isActive(), 'it does not run');
	const left = (await on('find /etc /usr/local/lib /var/lib /var/log /run -iname "*github-runners*" -o -iname "*hetzner-runners*"; getent passwd github-runners; getent group github-runners; systemctl list-unit-files | grep runners')).out.trim();
	process.stdout.write(`         left: ${left === '' ? 'nothing' : left.replaceAll('\n', ' ')}\n`);
	check(left.split('\n').every(line => ['', '/var/lib/hetzner-runners-tui', '/var/log/hetzner-runners-tui'].includes(line)), 'nothing is left but the history that uninstall names');
}

try {
	await untilUp();
	patience = Math.max(1, (performance.now() - startedAt) / 30_000);
	figures.push(['boot until SSH answers and all units are up', `${Math.round((performance.now() - startedAt) / 1000)} s`]);
	process.stdout.write(`the machine is up after ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
	await install();
	await crash();
	await reboot();
	await rotate();
	await secrets().catch((error: unknown) => {
		check(false, error instanceof Error ? error.message : String(error));
	});
	await uninstall();
	const audit = auditWorld(world);
	figures.push(['servers made, left, jobs killed in its life', `${audit.serversCreated}, ${audit.serversLeft}, ${audit.jobsKilled}`]);
	check(audit.jobsKilled === 0 && audit.foreignTouched === 0 && audit.serversLeft === 0, `${audit.serversCreated} servers made, ${audit.serversLeft} left, none of others touched, no job killed`);
} catch (error) {
	check(false, error instanceof Error ? error.message : String(error));
} finally {
	await machine.stop();
	await served.close();
	rmSync(folder, {recursive: true, force: true});
}

writeFigures(['| what | measured |', '| --- | --- |', ...figures.map(([what, figure]) => `| ${what} | ${figure} |`)].join('\n'), 'lab:service');
printEnd(startedAt);
process.exitCode = faults.length === 0 ? 0 : 1;
