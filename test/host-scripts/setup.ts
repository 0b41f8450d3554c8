import {spawnSync} from 'node:child_process';
import {
	existsSync, readFileSync, rmSync, statSync, symlinkSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readHostScripts} from '../../source/host-scripts/find.ts';
import {stubPrograms, type StubPrograms} from '../support/stub-programs.ts';

const {setup} = await readHostScripts();

// Every program that would change this machine is a stand-in.
function given({isUserThere = false}: {readonly isUserThere?: boolean} = {}): StubPrograms {
	const stubs = stubPrograms();
	for (const name of ['useradd', 'groupadd', 'usermod', 'apt-get', 'chown', 'sudo', 'visudo', 'ip', 'cloud-init']) {
		stubs.add(name);
	}

	stubs.add('id', `exit ${isUserThere ? 0 : 1}`);
	stubs.add('getent', 'exit 2');
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
	t.true(stubs.calls().includes('useradd [--create-home] [--user-group] [--shell] [/bin/bash] [runner]'));
	t.true(stubs.calls().includes('groupadd [-f] [wheel]'));
	t.true(stubs.calls().includes('usermod [-aG] [wheel,sudo] [runner]'));
	t.true(stubs.calls().includes('cloud-init [status] [--wait]'));
	t.true(stubs.calls().includes('ip [route] [replace] [blackhole] [169.254.169.254/32]'));
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
	t.false(stubs.calls().some(call => call.startsWith('useradd')));
});

test('a failure stops it, and sudo rules that are broken are never put in force', t => {
	const noUser = given();
	noUser.add('useradd', 'echo "useradd: no space left" >&2; exit 3');
	const ran = run(noUser);
	t.is(ran.status, 3);
	t.regex(ran.stderr, /no space left/v);
	t.false(noUser.calls().some(call => call.startsWith('usermod')));

	const badRules = given();
	badRules.add('visudo', 'exit 1');
	t.is(run(badRules).status, 1);
	t.false(existsSync(path.join(badRules.folder, 'sudoers')));
});

test('the group docker is joined where the image has it, and an image without a way to the metadata service goes on', t => {
	const stubs = given();
	stubs.add('getent', '[ "$2" = docker ]');
	stubs.add('ip', 'exit 1');
	t.is(run(stubs).status, 0);
	t.true(stubs.calls().includes('usermod [-aG] [wheel,sudo,docker] [runner]'));
});

test('each family of distributions gets sudo by its own package manager', t => {
	for (const [manager, call] of [['apt-get', /^apt-get \[-o\] \[DPkg::Lock::Timeout=300\] \[install\] \[-y\] \[-qq\] \[sudo\]$/v], ['dnf', /^dnf \[install\] \[-y\] \[-q\] \[sudo\]$/v], ['zypper', /^zypper \[--non-interactive\] \[--quiet\] \[install\] \[sudo\]$/v]] as const) {
		const stubs = stubPrograms();
		// A machine with nothing but these programs: no other package manager, no sudo.
		for (const name of ['useradd', 'groupadd', 'usermod', 'chown', 'visudo', 'ip', 'id', 'getent', manager]) {
			stubs.add(name, ['id', 'getent'].includes(name) ? 'exit 1' : '');
		}

		const bin = stubs.path.split(':', 1)[0] ?? '';
		for (const other of ['apt-get', 'dnf', 'zypper', 'cloud-init']) {
			if (other !== manager) {
				rmSync(path.join(bin, other), {force: true});
			}
		}

		for (const name of ['chmod', 'mv', 'mkdir', 'bash', 'sleep']) {
			symlinkSync(`/bin/${name}`, path.join(bin, name));
		}

		const ran = spawnSync('/bin/bash', ['-s'], {
			input: setup.text, encoding: 'utf8', env: {PATH: bin, RUNNER_SUDOERS: path.join(stubs.folder, 'sudoers'), RUNNER_TOOLS: path.join(stubs.folder, 'tools')},
		});
		t.is(ran.status, 0, ran.stdout + ran.stderr);
		t.true(stubs.calls().some(one => call.test(one)), `${manager}: ${stubs.calls().join(', ')}`);
	}
});

test('the lock of the package lists is waited for (on a first boot unattended-upgrades has it)', t => {
	const stubs = given();
	const bin = stubs.path.split(':', 1)[0] ?? '';
	stubs.add('sleep');
	stubs.add('apt-get', `[ "$1" = update ] || exit 0; [ -e '${stubs.folder}/tried' ] && exit 0; touch '${stubs.folder}/tried'; echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 77" >&2; exit 100`);
	rmSync(path.join(bin, 'sudo'));
	const text = setup.text.replace('! command -v sudo >/dev/null', 'true');
	const ran = spawnSync('bash', ['-s'], {
		input: text, encoding: 'utf8', env: {PATH: stubs.path, RUNNER_SUDOERS: path.join(stubs.folder, 'sudoers'), RUNNER_TOOLS: path.join(stubs.folder, 'tools')},
	});
	t.is(ran.status, 0, ran.stderr);
	t.is(stubs.calls().filter(call => call.startsWith('apt-get [update]')).length, 2);
	t.true(stubs.calls().includes('sleep [5]'));
});
