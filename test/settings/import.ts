/* eslint-disable no-template-curly-in-string -- That is how their file names variables. */
import {readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readTheirFile} from '../../source/settings/import/document.ts';
import {importRows} from '../../source/settings/import/rows.ts';
import {theirKeys} from '../../source/settings/import/schema.ts';
import {UsageError} from '../../source/settings/usage-error.ts';
import {plainEnvironment, runProgram} from '../support/program.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

// The configuration of testflows' github-hetzner-runners: the keys of its config/schema.json and its parser, as of July 2026. The texts are ours.

type Machine = {readonly environment?: Readonly<Record<string, string>>; readonly files?: Readonly<Record<string, string>>};

function rowsOf(lines: readonly string[], {environment = {}, files = {}}: Machine = {}) {
	const text = ['config:', ...lines.map(line => `  ${line}`)].join('\n');
	return importRows(readTheirFile('their.yaml', text), {
		environment, home: '/home/me', folder: '/work', readText: file => files[file],
	});
}

// What one key becomes: "setting=text,text" for each, else why not.
function became(lines: readonly string[], machine?: Machine): string {
	const [row] = rowsOf(lines, machine);
	const {settings = [], remark = ''} = row?.outcome ?? {};
	return settings.length === 0 ? remark : settings.map(({name, texts}) => `${name}=${texts.join(' ')}`).join(' ');
}

function faultOf(text: string): string {
	try {
		importRows(readTheirFile('their.yaml', text), {
			environment: {}, home: '/', folder: '/', readText: () => undefined,
		});
	} catch (error) {
		if (error instanceof UsageError) {
			return error.message;
		}

		throw error;
	}

	return '';
}

const cases: ReadonlyArray<readonly [key: string, lines: readonly string[], became: string | RegExp]> = [
	['github_token', ['github_token: ghp_secret'], 'githubToken=ghp_secret'],
	['hetzner_token', ['hetzner_token: "hz-secret"'], 'hetznerToken=hz-secret'],
	['github_repository', ['github_repository: acme/widgets'], 'githubRepository=acme/widgets'],
	['ssh_key', ['ssh_key: ~/.ssh/ci.pub'], 'sshPrivateKey=/home/me/.ssh/ci'],
	['additional_ssh_keys', ['additional_ssh_keys: [ssh-ed25519 AAAA me]'], /one key here/v],
	['with_label', ['with_label: [" Self-Hosted", fast]'], 'withLabel=self-hosted fast'],
	['label_prefix', ['label_prefix: CI'], 'labelPrefix=ci'],
	['meta_label', ['meta_label:', '  Big: [type-cx53, in-fsn1]', '  tiny:', '    - type-cx23'], 'metaLabel=big=type-cx53,in-fsn1 tiny=type-cx23'],
	['recycle', ['recycle: on'], /none is used again/v],
	['recycle_without_rebuild', ['recycle_without_rebuild: false'], /none is used again/v],
	['recycle_grace_period', ['recycle_grace_period: 900'], /none is used again/v],
	['end_of_life', ['end_of_life: 50'], /none is used again/v],
	['delete_random', ['delete_random: off'], /none is used again/v],
	['max_runners', ['max_runners: 7'], 'maxRunners=7'],
	['max_runners_for_label', ['max_runners_for_label:', '- labels: [GPU, type-ccx33]', '  max: 2', '- {labels: [arm64], max: 4}'], 'maxRunnersForLabel=gpu,type-ccx33:2 arm64:4'],
	['max_runners_in_workflow_run', ['max_runners_in_workflow_run: 5'], 'maxRunnersInWorkflowRun=5'],
	['default_image', ['default_image: arm:app:docker-ce'], 'image=docker-ce'],
	['default_server_type', ['default_server_type: CPX22'], 'serverType=cpx22'],
	['default_location', ['default_location: hel1'], 'location=hel1'],
	['default_volume_location', ['default_volume_location: nbg1'], /no volumes/v],
	['default_volume_size', ['default_volume_size: 20'], /no volumes/v],
	['workers', ['workers: 12'], 'workers=12'],
	['scripts', ['scripts: ci/scripts'], 'scripts=/work/ci/scripts'],
	['max_powered_off_time', ['max_powered_off_time: 60'], 'maxPoweredOffTime=60'],
	['max_unused_runner_time', ['max_unused_runner_time: 240'], 'maxIdleRunnerTime=240'],
	['max_runner_registration_time', ['max_runner_registration_time: 150'], 'maxRunnerRegistrationTime=150'],
	['max_server_ready_time', ['max_server_ready_time: 90'], 'maxServerReadyTime=90'],
	['scale_up_interval', ['scale_up_interval: 60'], 'scaleUpInterval=60'],
	['scale_down_interval', ['scale_down_interval: 45'], 'scaleDownInterval=45'],
	['metrics_port', ['metrics_port: 9191', 'metrics_host: 0.0.0.0'], 'metrics=0.0.0.0:9191'],
	['metrics_host', ['metrics_host: "::1"'], 'metrics=[::1]:9090'],
	['dashboard_port', ['dashboard_port: 8090'], /console takes its place/v],
	['dashboard_host', ['dashboard_host: 0.0.0.0'], /console takes its place/v],
	['debug', ['debug: yes'], 'debug=true'],
	['logger_config', ['logger_config: {version: 1}'], /Python's logging/v],
	['logger_format', ['logger_format: {delimiter: ","}'], /Python's logging/v],
	['cloud', ['cloud:', '  server_name: control', '  deploy: {server_type: cx23}'], /service install/v],
	['standby_runners', ['standby_runners:', '- {labels: [self-hosted, type-cx33], count: 2, replenish_immediately: true}', '- labels: [arm64]'], /^3 standby servers \(2 with self-hosted, type-cx33; 1 with arm64\) are not kept yet/v],
	['setup_script', ['setup_script: ./setup.sh'], 'setupScript=/work/setup.sh'],
	['startup_x64_script', ['startup_x64_script: /srv/x64.sh'], 'startupX64Script=/srv/x64.sh'],
	['startup_arm64_script', ['startup_arm64_script: ~/arm.sh'], 'startupArm64Script=/home/me/arm.sh'],
];

for (const [key, lines, expected] of cases) {
	test(`${key} ${typeof expected === 'string' ? 'becomes a setting' : 'is dropped with a reason'}`, t => {
		if (typeof expected === 'string') {
			t.is(became(lines), expected);
		} else {
			t.regex(became(lines), expected);
		}
	});
}

test('every key that their program reads has a case here', t => {
	t.deepEqual(cases.map(([key]) => key).toSorted(), [...theirKeys].toSorted());
});

test('a token in a variable stays in the environment; other variables are taken as they are set now', t => {
	t.regex(became(['github_token: ${GITHUB_TOKEN}']), /^read from GITHUB_TOKEN here too, which is not set now$/v);
	t.is(became(['github_token: ${GITHUB_TOKEN}'], {environment: {GITHUB_TOKEN: 'ghp_x'}}), 'read from GITHUB_TOKEN here too');
	t.is(became(['hetzner_token: "${CI_HETZNER}"'], {environment: {CI_HETZNER: 'secret'}}), 'not copied out of the environment: give HETZNER_TOKEN what CI_HETZNER holds');
	t.is(became(['github_repository: ${OWNER}/widgets'], {environment: {OWNER: 'acme'}}), 'githubRepository=acme/widgets');
	t.is(became(['scripts: ${SCRIPTS}/ci']), 'the variable SCRIPTS is not set here');
});

test('tokens are never shown, other values in short', t => {
	const shown = rowsOf(['github_token: ghp_secret', 'hetzner_token: ${HETZNER_TOKEN}', 'meta_label: {big: [type-cx53, in-fsn1, net-ipv4, cpu-16]}']).map(row => row.shown);
	t.deepEqual(shown.slice(0, 2), ['********', '${HETZNER_TOKEN}']);
	t.true((shown[2] ?? '').length <= 32);
});

test('their defaults on which money and jobs count are written down unless the file has them', t => {
	const lines = (rows: ReturnType<typeof rowsOf>) => rows.filter(({line}) => line === undefined).map(({key}) => key);
	t.deepEqual(lines(rowsOf(['workers: 3'])), ['max_runners', 'default_image']);
	t.deepEqual(lines(rowsOf(['max_runners: 3', 'default_image: x86:snapshot:golden'])), []);
});

test('what would be another thing here is not taken: images without a name, no label at all, keys that are unknown or empty', t => {
	t.regex(became(['default_image: x86:snapshot:golden']), /snapshot has no name at Hetzner.*image-ARCH-snapshot-DESCRIPTION/v);
	t.regex(became(['with_label: []']), /GitHub's own machines/v);
	t.regex(became(['worker: 3']), /no such key\. Did you mean workers\?/v);
	t.deepEqual(rowsOf(['workers:']).filter(({line}) => line !== undefined), []);
	const [stray] = importRows(readTheirFile('their.yaml', 'config: {debug: true}\nprojects: []'), {
		environment: {}, home: '/', folder: '/', readText: () => undefined,
	});
	t.like(stray, {line: 2, key: 'projects'});
});

test('a number outside of what is allowed here is brought into it, and said', t => {
	const [row] = rowsOf(['max_unused_runner_time: 5']);
	t.deepEqual(row?.outcome, {settings: [{name: 'maxIdleRunnerTime', texts: ['10']}], remark: '5 is not allowed here: from 10 to 86400 seconds'});
});

test('scripts that give the runner another name are left, as its server would be deleted under its job', t => {
	const register = (name: string) => `cd runner\n./config.sh --unattended \\\n  --token "$GITHUB_RUNNER_TOKEN" --name ${name} --ephemeral\n`;
	const scripts = (text: string) => became(['scripts: /srv/s'], {files: {'/srv/s/startup-arm64.sh': text}});
	t.regex(scripts(register('"$SERVER_NAME-$SERVER_TYPE_NAME"')), /^\/srv\/s\/startup-arm64\.sh gives the runner a name of its own.*"\$RUNNER_NAME"/v);
	t.regex(scripts(`RUNNER_NAME="$SERVER_NAME-x"\n${register('"$RUNNER_NAME"')}`), /name of its own/v);
	for (const name of ['"$RUNNER_NAME"', '"${RUNNER_NAME}"', '$SERVER_NAME', '"$(hostname)"']) {
		t.is(scripts(register(name)), 'scripts=/srv/s', name);
	}

	t.is(scripts(`# RUNNER_NAME=old\ndocker run --name cache registry\n${register('$RUNNER_NAME')}`), 'scripts=/srv/s');
	t.regex(became(['startup_x64_script: /srv/x.sh'], {files: {'/srv/x.sh': register('other')}}), /name of its own/v);
});

const faults: ReadonlyArray<readonly [text: string, words: RegExp]> = [
	['', /^their\.yaml:1: "config:" is missing/v],
	['workers: 3', /^their\.yaml:1: "config:" is missing/v],
	['# settings\nconfig: 3', /^their\.yaml:2: "config:" must hold keys and values\.$/v],
	['config:\n  labels: [a\n  workers: 3\n', /^their\.yaml:\d: this is no YAML that can be read: [^\n]+\.$/v],
	['config:\n  workers: 3\n  workers: 4\n', /^their\.yaml:3: this is no YAML.*unique/v],
	['config:\n  debug: *other\n', /^their\.yaml:2: this is no YAML/v],
	['config:\n  scripts: !!python/object:os.system x\n', /^their\.yaml:2: this is no YAML/v],
	['config:\n  workers: many', /^their\.yaml:2: "workers" must be a whole number of at least 1\.$/v],
	['config:\n  workers: 1.5', /"workers" must be a whole number/v],
	['config:\n  debug: true\n  max_runners: 0', /^their\.yaml:3: "max_runners" must be a whole number of at least 1\.$/v],
	['config:\n  recycle: 1', /"recycle" must be true or false/v],
	['config:\n  end_of_life: 60', /"end_of_life" must be a whole number from 1 to 59/v],
	['config:\n  with_label: self-hosted', /"with_label" must be a list of texts/v],
	['config:\n  with_label:\n  - a\n  - 3', /^their\.yaml:4: "with_label\[1\]" must be a text\.$/v],
	['config:\n  meta_label:\n    big: type-cx53', /^their\.yaml:3: "meta_label\.big" must be a list of texts\.$/v],
	['config:\n  meta_label:\n    16: [type-cx53]', /^their\.yaml:3: the key 16 is no text to YAML: put it in quotation marks\.$/v],
	['config:\n  max_runners_for_label:\n  - labels: [a]\n    max: 3\n  - labels: [b]\n    max: none', /^their\.yaml:6: "max_runners_for_label\[1\]\.max" must be a whole number/v],
	['config:\n  standby_runners:\n  - labels: [a]\n    size: 3', /^their\.yaml:4: "standby_runners\[0\]" has no key "size"\.$/v],
	['config:\n  default_image: ubuntu-22.04', /"default_image" must have the form ARCHITECTURE:TYPE:NAME/v],
	['config:\n  metrics_port: 70000', /"metrics_port" must be a whole number from 1 to 65535/v],
];

for (const [text, words] of faults) {
	test(`one sentence with file and line: ${JSON.stringify(text)}`, t => {
		t.regex(faultOf(text), words);
	});
}

test('settings import prints the table and writes; --dry-run only prints; a fault ends with exit code 2', async t => {
	const folder = temporaryFolder('import');
	const theirs = path.join(folder, 'their.yaml');
	const ours = path.join(folder, 'config.json');
	const env = plainEnvironment(folder);
	const call = async (...more: readonly string[]) => runProgram(['settings', 'import', theirs, '--settings-file', ours, ...more], {env});
	writeFileSync(theirs, 'config:\n  github_token: ghp_secret\n  max_runners: 4\n  recycle: true\n  label_prefix: ci\n');
	const dry = await call('--dry-run');
	t.is(dry.code, 0);
	t.regex(dry.stdout, /^LINE {2}THEIRS +OURS +REMARK$/mv);
	t.regex(dry.stdout, /^2 +github_token: \*{8} +github-token \*{8} +/mv);
	t.regex(dry.stdout, /^3 +max_runners: 4 +max-runners 4$/mv);
	t.regex(dry.stdout, /^4 +recycle: true +\(dropped\) +/mv);
	t.regex(dry.stdout, /^--dry-run: nothing written; 4 settings would go to /mv);
	t.throws(() => statSync(ours), {code: 'ENOENT'});
	const done = await call();
	t.is(done.code, 0);
	t.regex(done.stdout, /^4 settings written to .*\nStill to be set: --github-repository/mv);
	t.notRegex(done.stdout + done.stderr, /ghp_secret/v);
	t.deepEqual(JSON.parse(readFileSync(ours, 'utf8')), {
		githubToken: 'ghp_secret', maxRunners: 4, labelPrefix: 'ci', image: 'ubuntu-22.04',
	});
	t.is(statSync(ours).mode & 0o777, 0o600); // eslint-disable-line no-bitwise
	t.is((await runProgram(['settings', 'show', '--settings-file', ours], {env})).code, 0);

	writeFileSync(theirs, 'config:\n  meta_label:\n    big one: [type-cx53]\n');
	const wrong = await call();
	t.is(wrong.code, 2);
	t.regex(wrong.stderr, /^\S+their\.yaml:2: "meta_label", as meta-label here, is .* must have the form NAME=LABEL/v);
	const none = await runProgram(['settings', 'import', path.join(folder, 'none.yaml')], {env});
	t.is(none.code, 2);
	t.regex(none.stderr, /none\.yaml cannot be read/v);
});
