import {generateKeyPairSync} from 'node:crypto';
import {
	chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
	accountOf, githubCredentialsOf, ignoredToken, missingSettings,
} from '../../source/settings/account.ts';
import {keyFault, readAppKey} from '../../source/settings/app-key.ts';
import {resolveSettings, settingsOf} from '../../source/settings/read.ts';
import {UsageError} from '../../source/settings/usage-error.ts';
import {needs} from '../support/needs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const pair = generateKeyPairSync('rsa', {modulusLength: 2048, privateKeyEncoding: {type: 'pkcs1', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}});
const good = pair.privateKey;
const other = generateKeyPairSync('ec', {namedCurve: 'P-256', privateKeyEncoding: {type: 'pkcs8', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}}).privateKey;
const locked = generateKeyPairSync('rsa', {
	modulusLength: 2048, privateKeyEncoding: {
		type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x',
	}, publicKeyEncoding: {type: 'spki', format: 'pem'},
}).privateKey;

function given(t: ExecutionContext, text = good, mode = 0o600): string {
	const file = path.join(temporaryFolder('app-key'), 'app.pem');
	writeFileSync(file, text, {mode});
	chmodSync(file, mode);
	return file;
}

function wordsOf(t: ExecutionContext, file: string, environment: Readonly<Record<string, string>> = {}): string {
	return t.throws(() => readAppKey(file, environment), {instanceOf: UsageError}).message;
}

test('a key that only its owner can read is taken, as GitHub gives it (PKCS#1), as PKCS#8, with the line ends of Windows', t => {
	t.is(readAppKey(given(t)), good);
	t.is(readAppKey(given(t, good, 0o400)), good);
	t.is(keyFault(good.replaceAll('\n', '\r\n')), undefined);
	const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048, privateKeyEncoding: {type: 'pkcs8', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}});
	t.is(keyFault(privateKey), undefined);
});

for (const mode of [0o640, 0o604, 0o620, 0o644, 0o777]) {
	test(`mode ${mode.toString(8)} is refused, with the command that mends it`, t => {
		const file = given(t, good, mode);
		t.is(wordsOf(t, file), `${file} (--github-app-key-file) can be read by other users of this machine (mode ${mode.toString(8)}): chmod 600 ${file}.`);
	});
}

test('what systemd or docker hand over has the mode that they gave it', t => {
	const file = given(t, good, 0o444);
	t.is(readAppKey(file, {CREDENTIALS_DIRECTORY: path.dirname(file)}), good);
	t.regex(wordsOf(t, file, {CREDENTIALS_DIRECTORY: path.dirname(path.dirname(file))}), /chmod 600/v);
});

const contents: ReadonlyArray<readonly [title: string, text: string, words: RegExp]> = [
	['nothing', '', /is empty: make a new one on the App's page under "Private keys"\.$/v],
	['blanks', ' \n\n', /is empty/v],
	['the public key', pair.publicKey, /holds a public key, not the private key/v],
	['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', /holds a certificate/v],
	['an SSH key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----\n', /holds an SSH key/v],
	['a key with a passphrase', locked, /is protected by a passphrase: take it off/v],
	['an old key with a passphrase', good.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n'), /is protected by a passphrase/v],
	['an EC key', other, /holds a key of type ec, and GitHub Apps sign with RSA/v],
	['half a key', good.slice(0, 900), /is damaged or cut short/v],
	['a key with another letter', good.replace('\nMII', '\nXII'), /is damaged or cut short/v],
	['a key on one line', good.replaceAll('\n', String.raw`\n`), /has the two characters "\\n" where its lines should end/v],
	['a token', 'github_pat_11AAAAAAA0123456789_abcdefghijkl\n', /holds a token, not a private key/v],
	['a client secret', '0123456789abcdef0123456789abcdef01234567', /looks like a client secret/v],
	['something else', '{"hello": 1}', /holds no private key/v],
	['something long', 'x'.repeat(20_000), /is too long for what it should hold/v],
];
for (const [title, text, words] of contents) {
	test(`a file with ${title} gets one sentence, without what is in it`, t => {
		const said = wordsOf(t, given(t, text));
		t.regex(said, words);
		t.false(said.includes('\n'));
		const line = text.split('\n').find(part => part.length > 30 && !part.startsWith('-----'));
		t.false(line !== undefined && said.includes(line.slice(0, 20)));
	});
}

test('a file that is not there, and a folder', t => {
	const folder = temporaryFolder('app-key');
	t.is(wordsOf(t, path.join(folder, 'none.pem')), `${folder}/none.pem (--github-app-key-file) cannot be read: there is no such file.`);
	mkdirSync(path.join(folder, 'key.pem'));
	t.regex(wordsOf(t, path.join(folder, 'key.pem')), /is not a regular file/v);
});

test('a link of one\'s own is followed, and the mode of what it leads to counts', t => {
	const file = given(t);
	const link = path.join(path.dirname(file), 'link.pem');
	symlinkSync(file, link);
	t.is(readAppKey(link), good);
	chmodSync(file, 0o644);
	t.regex(wordsOf(t, link), /mode 644/v);
});

needs('root')('another user\'s link and another user\'s file are refused, but for the person\'s own under sudo', t => {
	const file = given(t);
	const link = path.join(path.dirname(file), 'link.pem');
	symlinkSync(file, link);
	lchownSync(link, 65_534, 65_534);
	t.regex(wordsOf(t, link), /is a symbolic link that belongs to another user/v);
	chownSync(file, 65_534, 65_534);
	t.regex(wordsOf(t, file), /belongs to another user, who could replace it/v);
	t.is(readAppKey(file, {SUDO_UID: '65534'}), good);
});

function settingsFrom(environment: Readonly<Record<string, string>>, values: Readonly<Record<string, unknown>> = {}) {
	const file = {
		path: '/home/me/config.json', values, warning: undefined, async change() {/* Not here. */},
	};
	return settingsOf(resolveSettings({flags: new Map(), environment, file}));
}

test('an App takes the place of the token: where both are set no token is used, and that is said', t => {
	const app = {GITHUB_APP_ID: '4711', GITHUB_APP_KEY_FILE: given(t)};
	const others = {GITHUB_REPOSITORY: 'acme/widgets', HETZNER_TOKEN: 'h', HETZNER_SSH_KEY: 'me'};
	const both = settingsFrom({...app, ...others, GITHUB_TOKEN: 'ghp_x'});
	t.like(accountOf(both).github, {kind: 'app', appId: '4711', installation: undefined});
	t.is(ignoredToken(both), 'a GitHub App is set, so the GitHub token that is set as well is ignored');
	t.is(ignoredToken(settingsFrom(app)), undefined);
	t.like(githubCredentialsOf(settingsFrom({...app, GITHUB_APP_INSTALLATION: '99'})), {installation: 99});
	t.deepEqual(githubCredentialsOf(settingsFrom({GITHUB_TOKEN: 'ghp_x'})), {kind: 'token', token: 'ghp_x'});
	t.like(githubCredentialsOf(settingsFrom({GITHUB_TOKEN: 'ghp_x'}, {githubAppId: 'Iv23liABCDEF', githubAppKeyFile: app.GITHUB_APP_KEY_FILE})), {kind: 'app', appId: 'Iv23liABCDEF'});
});

test('half an App is no App, whatever else is set', t => {
	const token = {
		GITHUB_TOKEN: 'ghp_x', GITHUB_REPOSITORY: 'acme/widgets', HETZNER_TOKEN: 'h', HETZNER_SSH_KEY: 'me',
	};
	t.deepEqual(missingSettings(settingsFrom({...token, GITHUB_APP_ID: '1'})), ['--github-app-key-file (GITHUB_APP_KEY_FILE), which --github-app-id needs']);
	t.deepEqual(missingSettings(settingsFrom({...token, GITHUB_APP_KEY_FILE: '/k'})), ['--github-app-id (GITHUB_APP_ID), which the other settings of the App need']);
	t.is(missingSettings(settingsFrom({...token, GITHUB_APP_INSTALLATION: '5'})).length, 2);
	t.throws(() => accountOf(settingsFrom({...token, GITHUB_APP_ID: '1'})), {instanceOf: UsageError, message: /^Not set: --github-app-key-file/v});
});

test('what is no App ID is told with what is', t => {
	for (const id of ['my-app', '12a', 'https://github.com/apps/x']) {
		t.throws(() => settingsFrom({GITHUB_APP_ID: id}), {instanceOf: UsageError, message: /^GITHUB_APP_ID \(environment\) is .* but must be the App's number or its client ID \(Iv\.\.\.\)/v});
	}

	t.throws(() => settingsFrom({GITHUB_APP_INSTALLATION: 'main'}), {instanceOf: UsageError, message: /must be a whole number/v});
});

test('systemd hands the key over as the file github-app-key-file', t => {
	const folder = temporaryFolder('app-key');
	writeFileSync(path.join(folder, 'github-app-key-file'), good, {mode: 0o440});
	t.is(settingsFrom({CREDENTIALS_DIRECTORY: folder}).githubAppKeyFile, path.join(folder, 'github-app-key-file'));
});
