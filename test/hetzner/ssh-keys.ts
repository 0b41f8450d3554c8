import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {page} from '../support/hetzner-bodies.ts';
import {needs} from '../support/needs.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const folder = temporaryFolder('keys');

function keygen(name: string, ...more: readonly string[]): string {
	const file = path.join(folder, name);
	execFileSync('ssh-keygen', ['-q', '-f', file, '-C', 'someone', ...more]);
	return file;
}

async function given(keys: readonly unknown[], sshKeyName = 'laptop') {
	const server = await answeringServer(() => ({body: page('ssh_keys', keys)}));
	const hetzner = createHetzner({
		apiUrl: `${server.url}/v1`, token: 'hetzner-secret', repository: {owner: 'acme', name: 'widgets'}, sshKeyName, image: 'ubuntu-24.04', clock: handClock(),
	});
	return {server, hetzner};
}

function keyRow(file: string, name = 'laptop'): Record<string, unknown> {
	return {
		id: 42, name, public_key: `${readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')} other comment\n`, fingerprint: '',
	};
}

needs('ssh', 'ssh-keygen')('a private key is known as the one at Hetzner, in every format', async t => {
	const files = [
		keygen('ed25519', '-t', 'ed25519', '-N', ''),
		keygen('rsa', '-t', 'rsa', '-b', '2048', '-N', ''),
		keygen('pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', ''),
		keygen('ecdsa', '-t', 'ecdsa', '-N', ''),
	];
	for (const file of files) {
		const {server, hetzner} = await given([keyRow(file)]);
		t.is(await hetzner.checkPrivateKey(file), 'ok', file);
		await server.close();
	}
});

needs('ssh', 'ssh-keygen')('another key, no key and no file are said in a sentence', async t => {
	const [one, other] = [keygen('one', '-t', 'ed25519', '-N', ''), keygen('other', '-t', 'ed25519', '-N', '')];
	const text = path.join(folder, 'text');
	writeFileSync(text, 'hello');
	chmodSync(text, 0o600);
	const {server, hetzner} = await given([keyRow(one)]);
	t.like(await hetzner.checkPrivateKey(other), {problem: `${other} is not the private key of "laptop" at Hetzner: servers would refuse it`});
	t.regex(String(Object.values(await hetzner.checkPrivateKey(text))), /is no private key that ssh can use/v);
	t.like(await hetzner.checkPrivateKey('/nowhere/key'), {problem: 'cannot read the private key /nowhere/key (ENOENT)'});
	await server.close();
});

// What ssh itself would do with each file: it is asked to load it, with nobody there to type.
needs('ssh', 'ssh-keygen')('what ssh will not load is said with its reason and what to do, before a server is paid for', async t => {
	const good = keygen('good', '-t', 'ed25519', '-N', '');
	const text = readFileSync(good, 'utf8');
	const locked = keygen('locked', '-t', 'ed25519', '-N', 'secret');
	const lockedPem = keygen('locked-pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'secret');
	const write = (name: string, content: string, mode = 0o600) => {
		const file = path.join(folder, name);
		writeFileSync(file, content, {mode});
		chmodSync(file, mode);
		return file;
	};

	const cases: ReadonlyArray<readonly [string, RegExp, RegExp]> = [
		[write('crlf', text.replaceAll('\n', '\r\n')), /CRLF/v, /^sed -i/v],
		[write('no-newline', text.trimEnd()), /last line has no end/v, /^echo >>/v],
		[write('one-line', text.replaceAll('\n', ' ')), /joined to one/v, /copy/v],
		[write('cut', `${text.slice(0, 200)}\n`), /no private key that ssh can use/v, /./v],
		[write('empty', ''), /no private key that ssh can use/v, /./v],
		[write('mark', `\u{FEFF}${text}`), /byte order mark/v, /./v],
		[write('public', readFileSync(`${good}.pub`, 'utf8')), /the public half/v, /private key's file/v],
		[write('open', text, 0o644), /lets others read it/v, /^chmod 600/v],
		[locked, /has a passphrase/v, /^ssh-add/v],
		[lockedPem, /has a passphrase/v, /^ssh-add/v],
	];
	const {server, hetzner} = await given([keyRow(good)]);
	for (const [file, problem, advice] of cases) {
		const found = await hetzner.checkPrivateKey(file);
		t.true(found !== 'ok', file);
		t.regex(found === 'ok' ? '' : found.problem, problem, file);
		t.regex(found === 'ok' ? '' : found.advice, advice, file);
	}

	t.is(await hetzner.checkPrivateKey(write('group', text, 0o400)), 'ok');
	await server.close();
});

needs('ssh', 'ssh-keygen')('a key name that is not there lists those that are', async t => {
	const file = keygen('listed', '-t', 'ed25519', '-N', '');
	const {server, hetzner} = await given([keyRow(file, 'desk'), {...keyRow(file, 'ci'), id: 43}]);
	await t.throwsAsync(hetzner.findSshKey(), {instanceOf: PortError, message: 'Hetzner has no SSH key named "laptop" (--ssh-key / HETZNER_SSH_KEY); the project has: desk, ci'});
	await server.close();
});

test('a documented key is understood', async t => {
	const rows = sharedFixtures('hetzner/documented', 'schema-example-get_ssh_keys').flatMap(({body}) => (body as {ssh_keys: unknown[]}).ssh_keys);
	t.log(rows.length === 0 ? 'fixtures are not here' : 'fixture read');
	const {server, hetzner} = await given([{
		id: 1, name: 'own', public_key: 'ssh-ed25519 AAAA x',
	}, ...rows], rows.length === 0 ? 'own' : 'my-resource');
	const key = await hetzner.findSshKey();
	t.is(typeof key.id, 'number');
	await server.close();
});
