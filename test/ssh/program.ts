import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {ServerId} from '../../source/model/server.ts';
import {helloProgram, startProgram} from '../../source/ssh/program.ts';
import {quote} from '../../source/ssh/quote.ts';
import {oddText, seeded} from '../support/seeded.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

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

test('the greeting holds nothing of the scripts, and what starts them nothing of a value in a command', t => {
	t.deepEqual(helloProgram({server: 42 as ServerId, followFrom: 12, wantsNewHostKey: true}, 'main\n').split('\n'), [
		'HRT_PROTOCOL=\'2\'', 'HRT_SERVER=\'42\'', 'HRT_FOLLOW_FROM=\'12\'', 'HRT_NEW_HOST_KEY=\'yes\'', 'main', '',
	]);
	t.deepEqual(startProgram({setupScript: 'echo "it\'s"', startupScript: 'b', variables: {GITHUB_RUNNER_LABELS: 'x\'; touch PWNED; echo \''}}, 600).split('\n'), [
		'HRT_MAX_SETUP_SECONDS=\'600\'',
		String.raw`HRT_SETUP_SCRIPT='echo "it'\''s"'`,
		'HRT_STARTUP_SCRIPT=\'b\'',
		String.raw`export GITHUB_RUNNER_LABELS='x'\''; touch PWNED; echo '\'''`,
		'hrt_start </dev/null',
		'',
	]);
});

test('what no variable can hold or be named is refused', t => {
	t.throws(() => quote('a\0b'), {message: /NUL/v});
	t.throws(() => startProgram({setupScript: '', startupScript: '', variables: {'A=1; touch PWNED; B': 'x'}}, 1), {message: /no name of a variable/v});
});
