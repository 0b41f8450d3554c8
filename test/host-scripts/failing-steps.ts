import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readFollowProgram, readHostScripts} from '../../source/host-scripts/find.ts';
import type {ServerId} from '../../source/model/server.ts';
import {helloProgram, startProgram} from '../../source/ssh/program.ts';
import {stubPrograms, type StubPrograms} from '../support/stub-programs.ts';

/*
Every step of the scripts that can fail, made to fail on its own: both are followed as on a server, by the program that SSH brings there.
What ends them must be told with the step's own code and its own last words, and nothing after it may run.
*/
type Step = {
	readonly name: string;
	readonly script: 'setup' | 'startup';
	readonly stubs?: Readonly<Record<string, string>>;
	readonly variables?: (stubs: StubPrograms) => Readonly<Record<string, string>>;
	readonly code: number;
	readonly says: RegExp;
	/**
	What must not have been called.
	*/
	readonly notCalled: string;
};

const steps: readonly Step[] = [
	{
		name: 'the package lists cannot be had', script: 'setup', stubs: {'apt-get': 'case $1 in update) echo "E: Failed to fetch" >&2; exit 100 ;; esac'},
		variables: withoutSudo, code: 100, says: /^E: Failed to fetch$/v, notCalled: 'useradd',
	},
	{
		name: 'sudo cannot be installed', script: 'setup', stubs: {'apt-get': 'case " $* " in *" install "*) echo "E: Unable to locate package sudo" >&2; exit 100 ;; esac'},
		variables: withoutSudo, code: 100, says: /^E: Unable to locate package sudo$/v, notCalled: 'useradd',
	},
	{
		name: 'no user can be made', script: 'setup', stubs: {useradd: 'echo "useradd: no space left" >&2; exit 3'}, code: 3, says: /^useradd: no space left$/v, notCalled: 'usermod',
	},
	{
		name: 'no group can be made', script: 'setup', stubs: {groupadd: 'echo "groupadd: locked" >&2; exit 4'}, code: 4, says: /^groupadd: locked$/v, notCalled: 'usermod',
	},
	{
		name: 'the user gets into no group', script: 'setup', stubs: {usermod: 'echo "usermod: group \'sudo\' does not exist" >&2; exit 6'}, code: 6, says: /does not exist$/v, notCalled: 'visudo',
	},
	{
		name: 'the sudo rules cannot be written', script: 'setup', variables: ({folder}) => ({RUNNER_SUDOERS: path.join(folder, 'none', 'sudoers')}), code: 1, says: /No such file or directory$/v, notCalled: 'visudo',
	},
	{
		name: 'the sudo rules are broken', script: 'setup', stubs: {visudo: 'echo "sudoers.tmp:1: syntax error" >&2; exit 1'}, code: 1, says: /syntax error$/v, notCalled: 'chown',
	},
	{
		name: 'there is no place for tools', script: 'setup', variables: ({folder}) => ({RUNNER_TOOLS: path.join(folder, 'calls', 'tools')}), code: 1, says: /Not a directory$/v, notCalled: 'chown',
	},
	{
		name: 'the place for tools cannot be given to the user', script: 'setup', stubs: {chown: 'echo "chown: invalid user" >&2; exit 1'}, code: 1, says: /^chown: invalid user$/v, notCalled: 'curl',
	},
	{
		name: 'another machine than the script is for', script: 'startup', stubs: {uname: 'echo riscv64'}, code: 1, says: /^This script is for x86_64, this machine is riscv64$/v, notCalled: 'curl',
	},
	{
		name: 'a file name that is a path', script: 'startup', variables: () => ({RUNNER_DOWNLOAD_FILENAME: '../x'}), code: 1, says: /^Not a file name: \.\.\/x$/v, notCalled: 'curl',
	},
	{
		name: 'the user has no home', script: 'startup', variables: ({folder}) => ({RUNNER_HOME: path.join(folder, 'none')}), code: 1, says: /none: No such file or directory$/v, notCalled: 'curl',
	},
	{
		name: 'the download fails', script: 'startup', stubs: {curl: 'echo "curl: (22) The requested URL returned error: 404" >&2; exit 22'}, code: 22, says: /error: 404$/v, notCalled: 'runuser',
	},
	{
		name: 'the download is another file', script: 'startup', variables: () => ({RUNNER_DOWNLOAD_SHA256: 'b'.repeat(64)}), code: 1, says: /WARNING: 1 computed checksum did NOT match$/v, notCalled: 'runuser',
	},
	{
		name: 'the archive is broken', script: 'startup', stubs: {curl: '[[ " $* " == *" --output "* ]] || exit 0; while [ "$1" != --output ]; do shift; done; echo broken >"$2"'}, variables: () => ({RUNNER_DOWNLOAD_SHA256: sha('broken\n')}),
		code: 2, says: /^tar: Error is not recoverable: exiting now$/v, notCalled: 'runuser',
	},
	{
		name: 'the files cannot be given to the user', script: 'startup', stubs: {chown: 'case $1 in -R) echo "chown: quota" >&2; exit 1 ;; esac'}, code: 1, says: /^chown: quota$/v, notCalled: 'runuser',
	},
	{
		name: 'GitHub does not take the runner', script: 'startup', stubs: {runuser: 'echo "Http response code: NotFound from \'POST https://api.github.com/actions/runner-registration\'"; exit 1'},
		code: 1, says: /^Http response code: NotFound from/v, notCalled: 'setsid',
	},
];

const scripts = await readHostScripts();
const followProgram = await readFollowProgram();

/* A path on which no sudo is, but all that the script needs before it installs one. */
function withoutSudo(stubs: StubPrograms): Readonly<Record<string, string>> {
	const bare = path.join(stubs.folder, 'bare');
	mkdirSync(bare);
	const needed = ['bash', 'cat', 'chmod', 'cut', 'date', 'mkdir', 'mv', 'nohup', 'rm', 'setsid', 'sleep', 'timeout'];
	for (const name of needed) {
		symlinkSync(path.join('/usr/bin', name), path.join(bare, name));
	}

	return {PATH: `${path.join(stubs.folder, 'bin')}:${bare}`};
}

function sha(text: string | Uint8Array): string {
	return createHash('sha256').update(text).digest('hex');
}

/* Follows both scripts to their end, in a world of stand-ins. */
async function follow(step: Step): Promise<{code: number; lines: readonly string[]; stubs: StubPrograms}> {
	const stubs = stubPrograms();
	const home = path.join(stubs.folder, 'home');
	mkdirSync(home);
	const archive = path.join(stubs.folder, 'archive.tar.gz');
	const made = spawn('tar', ['czf', archive, '-C', stubs.folder, '-T', '/dev/null']);
	await once(made, 'close');
	const all = {
		sudo: '', useradd: '', groupadd: '', usermod: '', ip: '', 'cloud-init': '', visudo: '', chown: '', 'apt-get': '', systemctl: '', poweroff: '', id: 'exit 1', getent: 'exit 2', uname: 'echo x86_64', runuser: 'exit 0',
		curl: `[[ " $* " == *' --output '* ]] || exit 0; while [ "$1" != --output ]; do shift; done; cp '${archive}' "$2"`, ...step.stubs,
	};
	const more = step.variables?.(stubs) ?? {};
	for (const [name, text] of Object.entries(all)) {
		if (name !== 'sudo' || more.PATH === undefined) {
			stubs.add(name, text);
		}
	}

	const request = {
		setupScript: scripts.setup.text, startupScript: scripts.startupX64.text,
		variables: {
			PATH: stubs.path, RUNNER_SUDOERS: path.join(stubs.folder, 'sudoers'), RUNNER_TOOLS: path.join(stubs.folder, 'tools'),
			RUNNER_HOME: home, RUNNER_LOG: path.join(stubs.folder, 'log'), RUNNER_PATH: stubs.path, RUNNER_NAME: 'gh-actions-runner-7-70', RUNNER_DOWNLOAD_URL: 'https://github.com/runner.tar.gz',
			RUNNER_DOWNLOAD_FILENAME: 'runner.tar.gz', RUNNER_DOWNLOAD_SHA256: sha(readFileSync(archive)), GITHUB_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/widgets',
			GITHUB_RUNNER_TOKEN: 'runner-secret', GITHUB_RUNNER_LABELS: 'self-hosted', ...more,
		},
	};
	const child = spawn('bash', ['-s'], {cwd: stubs.folder, env: {...process.env, HRT_STATE: path.join(stubs.folder, 'state')}});
	child.stdin.write(helloProgram({server: 1 as ServerId, followFrom: 0, wantsNewHostKey: false}, followProgram));
	child.stdin.end(startProgram(request, 60));
	let text = '';
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
	});
	const [code] = await once(child, 'close') as [number];
	return {code, lines: text.trimEnd().split('\n'), stubs};
}

for (const step of steps) {
	test(`${step.script}: ${step.name}`, async t => {
		const {code, lines, stubs} = await follow(step);
		t.is(code, step.code, lines.join('\n'));
		t.is(lines.at(-1)?.replace(/ \d+$/v, ''), `@ended ${step.script} ${step.code}`);
		t.regex(lines.at(-2)?.replace('| ', '') ?? '', step.says);
		t.false(stubs.calls().some(call => call.startsWith(`${step.notCalled} `)), stubs.calls().join('\n'));
	});
}

test('with no step failing both scripts run to their end', async t => {
	const {code, lines} = await follow({
		name: '', script: 'startup', code: 0, says: /^/v, notCalled: '',
	});
	t.deepEqual([code, lines.at(-2)], [0, '| Started']);
});
