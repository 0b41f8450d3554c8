import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {ServerId} from '../../source/model/server.ts';
import {serverNameFor} from '../../source/model/server-name.ts';
import {quote, setUpProgram} from '../../source/ssh/program.ts';
import {oddText, seeded} from '../support/seeded.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const server = {id: 1 as ServerId, name: serverNameFor({id: 70 as JobId, runId: 7 as RunId}, new Set())};

test('bash reads back what was quoted, whatever it is', t => {
	const random = seeded(7);
	const texts = ['', '\'', '\'\'\'', 'x\'; touch PWNED; echo \'', '$(touch PWNED)', '`touch PWNED`', '\\', '\n\n', 'a\nb\n', '😀', '!!', ...Array.from({length: 600}, () => oddText(random, 40))]
		.map(text => text.replaceAll('\u{D800}', 'x')); // Half a pair of surrogates is no UTF-8; node sends another character for it.
	const folder = temporaryFolder('quote');
	const program = texts.map((text, index) => `V${index}=${quote(text)}`).join('\n') + `\n${texts.map((_, index) => String.raw`printf '%s\0' "$V${index}"`).join('\n')}\n`;
	const ran = spawnSync('bash', ['-s'], {
		input: program, cwd: folder, encoding: 'utf8', maxBuffer: 10_000_000,
	});
	t.is(ran.stderr, '');
	t.deepEqual(ran.stdout.split('\0').slice(0, -1), texts);
	t.false(existsSync(path.join(folder, 'PWNED')));
});

test('assignments come first, ours before the scripts’, and nothing of a value is in a command', t => {
	const text = setUpProgram({
		server, ip: '203.0.113.10', setupScript: 'echo "it\'s"', startupScript: 'b', variables: {GITHUB_RUNNER_LABELS: 'x\'; touch PWNED; echo \''}, maxSetupSeconds: 600,
	}, 12, 'main\n');
	t.deepEqual(text.split('\n'), [
		'HRT_PROTOCOL=\'1\'',
		'HRT_FOLLOW_FROM=\'12\'',
		'HRT_MAX_SETUP_SECONDS=\'600\'',
		String.raw`HRT_SETUP_SCRIPT='echo "it'\''s"'`,
		'HRT_STARTUP_SCRIPT=\'b\'',
		String.raw`export GITHUB_RUNNER_LABELS='x'\''; touch PWNED; echo '\'''`,
		'main',
		'',
	]);
});

test('what no variable can hold or be named is refused', t => {
	t.throws(() => quote('a\0b'), {message: /NUL/v});
	t.throws(() => setUpProgram({
		server, ip: '', setupScript: '', startupScript: '', variables: {'A=1; touch PWNED; B': 'x'}, maxSetupSeconds: 1,
	}, 0, ''), {message: /no name of a variable/v});
});
