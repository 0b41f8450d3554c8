import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {text as textOf} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {instant, later} from '../../source/model/time.ts';
import {
	isTurning, overdueSeconds, watchEngine, watchdogSecondsOf,
} from '../../source/service/watchdog.ts';
import {unitText} from '../../source/service/unit.ts';
import {givenState} from '../support/given/state.ts';
import {needs} from '../support/needs.ts';
import {emptyHome} from '../support/program.ts';
import {
	endProgram,
	quickArguments,
	serveQuickWorld,
	startProgram,
	until,
} from '../support/simulator-process.ts';

// What systemd would hear: its own systemd-socket-activate holds the datagram socket, and Node, which has none, reads what arrives.
async function listenAsSystemd(t: ExecutionContext): Promise<{readonly socket: string; readonly heard: () => string}> {
	const socket = path.join(emptyHome(), 'notify');
	const reader = String.raw`const {readSync} = require("node:fs"); const bytes = Buffer.alloc(4096); for (;;) { const length = readSync(3, bytes); process.stdout.write(bytes.subarray(0, length).toString() + "\n"); }`;
	const child = spawn('systemd-socket-activate', ['--datagram', `--listen=${socket}`, process.execPath, '-e', reader], {stdio: ['ignore', 'pipe', 'ignore']});
	let heard = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		heard += text;
	});
	t.teardown(async () => {
		child.kill('SIGKILL');
		await once(child, 'close');
	});
	for (let turn = 0; !existsSync(socket) && turn < 500; turn++) {
		await new Promise(resolve => {
			setTimeout(resolve, 20);
		});
	}

	return {socket, heard: () => heard};
}

needs('systemd-socket-activate', 'ssh')('as a service it tells systemd that it is ready after its first look, pings while its loop turns, and says that it stops', async t => {
	const {world, environment} = await serveQuickWorld(t, {seed: 77});
	world.addRun({jobs: [{name: 'test', durationSeconds: 1}]});
	const {socket, heard} = await listenAsSystemd(t);
	const program = startProgram(t, ['run', ...quickArguments], {...environment, NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000'});
	await until('it is ready', program, () => heard().includes('READY=1'));
	await until('it pinged three times', program, () => (heard().match(/^WATCHDOG=1$/gmv)?.length ?? 0) >= 3);
	t.regex(heard(), /^STATUS=acme\/widgets: scaling, \d+ jobs wait, \d+ servers$/mv);
	t.false(heard().includes('STOPPING=1'));
	const {code} = await endProgram(program);
	t.is(code, 0);
	for (let turn = 0; !heard().includes('STOPPING=1') && turn < 500; turn++) {
		await new Promise(resolve => {
			setTimeout(resolve, 20);
		});
	}

	t.true(heard().includes('STOPPING=1'));
});

needs('systemd-socket-activate', 'perl')('the command of the unit opens the socket first: systemd hears it from the main process, and no child of it can say anything', async t => {
	const {socket, heard} = await listenAsSystemd(t);
	const said = /^ExecStart=(?<words>.*) \/usr\/bin\/node \/bin\.js /mv.exec(unitText({
		repository: 'a/b', node: '/usr/bin/node', program: '/bin.js', sshPrivateKey: undefined, hasPerl: true,
	}))?.groups?.words ?? '';
	const wrapper = said.split('" "').length === 1 ? /^(?<perl>\S+) (?<module>\S+) (?<flag>\S+) "(?<script>.*)"$/v.exec(said)?.groups : undefined;
	const script = (wrapper?.script ?? '').replaceAll('$$', '$').replaceAll('%%', '%').replaceAll('\\\\', '\\');
	t.is(wrapper?.perl, '/usr/bin/perl', said);
	const watchdog = path.join(import.meta.dirname, '../../source/service/watchdog.ts');
	const child = spawn('/usr/bin/perl', ['-MSocket', '-e', script, process.execPath, '-e', `
		import('${watchdog}').then(module => {
			module.systemdNotify(process.env)('READY=1', 'STATUS=pid ' + process.pid);
			process.stdout.write(require('node:child_process').execFileSync('ls', ['/proc/self/fd'], {encoding: 'utf8'}));
		});
	`], {stdio: ['ignore', 'pipe', 'inherit'], env: {PATH: '/nowhere:/usr/bin:/bin', NOTIFY_SOCKET: socket}});
	const [files] = await Promise.all([textOf(child.stdout), once(child, 'close')]);
	for (let turn = 0; !heard().includes('STATUS=') && turn < 500; turn++) {
		await new Promise(resolve => {
			setTimeout(resolve, 20);
		});
	}

	t.is(heard(), `READY=1\nSTATUS=pid ${child.pid}\n`, 'the process that systemd started');
	t.deepEqual(files.trim().split('\n').map(Number).filter(descriptor => descriptor > 3 && descriptor < 10), [], 'its children do not have the socket: 3 is the folder that ls reads');
});

test('while a first look takes long, systemd is asked to wait, as long as the loop turns', t => {
	const now = instant(1_800_000_000_000);
	const said: string[] = [];
	const state = {
		...givenState(), phase: 'starting', startedAt: now, nextReadAt: undefined,
	} as const;
	const watch = (at: typeof now) => {
		watchEngine({
			state: () => state, subscribe: () => () => undefined, now: () => at, watchdogSeconds: undefined, notify(...words) {
				said.push(...words);
			},
		})();
	};

	watch(later(now, 20));
	t.deepEqual(said, ['EXTEND_TIMEOUT_USEC=180000000']);
	watch(later(now, overdueSeconds));
	t.is(said.length, 1, 'a first look that never ends');
});

test('a loop turns as long as its next look is not long overdue, however far off that look is', t => {
	const now = instant(1_800_000_000_000);
	const state = (nextReadAt: typeof now | undefined, phase: 'starting' | 'running' | 'stopped' = 'running') => ({phase, startedAt: now, nextReadAt});
	t.true(isTurning(state(later(now, 3000)), now), 'a request limit may put the next look off for an hour');
	t.true(isTurning(state(later(now, -60)), now));
	t.false(isTurning(state(later(now, -overdueSeconds)), now));
	t.true(isTurning(state(undefined, 'starting'), later(now, 10)));
	t.false(isTurning(state(undefined, 'starting'), later(now, overdueSeconds)), 'a first look that never ends');
	t.false(isTurning(state(later(now, 10), 'stopped'), now));
});

test('the watchdog\'s time counts when it is meant for this process', t => {
	t.is(watchdogSecondsOf({WATCHDOG_USEC: '180000000'}, 7), 180);
	t.is(watchdogSecondsOf({WATCHDOG_USEC: '180000000', WATCHDOG_PID: '7'}, 7), 180);
	t.is(watchdogSecondsOf({WATCHDOG_USEC: '180000000', WATCHDOG_PID: '8'}, 7), undefined);
	t.is(watchdogSecondsOf({}, 7), undefined);
});
