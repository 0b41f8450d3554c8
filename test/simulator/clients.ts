import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {systemClock} from '../../source/clock/system-clock.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {serveWorld, type ServedWorld} from '../../source/simulator/serve.ts';
import {createWorld, type World} from '../../source/simulator/world.ts';
import {needs} from '../support/needs.ts';

type Ran = {readonly code: number; readonly out: string; readonly error: string};

// Runs a real client, which reads `input`, and `afterAnswer` once it has printed something.
async function run(command: 'hcloud' | 'gh' | 'ssh', words: readonly string[], environment: Readonly<Record<string, string>>, input = '', afterAnswer = ''): Promise<Ran> {
	return new Promise(resolve => {
		const child = execFile(command, words, {env: {PATH: process.env.PATH, HOME: '/nonexistent', ...environment}, timeout: 60_000}, (error, out, text) => {
			resolve({code: error === null ? 0 : (typeof error.code === 'number' ? error.code : 1), out, error: text});
		});
		child.stdin?.on('error', () => {
			child.stdin?.destroy();
		});
		child.stdin?.write(input);
		if (afterAnswer === '') {
			child.stdin?.end();
		} else {
			child.stdout?.once('data', () => {
				child.stdin?.end(afterAnswer);
			});
		}
	});
}

async function served(t: ExecutionContext): Promise<{readonly world: World; readonly served: ServedWorld; readonly folder: string}> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-clients-'));
	const world = createWorld({seed: 3, clock: systemClock(60)});
	quietScenario(world);
	const result = await serveWorld({world, directory: folder});
	t.teardown(async () => {
		await result.close();
		await rm(folder, {recursive: true, force: true});
	});
	return {world, served: result, folder};
}

needs('hcloud')('hcloud lists, creates, describes, powers off and deletes servers', async t => {
	const {world, served: {environment}} = await served(t);
	const hcloud = async (...words: string[]) => run('hcloud', words, environment);
	t.regex((await hcloud('server', 'list')).out, /prod-db/v);
	const created = await hcloud('server', 'create', '--name', 'one', '--type', 'cx23', '--image', 'ubuntu-24.04', '--ssh-key', 'simulated-key', '--location', 'nbg1', '--label', 'a=b');
	t.is(created.code, 0, created.error);
	t.regex((await hcloud('server', 'list', '-l', 'a=b')).out, /one\s+running/v);
	t.notRegex((await hcloud('server', 'list', '-l', 'a!=b,a')).out, /one/v);
	t.regex((await hcloud('server', 'describe', 'one')).out, /ubuntu-24\.04[\s\S]*a: b/v);
	const again = await hcloud('server', 'create', '--name', 'one', '--type', 'cx23', '--image', 'ubuntu-24.04');
	t.regex(again.error, /uniqueness_error/v);
	t.is((await hcloud('server', 'poweroff', 'one')).code, 0);
	t.regex((await hcloud('server', 'list', '-l', 'a=b')).out, /one\s+off/v);
	t.is((await hcloud('server', 'poweron', 'one')).code, 0);
	t.is((await hcloud('server', 'add-label', 'one', 'c=d')).code, 0);
	t.is((await hcloud('server', 'delete', 'one')).code, 0);
	t.like(auditWorld(world), {serversCreated: 1, foreignTouched: 0});
	t.is((await hcloud('server', 'delete', 'prod-db')).code, 0);
	t.like(auditWorld(world), {foreignTouched: 1});
});

needs('hcloud')('hcloud protects, renames, rebuilds, shuts down and makes images of servers, and changes keys', async t => {
	const {world, served: {environment}, folder} = await served(t);
	const hcloud = async (...words: string[]) => run('hcloud', words, environment);
	const create = ['server', 'create', '--type', 'cx23', '--image', 'ubuntu-24.04', '--ssh-key', 'simulated-key', '--location', 'nbg1'];
	t.is((await hcloud(...create, '--name', 'one')).code, 0);
	t.regex((await hcloud(...create, '--name', 'x'.repeat(64))).error, /invalid_input/v);
	t.regex((await hcloud('server', 'update', 'one', '--name', 'no name')).error, /invalid_input/v);
	t.is((await hcloud('server', 'update', 'one', '--name', 'first')).code, 0);
	t.is((await hcloud('server', 'enable-protection', 'first', 'delete', 'rebuild')).code, 0);
	t.regex((await hcloud('server', 'delete', 'first')).error, /protected/v);
	t.regex((await hcloud('server', 'rebuild', 'first', '--image', 'debian-13')).error, /protected/v);
	t.is((await hcloud('server', 'disable-protection', 'first', 'delete', 'rebuild')).code, 0);
	t.is((await hcloud('server', 'rebuild', 'first', '--image', 'debian-13')).code, 0);
	t.regex((await hcloud('server', 'describe', 'first')).out, /debian-13/v);
	const image = await hcloud('server', 'create-image', 'first', '--description', 'ready made', '--type', 'snapshot');
	t.is(image.code, 0, image.error);
	t.regex((await hcloud('image', 'list', '--type', 'snapshot')).out, /ready made/v);
	t.notRegex((await hcloud('image', 'list', '--type', 'system')).out, /ready made/v);
	t.is((await hcloud('server', 'shutdown', 'first')).code, 0);
	t.regex((await hcloud('server', 'list')).out, /first\s+(?:running|off)/v);
	await world.clock.sleep(30);
	t.regex((await hcloud('server', 'list')).out, /first\s+off/v);
	t.regex((await hcloud('primary-ip', 'list')).out, /127\.77\./v);
	await writeFile(path.join(folder, 'key.pub'), 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl other\n');
	t.is((await hcloud('ssh-key', 'create', '--name', 'other', '--public-key-from-file', path.join(folder, 'key.pub'))).code, 0);
	t.is((await hcloud('ssh-key', 'add-label', 'other', 'a=b')).code, 0);
	t.regex((await hcloud('ssh-key', 'list', '-l', 'a=b')).out, /other/v);
	t.notRegex((await hcloud('ssh-key', 'list', '-l', 'a=b')).out, /simulated-key/v);
	t.is((await hcloud('ssh-key', 'delete', 'other')).code, 0);
	t.notRegex((await hcloud('ssh-key', 'list')).out, /other/v);
	t.regex((await hcloud(...create, '--name', 'two', '--network', '4711')).error, /not found/iv);
	t.is((await hcloud(...create, '--name', 'without', '--without-ipv4')).code, 0);
	t.notRegex((await hcloud('server', 'describe', 'without')).out, /127\.77\./v);
	t.like(auditWorld(world), {foreignTouched: 0});
});

needs('hcloud')('hcloud makes firewalls, puts them before servers, and deletes none that is in use', async t => {
	const {world, served: {environment}, folder} = await served(t);
	const hcloud = async (...words: string[]) => run('hcloud', words, environment);
	const rules = path.join(folder, 'rules.json');
	await writeFile(rules, JSON.stringify([{
		direction: 'in', protocol: 'tcp', port: '22', source_ips: ['0.0.0.0/0', '::/0'],
	}]));
	const made = await hcloud('firewall', 'create', '--name', 'ssh-only', '--rules-file', rules, '--label', 'a=b');
	t.is(made.code, 0, made.error);
	t.regex((await hcloud('firewall', 'create', '--name', 'ssh-only')).error, /uniqueness_error/v);
	t.regex((await hcloud('firewall', 'list')).out, /ssh-only\s+1 Rule\s+0 Servers/v);
	t.regex((await hcloud('firewall', 'describe', 'ssh-only')).out, /Protocol:\s+tcp[\s\S]*Port:\s+22/v);
	const server = await hcloud('server', 'create', '--name', 'one', '--type', 'cx23', '--image', 'ubuntu-24.04', '--ssh-key', 'simulated-key', '--firewall', 'ssh-only');
	t.is(server.code, 0, server.error);
	t.regex((await hcloud('firewall', 'list')).out, /ssh-only\s+1 Rule\s+1 Server/v);
	t.regex((await hcloud('server', 'describe', 'one', '-o', 'json')).out, /"firewalls":\[\{"id":\d{7},"status":"applied"\}\]/v);
	t.is((await hcloud('firewall', 'create', '--name', 'two')).code, 0);
	t.is((await hcloud('firewall', 'apply-to-resource', 'two', '--type', 'server', '--server', 'one')).code, 0);
	t.regex((await hcloud('firewall', 'apply-to-resource', 'two', '--type', 'server', '--server', 'one')).error, /firewall_already_applied/v);
	t.is((await hcloud('firewall', 'replace-rules', 'two', '--rules-file', rules)).code, 0);
	t.regex((await hcloud('firewall', 'delete', 'two')).error, /resource_in_use/v);
	t.is((await hcloud('firewall', 'remove-from-resource', 'two', '--type', 'server', '--server', 'one')).code, 0);
	t.is((await hcloud('firewall', 'delete', 'two')).code, 0);
	t.is((await hcloud('server', 'delete', 'one')).code, 0);
	await world.clock.sleep(30);
	t.is((await hcloud('firewall', 'delete', 'ssh-only')).code, 0);
	t.notRegex((await hcloud('firewall', 'list')).out, /ssh-only/v);
});

needs('gh')('gh lists runs by branch, event and workflow, runs one again and deletes it', async t => {
	const {world, served: {environment, githubUrl}} = await served(t);
	const first = world.addRun({workflow: 'ci', branch: 'main', jobs: [{name: 'test', labels: ['ubuntu-latest'], durationSeconds: 1}]});
	world.addRun({
		workflow: 'docs', branch: 'fix', event: 'pull_request', jobs: [{name: 'site'}],
	});
	const gh = async (...words: string[]) => run('gh', words, {HTTP_PROXY: githubUrl, GH_HOST: 'github.localhost', GH_TOKEN: environment.GITHUB_TOKEN ?? ''});
	const list = async (...words: string[]) => gh('run', 'list', '-R', 'github.localhost/acme/widgets', ...words);
	t.regex((await list('--branch', 'fix')).out, /docs/v);
	t.notRegex((await list('--branch', 'fix')).out, /\bci\b/v);
	const ofWorkflow = await list('--workflow', 'ci.yml');
	t.regex(ofWorkflow.out, /\bci\b/v, ofWorkflow.error);
	t.notRegex(ofWorkflow.out, /docs/v);
	const api = async (...words: string[]) => gh('api', ...words);
	t.is((await api('/repos/acme/widgets/actions/runs?event=pull_request', '--jq', '.total_count')).out.trim(), '1');
	await world.clock.sleep(120);
	t.is((await api(`/repos/acme/widgets/actions/runs/${first.id}`, '--jq', '.status')).out.trim(), 'completed');
	t.is((await api(`/repos/acme/widgets/actions/runs/${first.id}/timing`, '--jq', '.run_duration_ms > 0')).out.trim(), 'true');
	t.is((await api('-X', 'POST', `/repos/acme/widgets/actions/runs/${first.id}/rerun`)).code, 0);
	t.is((await api(`/repos/acme/widgets/actions/runs/${first.id}`, '--jq', '.run_attempt')).out.trim(), '2');
	await world.clock.sleep(120);
	t.is((await api('-X', 'DELETE', `/repos/acme/widgets/actions/runs/${first.id}`)).code, 0);
	t.regex((await api(`/repos/acme/widgets/actions/runs/${first.id}`)).error, /Not Found/v);
});

needs('hcloud')('hcloud reads the catalogue, and learns of a wrong token', async t => {
	const {served: {environment}} = await served(t);
	const hcloud = async (...words: string[]) => run('hcloud', words, environment);
	t.regex((await hcloud('server-type', 'list')).out, /cax11[\s\S]*cx53/v);
	t.regex((await hcloud('server-type', 'describe', 'cx23')).out, /0\.0104720000000000[\s\S]*6\.5331000000000000/v);
	t.regex((await hcloud('image', 'list')).out, /ubuntu-24\.04/v);
	t.regex((await hcloud('location', 'list')).out, /hel1/v);
	t.regex((await hcloud('ssh-key', 'list')).out, /simulated-key/v);
	t.is((await hcloud('network', 'list')).code, 0);
	t.regex((await run('hcloud', ['server', 'list'], {...environment, HCLOUD_TOKEN: 'x'.repeat(64)})).error, /unauthorized/v);
});

needs('gh')('gh reads runs, jobs and runners, cancels a run and removes a runner', async t => {
	const {world, served: {environment, githubUrl}} = await served(t);
	const run1 = world.addRun({workflow: 'ci', jobs: [{name: 'test (20, ubuntu)'}, {name: '测试', labels: ['self-hosted', 'x\'; touch PWNED; echo \'']}]});
	const runner = world.github.addRunner({name: 'left over', labels: ['self-hosted'], architecture: 'x64'});
	// Gh speaks plain HTTP to github.localhost; a proxy is how it finds the simulator, by absolute request lines.
	const proxied = {HTTP_PROXY: githubUrl, GH_HOST: 'github.localhost', GH_TOKEN: environment.GITHUB_TOKEN ?? ''};
	const gh = async (...words: string[]) => run('gh', words, proxied);
	const listed = await gh('run', 'list', '-R', 'github.localhost/acme/widgets');
	t.regex(listed.out, new RegExp(String.raw`queued\s.*ci\s.*${run1.id}`, 'v'), listed.error);
	await world.clock.sleep(3);
	const jobs = await gh('api', `/repos/acme/widgets/actions/runs/${run1.id}/jobs`, '--jq', '.jobs[] | .name + " " + .status + " " + .labels[-1]');
	t.is(jobs.out, 'test (20, ubuntu) queued self-hosted\n测试 queued x\'; touch PWNED; echo \'\n', jobs.error);
	t.is((await gh('api', '-X', 'POST', `/repos/acme/widgets/actions/runs/${run1.id}/cancel`)).code, 0);
	t.is((await gh('api', `/repos/acme/widgets/actions/runs/${run1.id}`, '--jq', '.status + " " + .conclusion')).out.trim(), 'completed cancelled');
	t.is((await gh('api', '-X', 'DELETE', `/repos/acme/widgets/actions/runners/${runner.id}`)).code, 0);
	t.regex((await gh('api', '-X', 'DELETE', `/repos/acme/widgets/actions/runners/${runner.id}`)).error, /Not Found/v);
	t.regex((await gh('api', '/repos/acme/other')).error, /Not Found/v);
	const direct = await run('gh', ['api', '-H', `Authorization: Bearer ${environment.GITHUB_TOKEN}`, `${githubUrl}/repos/acme/widgets/actions/runners`, '--jq', '.runners[].name'], {GH_TOKEN: 'x'});
	t.is(direct.out.trim(), 'office-mac-mini', direct.error);
	t.regex((await run('gh', ['api', '/repos/acme/widgets'], {...proxied, GH_TOKEN: 'ghp_wrong'})).error, /Bad credentials/v);
});

needs('gh')('gh follows the pages of a long list', async t => {
	const {world, served: {environment, githubUrl}} = await served(t);
	for (let number = 0; number < 70; number++) {
		world.github.addRunner({name: `runner ${number}`, labels: ['self-hosted'], architecture: 'x64'});
	}

	const listed = await run('gh', ['api', '--paginate', '/repos/acme/widgets/actions/runners', '--jq', '.runners[].name'], {HTTP_PROXY: githubUrl, GH_HOST: 'github.localhost', GH_TOKEN: environment.GITHUB_TOKEN ?? ''});
	t.is(listed.out.trim().split('\n').length, 71, listed.error);
});

needs('ssh')('ssh gets in with the key the server was made with, and with no other', async t => {
	const {world, served: {environment, sshPort, sshPrivateKeyFile}, folder} = await served(t);
	const made = world.hetzner.createServer({
		name: 'host', server_type: 'cx23', image: 'ubuntu-24.04', ssh_keys: ['simulated-key'],
	});
	const bare = world.hetzner.createServer({name: 'bare', server_type: 'cx23', image: 'ubuntu-24.04'});
	if ('code' in made || 'code' in bare) {
		throw new Error('Not created.');
	}

	const ssh = async (ip: string, command: readonly string[], input = '', afterAnswer = '') => run('ssh', ['-F', 'none', '-T', '-p', String(sshPort), '-i', sshPrivateKeyFile, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=accept-new', '-o', `UserKnownHostsFile=${path.join(folder, ip)}`, '-o', 'LogLevel=ERROR', `root@${ip}`, ...command], environment, input, afterAnswer);
	t.regex((await ssh(made.server.ip, ['true'])).error, /Connection refused/v);
	await world.clock.sleep(60);
	t.is((await ssh(made.server.ip, ['hostname'])).out, 'host\n');
	t.regex((await ssh(made.server.ip, [], 'hostname\nexit\n')).out, /simulated/v);
	t.regex((await ssh(bare.server.ip, ['hostname'])).error, /Permission denied/v);
	const {token} = world.github.registrationToken();
	const label = 'x\'; touch PWNED; echo \'';
	const greeting = ['HRT_PROTOCOL=\'2\'', 'HRT_FOLLOW_FROM=\'0\'', 'main() {', '}', 'hrt_hello </dev/null', ''].join('\n');
	const start = [
		'HRT_MAX_SETUP_SECONDS=\'600\'',
		'HRT_SETUP_SCRIPT=\'echo one\necho two\'',
		`export GITHUB_RUNNER_TOKEN='${token}'`,
		`export GITHUB_RUNNER_LABELS='self-hosted,${label.replaceAll('\'', String.raw`'\''`)}'`,
		'export RUNNER_NAME=\'host\'',
		'hrt_start </dev/null',
		'',
	].join('\n');
	const old = await ssh(made.server.ip, ['bash', '-s'], greeting.replace('\'2\'', '\'1\''));
	t.deepEqual([old.code, old.error], [2, 'This simulated server understands HRT_PROTOCOL=2 only.\n']);
	const first = await ssh(made.server.ip, ['bash', '-s'], greeting, start);
	t.is(first.code, 0, first.error);
	const lines = first.out.trimEnd().split('\n');
	t.regex(lines[0] ?? '', /^@answered fresh \d+$/v);
	t.true(lines.includes('@step setup') && lines.includes('@step startup'));
	t.regex(lines.at(-1) ?? '', /^@ended startup 0 \d+$/v);
	const second = await ssh(made.server.ip, ['bash', '-s'], greeting.replace('FROM=\'0\'', 'FROM=\'5\''));
	t.is(second.out.replaceAll(/\d{5,}/gv, 'T'), `${['@answered resumed T', ...lines.slice(6)].join('\n')}\n`.replaceAll(/\d{5,}/gv, 'T'));
	t.true(world.github.runners.values().some(runner => runner.name === 'host' && runner.labels.includes(label)));
	await writeFile(path.join(folder, made.server.ip), `[${made.server.ip}]:${sshPort} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n`);
	t.regex((await ssh(made.server.ip, ['true'])).error, /HOST IDENTIFICATION HAS CHANGED/v);
	world.hetzner.deleteServer(made.server);
	await world.clock.sleep(20);
	t.regex((await ssh(made.server.ip, ['true'])).error, /Connection refused/v);
});
