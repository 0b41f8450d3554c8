import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readArguments} from '../../source/settings/arguments.ts';
import {openSettingsFile} from '../../source/settings/file.ts';
import {optionRows} from '../../source/settings/options/index.ts';
import {resolveSettings, settingsOf, type Settings} from '../../source/settings/read.ts';
import {UsageError} from '../../source/settings/usage-error.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

function settingsFrom(argv: readonly string[], environment: Readonly<Record<string, string>> = {}, values: Readonly<Record<string, unknown>> = {}): Settings {
	const file = {
		path: '/home/me/config.json', values, warning: undefined, async change() {/* Not here. */},
	};
	return settingsOf(resolveSettings({flags: readArguments(argv, import.meta).flags, environment, file}));
}

function wordsOf(read: () => unknown): string {
	try {
		read();
	} catch (error) {
		if (error instanceof UsageError) {
			return error.message;
		}

		throw error;
	}

	return '';
}

// Every option of the program's ancestor, as its text prints it: flag, value, name here, what is read.
const inherited: ReadonlyArray<readonly [argv: readonly string[], name: keyof Settings, value: unknown]> = [
	[['--github-token', 'ghp_x'], 'githubToken', 'ghp_x'],
	[['--github-repository', 'acme/widgets'], 'githubRepository', 'acme/widgets'],
	[['--hetzner-token', 'abc'], 'hetznerToken', 'abc'],
	[['--ssh-key', 'me@host'], 'sshKey', 'me@host'],
	[['--hetzner-ssh-key', 'me@host'], 'sshKey', 'me@host'],
	[['--image', 'debian-12'], 'image', 'debian-12'],
	[['--hetzner-image', 'debian-12'], 'image', 'debian-12'],
	[['-m', '3'], 'maxRunners', 3],
	[['--max-runners', '3'], 'maxRunners', 3],
	[['-w', '4'], 'workers', 4],
	[['--workers=4'], 'workers', 4],
	[['--logger-config', 'log.json'], 'loggerConfig', 'log.json'],
	[['--setup-script', 'a.sh'], 'setupScript', 'a.sh'],
	[['--startup-x64-script', 'b.sh'], 'startupX64Script', 'b.sh'],
	[['--startup-arm64-script', 'c.sh'], 'startupArm64Script', 'c.sh'],
	[['--max-powered-off-time', '30'], 'maxPoweredOffTime', 30],
	[['--max-idle-runner-time', '30'], 'maxIdleRunnerTime', 30],
	[['--max-runner-registration-time', '30'], 'maxRunnerRegistrationTime', 30],
	[['--scale-up-interval', '30'], 'scaleUpInterval', 30],
	[['--scale-down-interval', '30'], 'scaleDownInterval', 30],
	[['--debug'], 'debug', true],
];

for (const [argv, name, value] of inherited) {
	test(`${argv.join(' ')} sets ${name}`, t => {
		t.deepEqual(settingsFrom(argv)[name], value);
	});
}

test('defaults are those that were always printed, where they still work', t => {
	t.like(settingsFrom([]), {
		workers: 10, maxPoweredOffTime: 20, maxIdleRunnerTime: 120, maxRunnerRegistrationTime: 60, scaleUpInterval: 10, scaleDownInterval: 10,
		maxRunners: undefined, debug: false, image: 'ubuntu-24.04', serverType: [], location: [], withLabel: ['self-hosted'],
		maxServerReadyTime: 180, maxSetupTime: 600,
	});
});

test('each variable is read, in both spellings of the SSH key', t => {
	const settings = settingsFrom([], {
		GITHUB_TOKEN: 'a', GITHUB_REPOSITORY: 'b/c', HETZNER_TOKEN: 'd', HETZNER_SSH_KEY_NAME: 'e', HETZNER_IMAGE: 'f', GITHUB_API_URL: 'https://g', HCLOUD_ENDPOINT: 'https://h/v1',
	});
	t.like(settings, {
		githubToken: 'a', githubRepository: 'b/c', hetznerToken: 'd', sshKey: 'e', image: 'f', githubApiUrl: 'https://g', hetznerApiUrl: 'https://h/v1',
	});
	t.is(settingsFrom([], {HETZNER_SSH_KEY: 'one', HETZNER_SSH_KEY_NAME: 'other'}).sshKey, 'one');
});

test('a flag beats the environment, which beats the file, which beats the default', t => {
	t.is(settingsFrom(['--image', 'flag'], {HETZNER_IMAGE: 'variable'}, {image: 'file'}).image, 'flag');
	t.is(settingsFrom([], {HETZNER_IMAGE: 'variable'}, {image: 'file'}).image, 'variable');
	t.is(settingsFrom([], {HETZNER_IMAGE: ''}, {image: 'file'}).image, 'file');
});

test('lists keep their order, whether repeated or joined by commas', t => {
	t.deepEqual(settingsFrom(['--server-type', 'cx33', '--server-type', 'cx23']).serverType, ['cx33', 'cx23']);
	t.deepEqual(settingsFrom(['--location', 'nbg1,fsn1']).location, ['nbg1', 'fsn1']);
});

test('--no-console is a switch turned off', t => {
	t.false(settingsFrom(['--no-console']).console);
});

test('a wrong number names the flag, the value and what is allowed', t => {
	t.is(wordsOf(() => settingsFrom(['--max-idle-runner-time', 'soon'])), '--max-idle-runner-time is "soon", but must be a whole number from 10 to 86400 seconds.');
	t.is(wordsOf(() => settingsFrom(['-m', '0'])), '-m is 0, but must be a whole number from 1 to 10000.');
	t.is(wordsOf(() => settingsFrom(['-w', '-5'])), '-w is -5, but must be a whole number from 1 to 100.');
});

test('a wrong variable and a wrong file are named as such', t => {
	t.regex(wordsOf(() => settingsFrom([], {GITHUB_REPOSITORY: 'widgets'})), /^GITHUB_REPOSITORY \(environment\) is "widgets", but must have the form owner\/name/v);
	t.regex(wordsOf(() => settingsFrom([], {}, {workers: 1000})), /^"workers" in \/home\/me\/config\.json is 1000, but must be/v);
});

test('a wrong token is not shown', t => {
	t.false(wordsOf(() => settingsFrom(['--github-token', 'ghp secret'])).includes('secret'));
});

test('a token in quotation marks is refused with where it came from, and not shown', t => {
	for (const token of ['"ghp_secret"', '\'ghp_secret\'', ' "ghp_secret" ', '“ghp_secret”']) {
		const words = wordsOf(() => settingsFrom([], {GITHUB_TOKEN: token}));
		t.regex(words, /^GITHUB_TOKEN \(environment\) is a value that is not shown, but must come without the quotation marks/v);
		t.false(words.includes('ghp_secret'));
	}

	t.is(settingsFrom([], {GITHUB_TOKEN: ' ghp_secret\n'}).githubToken, 'ghp_secret');
	t.regex(wordsOf(() => settingsFrom([], {HETZNER_TOKEN: 'two\nlines'})), /^HETZNER_TOKEN .* must be one word/v);
});

test('tokens go by http:// to this machine only, unless that is meant', t => {
	for (const host of ['10.9.9.9:80/v1', 'github.corp/api/v3', '[2001:db8::1]/', '127.0.0.1.evil.example/']) {
		const url = `http://${host}`;
		t.regex(wordsOf(() => settingsFrom([], {GITHUB_API_URL: url})), /^GITHUB_API_URL \(environment\) is .* would send the token unencrypted/v);
		t.regex(wordsOf(() => settingsFrom([], {}, {hetznerApiUrl: url})), /^"hetznerApiUrl" in /v);
		t.is(settingsFrom(['--insecure-http'], {GITHUB_API_URL: url}).githubApiUrl, url);
	}

	for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080/api/v3', 'http://127.77.0.1', 'http://[::1]:8080', 'https://github.corp/api/v3']) {
		t.is(settingsFrom([], {GITHUB_API_URL: url}).githubApiUrl, url);
	}
});

test('the address of GitHub that is none of its API is refused with the one that is', t => {
	t.regex(wordsOf(() => settingsFrom([], {GITHUB_API_URL: 'https://github.com'})), /https:\/\/api\.github\.com\.$/v);
	t.regex(wordsOf(() => settingsFrom([], {GITHUB_API_URL: 'https://acme.ghe.com/api/v3'})), /https:\/\/api\.acme\.ghe\.com\.$/v);
});

test('an unknown flag suggests the nearest', t => {
	t.is(wordsOf(() => settingsFrom(['--max-runer', '3'])), 'There is no option --max-runer. Did you mean --max-runners? --help lists them all.');
	t.is(wordsOf(() => settingsFrom(['--xyzzy'])), 'There is no option --xyzzy. --help lists them all.');
});

test('a flag without its value, and one given twice, say so', t => {
	t.regex(wordsOf(() => settingsFrom(['--image'])), /^--image needs a value/v);
	t.regex(wordsOf(() => settingsFrom(['--image', '--debug'])), /^--image needs a value/v);
	t.regex(wordsOf(() => settingsFrom(['--image='])), /^--image needs a value/v);
	t.is(wordsOf(() => settingsFrom(['--image', 'a', '--hetzner-image', 'b'])), '--hetzner-image is given 2 times; give it once.');
});

test('no flag, short flag or variable stands for two options', t => {
	const flags = optionRows(true).flatMap(option => [option.flag, ...(option.aliases ?? []), ...(option.short === undefined ? [] : [option.short])]);
	const variables = optionRows(true).flatMap(option => option.variables ?? []);
	t.is(new Set(flags).size, flags.length);
	t.is(new Set(variables).size, variables.length);
});

test('every number has a range, and its default lies in it', t => {
	const numbers = optionRows(true).filter(({type}) => type === 'number');
	const strays = numbers.filter(({range, default: usual}) => range === undefined || (typeof usual === 'number' && (usual < range[0] || usual > range[1])));
	t.true(numbers.length > 10);
	t.deepEqual(strays, []);
});

test('a settings file that is no JSON is told by its place, on one line, and nothing that stands in it is shown', t => {
	const file = path.join(temporaryFolder('settings'), 'config.json');
	const given = new Map([['settingsFile', {flag: '--settings-file', texts: [file]}]]);
	for (const [text, words] of [
		['{"githubToken": ghp_secret}', 'is not valid JSON: see line 1, column 17'],
		['{\n\t"githubToken": "ghp_secret"\n\t"workers": 4\n}', 'is not valid JSON: see line 3, column 2'],
		['{"githubToken": "ghp_secret", x}', 'is not valid JSON: see line 1, column 31'],
		['{"githubToken": "ghp_secret"', 'is not valid JSON: see its end, where something is missing'],
		['{"githubToken": "ghp_sec\nret"}', 'is not valid JSON: see line 1, column 25'],
		['', 'is not valid JSON: see its end, where something is missing'],
		['["ghp_secret"]', 'holds no settings: it is JSON, but not an object'],
	] as const) {
		writeFileSync(file, text);
		const {message} = t.throws(() => openSettingsFile(given), {instanceOf: UsageError});
		t.is(message, `${file} ${words}. Fix or delete it.`);
	}
});
