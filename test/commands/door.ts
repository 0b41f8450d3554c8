import {readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {commandHelpText} from '../../source/commands/help.ts';
import {commands} from '../../source/commands/table.ts';
import {readArguments} from '../../source/settings/arguments.ts';
import {optionRows} from '../../source/settings/options/index.ts';
import {
	emptyHome,
	plainEnvironment,
	root,
	runNode,
	runProgram,
} from '../support/program.ts';

test('--help names every command, and the help of the commands every option, in lines of at most 80 columns', async t => {
	const {code, stdout} = await runProgram(['--help']);
	t.is(code, 0);
	for (const {name} of commands) {
		t.regex(stdout, new RegExp(`^ {2}${name} `, 'mv'));
	}

	const texts = commands.map(({name}) => commandHelpText(name));
	for (const option of optionRows(true)) {
		t.true(texts.some(text => text.includes(`--${option.flag}`)), `--${option.flag}`);
	}

	for (const line of [stdout, ...texts].flatMap(text => text.split('\n'))) {
		t.true(line.length <= 80, line);
	}
});

test('COMMAND --help and help COMMAND show that command: two examples, its options under headings, the values of a choice', async t => {
	const [flag, word] = await Promise.all([runProgram(['history', '--help']), runProgram(['help', 'history'])]);
	t.is(flag.code, 0);
	t.is(flag.stdout, word.stdout);
	t.regex(flag.stdout, /history \[day \| workflow \| label \| jobs\] \[OPTIONS\]/v);
	t.regex(flag.stdout, /\n\nExamples\n {2}hetzner-runners-tui history\n.*\n {2}hetzner-runners-tui history workflow --csv\n/v);
	t.regex(flag.stdout, /--csv/v);
	t.notRegex(flag.stdout, /--theme/v);
	t.regex((await runProgram(['run', '--help'])).stdout, /\nConsole\n[\s\S]*--theme default \| light \| high-contrast \| none/v);
	const wrong = await runProgram(['help', 'histry']);
	t.is(wrong.code, 2);
	t.is(wrong.stderr, 'There is no command "histry". Did you mean history? --help lists them all.\n');
});

test('every example of the help is a command line that the program can read', t => {
	for (const command of commands) {
		t.is(command.examples.length, 2, command.name);
		for (const [line] of command.examples) {
			const {positionals} = readArguments(line.split(' '), import.meta);
			t.is(line.startsWith('--') ? 'run' : positionals[0], command.name, line);
		}
	}
});

test('--version and --license answer', async t => {
	const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {version: string};
	t.is((await runProgram(['-v'])).stdout, `${version}\n`);
	t.is((await runProgram(['--version'])).stdout, `${version}\n`);
	t.regex((await runProgram(['--license'])).stdout, /Apache License/v);
});

test('--help loads none of Ink, Octokit, zod', async t => {
	const {stderr, code} = await runNode(['--import=./test/support/list-modules.js', 'source/cli.ts', '--help']);
	t.is(code, 0);
	t.regex(stderr, /module .*\/meow\//v);
	t.notRegex(stderr, /node_modules\/(?:ink|react|zod|@octokit|conf|pino)\//v);
});

test('an unknown command, an unknown option and a wrong value end with 2 and one sentence', async t => {
	for (const [argv, words] of [
		[['dmeo'], 'There is no command "dmeo". Did you mean demo? --help lists them all.\n'],
		[['--max-runner', '2'], 'There is no option --max-runner. Did you mean --max-runners? --help lists them all.\n'],
		[['demo', '--speed', 'fast'], '--speed is "fast", but must be a whole number from 1 to 60.\n'],
	] as const) {
		const {code, stderr} = await runProgram(argv);
		t.is(stderr, words);
		t.is(code, 2);
	}
});

test('without its four settings it names all that are missing', async t => {
	const {code, stderr} = await runProgram(['--github-repository', 'acme/widgets']);
	t.is(code, 2);
	t.is(stderr, 'Not set: --github-token (GITHUB_TOKEN), --hetzner-token (HETZNER_TOKEN), --ssh-key (HETZNER_SSH_KEY). Set the variables, or try "hetzner-runners-tui demo", which needs none.\n');
});

test('settings are kept in a file that only its owner reads, shown with their source, tokens masked', async t => {
	const home = emptyHome();
	const env = plainEnvironment(home, {HETZNER_IMAGE: 'debian-12'});
	const file = (await runProgram(['settings', 'path'], {env})).stdout.trim();
	t.is(file, path.join(home, '.config', 'hetzner-runners-tui', 'config.json'));
	t.is((await runProgram(['settings', 'set', 'github-token', '-'], {env, input: 'ghp_secret\n'})).code, 0);
	t.is((await runProgram(['settings', 'set', 'max-runners', '4'], {env})).code, 0);
	t.is(statSync(file).mode % 0o1000, 0o600);
	const {stdout} = await runProgram(['settings', 'show', '--workers', '3'], {env});
	t.regex(stdout, /^github-token +\*{8} +"githubToken" in .*config\.json$/mv);
	t.regex(stdout, /^max-runners +4 +"maxRunners" in/mv);
	t.regex(stdout, /^image +debian-12 +HETZNER_IMAGE \(environment\)$/mv);
	t.regex(stdout, /^workers +3 +--workers$/mv);
	t.regex(stdout, /^max-idle-runner-time +120 s +default$/mv);
	t.false(stdout.includes('ghp_secret'));
	t.is((await runProgram(['settings', 'unset', 'max-runners'], {env})).code, 0);
	t.regex((await runProgram(['settings', 'show'], {env})).stdout, /^max-runners +\(unlimited\) +default$/mv);
	const wrong = await runProgram(['settings', 'set', 'workers', 'many'], {env});
	t.is(wrong.stderr, 'settings set workers is "many", but must be a whole number from 1 to 100.\n');
	t.is(wrong.code, 2);
	const nameless = await runProgram(['settings', 'set', '--max-runners', '4'], {env});
	t.regex(nameless.stderr, /^Name a setting, without dashes: /v);
	t.is(nameless.code, 2);
});

test('a settings file that is none is told in a sentence, and stays as it is', async t => {
	const home = emptyHome();
	const file = path.join(home, 'mine.json');
	for (const [text, says] of [['[1]', /is JSON, but not an object/v], ['{broken', /is not valid JSON: see line 1, column 2\. Fix or delete it/v], ['{"bell": "yes"}', /"bell" must be a boolean, and is "yes"/v]] as const) {
		writeFileSync(file, text);
		const {code, stderr} = await runProgram(['settings', 'set', 'bell', 'true', '--settings-file', file], {env: plainEnvironment(home)});
		t.is(code, 2);
		t.true(stderr.startsWith(file));
		t.regex(stderr, says);
		t.is(readFileSync(file, 'utf8'), text);
	}

	const folder = await runProgram(['settings', 'show', '--settings-file', home], {env: plainEnvironment(home)});
	t.regex(folder.stderr, /cannot be read: EISDIR/v);
	t.is(folder.code, 2);
});

test('an old Node gets one sentence', async t => {
	const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.20.2"})';
	const {code, stderr} = await runNode([`--import=${pretend}`, path.join(root, 'bin.js'), '--version']);
	t.is(code, 1);
	t.regex(stderr, /^hetzner-runners-tui needs Node\.js 22 or newer; this is .*\n$/v);
});

test('the packed package runs from an empty folder, without any dependency', async t => {
	const folder = emptyHome();
	const {stdout} = await runNode(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {program: 'npm'});
	const {filename} = (JSON.parse(stdout) as [{filename: string}])[0];
	t.is((await runNode(['install', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`], {program: 'npm', cwd: folder})).code, 0);
	for (const name of ['hetzner-runners-tui', 'github-runners']) {
		const {stdout: version} = await runNode([path.join(folder, 'node_modules', '.bin', name), '--version'], {cwd: folder});
		t.regex(version, /^\d+\.\d+\.\d+\n$/v);
	}

	const {code, stdout: log} = await runNode([path.join(folder, 'node_modules', '.bin', 'github-runners'), 'demo', '--no-console', '--jobs', '1', '--speed', '60'], {cwd: folder});
	t.regex(log, /^jobs {6}1 of 1 done$/mv);
	t.is(code, 0);
});
