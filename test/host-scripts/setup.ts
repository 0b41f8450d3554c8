import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readHostScripts} from '../../source/host-scripts/find.ts';
import {stubPrograms, type StubPrograms} from '../support/stub-programs.ts';

const {setup} = await readHostScripts();

// Every program that would change this machine is a stand-in.
function given({isUserThere = false}: {readonly isUserThere?: boolean} = {}): StubPrograms {
	const stubs = stubPrograms();
	for (const name of ['adduser', 'addgroup', 'usermod', 'apt-get', 'chown', 'sudo', 'visudo']) {
		stubs.add(name);
	}

	stubs.add('id', `exit ${isUserThere ? 0 : 1}`);
	stubs.add('getent', `exit ${isUserThere ? 0 : 2}`);
	return stubs;
}

function run(stubs: StubPrograms) {
	return spawnSync('bash', ['-s'], {
		input: setup.text, encoding: 'utf8', env: {PATH: stubs.path, RUNNER_SUDOERS: path.join(stubs.folder, 'sudoers'), RUNNER_TOOLS: path.join(stubs.folder, 'tools')},
	});
}

test('the runner user is made, with sudo that asks for no password', t => {
	const stubs = given();
	const ran = run(stubs);
	t.is(ran.status, 0, ran.stderr);
	t.true(stubs.calls().includes('adduser [runner] [--disabled-password] [--gecos] []'));
	t.true(stubs.calls().includes('addgroup [wheel]'));
	t.true(stubs.calls().includes('usermod [-aG] [wheel] [runner]'));
	t.true(stubs.calls().includes('usermod [-aG] [sudo] [runner]'));
	t.false(stubs.calls().some(call => call.startsWith('apt-get')));
	const sudoers = path.join(stubs.folder, 'sudoers');
	t.is(readFileSync(sudoers, 'utf8'), '%wheel ALL=(ALL:ALL) NOPASSWD:ALL\n%sudo ALL=(ALL:ALL) NOPASSWD:ALL\n');
	t.is(statSync(sudoers).mode & 0o777, 0o440); // eslint-disable-line no-bitwise
	t.true(existsSync(path.join(stubs.folder, 'tools')));
});

test('a second run makes nobody twice', t => {
	const stubs = given({isUserThere: true});
	t.is(run(stubs).status, 0);
	t.is(run(stubs).status, 0);
	t.false(stubs.calls().some(call => call.startsWith('adduser') || call.startsWith('addgroup')));
});

test('a failure stops it, and sudo rules that are broken are never put in force', t => {
	const noUser = given();
	noUser.add('adduser', 'echo "adduser: no space left" >&2; exit 3');
	const ran = run(noUser);
	t.is(ran.status, 3);
	t.regex(ran.stderr, /no space left/v);
	t.false(noUser.calls().some(call => call.startsWith('usermod')));

	const badRules = given();
	badRules.add('visudo', 'exit 1');
	t.is(run(badRules).status, 1);
	t.false(existsSync(path.join(badRules.folder, 'sudoers')));
});
