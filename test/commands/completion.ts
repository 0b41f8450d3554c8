import {execFileSync, spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {completionScript} from '../../source/commands/completion.ts';
import {commands} from '../../source/commands/table.ts';
import {optionRows} from '../../source/settings/options/index.ts';
import {needs} from '../support/needs.ts';
import {emptyHome} from '../support/program.ts';

function bashCompletes(words: readonly string[]): readonly string[] {
	const script = `${completionScript('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hetzner_runners_tui; printf '%s\\n' "\${COMPREPLY[@]}"`;
	return execFileSync('bash', ['-c', script, 'bash', 'hetzner-runners-tui', ...words], {encoding: 'utf8'}).split('\n').filter(line => line !== '');
}

test('bash completes commands, their words, options and the values of options', t => {
	t.deepEqual(bashCompletes(['']), commands.map(({name}) => name));
	t.deepEqual(bashCompletes(['service', 'st']), ['status', 'start', 'stop']);
	t.deepEqual(bashCompletes(['run', '--log-format', '']), ['text', 'json']);
	t.deepEqual(bashCompletes(['run', '--no-c']), ['--no-console']);
	t.deepEqual(bashCompletes(['run', '--max-runners', '']), []);
	const flags = bashCompletes(['run', '--']);
	t.deepEqual(optionRows(true).filter(({flag}) => !flags.includes(`--${flag}`)), []);
});

for (const shell of ['zsh', 'fish'] as const) {
	needs(shell)(`${shell} understands its script, in which every command and option stands`, t => {
		const script = completionScript(shell);
		for (const {name} of commands) {
			t.true(script.includes(name));
		}

		for (const {flag} of optionRows(true)) {
			t.true(script.includes(flag));
		}

		const file = path.join(emptyHome(), 'completion');
		writeFileSync(file, script);
		const checked = spawnSync(shell, ['-n', file], {encoding: 'utf8'});
		t.is(checked.stderr, '');
		t.is(checked.status, 0);
	});
}

needs('fish')('fish completes what bash does', t => {
	const complete = (line: string) => spawnSync('fish', ['--no-config', '-c', `${completionScript('fish')}\ncomplete -C '${line}'`], {encoding: 'utf8'});
	const {stdout} = complete('github-runners service st');
	t.deepEqual(stdout.trim().split('\n').map(line => line.split('\t', 1)[0]), ['start', 'status', 'stop']);
});
