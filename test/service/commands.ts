import process from 'node:process';
import test from 'ava';
import {parseUnitState} from '../../source/service/unit-state.ts';
import {emptyHome, plainEnvironment, runProgram} from '../support/program.ts';
import {stubPrograms, type StubPrograms} from '../support/stub-programs.ts';

// The commands that only ask systemd's own programs, with stand-ins for those.

function environmentOf(stubs: StubPrograms): Readonly<Record<string, string>> {
	return plainEnvironment(emptyHome(), {PATH: `${stubs.path}:${process.env.PATH}`});
}

for (const [argv, call] of [
	[['logs'], 'journalctl [--unit] [github-runners.service] [-f]'],
	[['logs', '-f', '-n', '50'], 'journalctl [--unit] [github-runners.service] [-n] [50] [-f]'],
	[['logs', '-n', '50'], 'journalctl [--unit] [github-runners.service] [-n] [50]'],
	[['logs', '--root', '/'], 'journalctl [--root=/] [--unit] [github-runners.service] [-f]'],
] as const) {
	test(`service ${argv.join(' ')} is ${call}`, async t => {
		const stubs = stubPrograms();
		stubs.add('journalctl', 'echo a line; exit 3');
		const {code, stdout} = await runProgram(['service', ...argv], {env: environmentOf(stubs)});
		t.deepEqual(stubs.calls(), [call]);
		t.is(stdout, 'a line\n');
		t.is(code, 3, 'its exit code is passed on');
	});
}

for (const action of ['start', 'stop', 'restart']) {
	test(`service ${action} is systemctl ${action} github-runners.service`, async t => {
		const stubs = stubPrograms();
		stubs.add('systemctl');
		t.is((await runProgram(['service', action], {env: environmentOf(stubs)})).code, 0);
		t.deepEqual(stubs.calls(), [`systemctl [${action}] [github-runners.service]`]);
		stubs.add('systemctl', 'exit 5');
		const {code, stderr} = await runProgram(['service', action], {env: environmentOf(stubs)});
		t.is(code, 2);
		t.is(stderr, 'The service is not installed: sudo github-runners service install\n');
	});
}

test('status of what is not installed says so with 1', async t => {
	const {code, stdout} = await runProgram(['service', 'status']);
	t.is(code, 1);
	t.is(stdout, 'not installed: sudo github-runners service install\n');
	const {stdout: json} = await runProgram(['service', 'status', '--json']);
	t.like(JSON.parse(json), {installed: false});
});

test('an unknown action and a root that is not there end with 2 and one sentence', async t => {
	for (const [argv, words] of [
		[['instal'], 'service takes one of install, uninstall, status, logs, start, stop, restart. Did you mean install?\n'],
		[[], 'service takes one of install, uninstall, status, logs, start, stop, restart.\n'],
		[['install', '--root', '/no/such/root'], '--root is "/no/such/root", but there is no such folder.\n'],
		[['start', '--root', '/'], 'service start needs a running system: --root is for install, uninstall, status and logs.\n'],
	] as const) {
		const {code, stderr} = await runProgram(['service', ...argv]);
		t.is(code, 2);
		t.is(stderr, words);
	}
});

test('what systemctl shows is understood, in both of its ways to write a moment', t => {
	const shown = (moment: string) => parseUnitState(`ActiveState=active\nSubState=running\nStateChangeTimestamp=${moment}\nNRestarts=2\nResult=watchdog\n`);
	for (const moment of ['@1732471745', 'Sun 2024-11-24 18:09:05 UTC']) {
		t.deepEqual(shown(moment), {
			active: 'active', sub: 'running', since: Date.UTC(2024, 10, 24, 18, 9, 5), restarts: 2, result: 'watchdog',
		});
	}

	t.is(shown('').since, undefined);
});
