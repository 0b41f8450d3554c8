import {execFileSync} from 'node:child_process';
import test from 'ava';
import {parseSetUpStream} from '../../source/simulator/set-up-stream.ts';

const hostile = ['', 'plain', 'x\'; touch PWNED; echo \'', 'two\nlines', '$(reboot) `reboot` \\ "', '测试 🚀', '\'\'\'', '\u{1B}[31m', 'a=b\nexport C=\'d\''];

function quote(value: string): string {
	return `'${value.replaceAll('\'', String.raw`'\''`)}'`;
}

test('assignments are read as bash reads them, whatever they hold', t => {
	const text = hostile.map((value, index) => `export V${index}=${quote(value)}\n`).join('');
	const {environment} = parseSetUpStream(`${text}echo done\n`);
	t.deepEqual(Object.values(environment), hostile);
	const bash = execFileSync('bash', ['-s'], {input: `${text}printf '%s\\0' ${hostile.map((_, index) => `"$V${index}"`).join(' ')}\n`, encoding: 'utf8'});
	t.deepEqual(bash.split('\0').slice(0, -1), hostile);
});

test('the first line that is no assignment begins the program', t => {
	const program = 'X=1 command\nexport LATER=\'x\'\n';
	t.deepEqual(parseSetUpStream(`A='1'\nexport B='2'\n${program}`), {own: {A: '1'}, environment: {B: '2'}, program});
	t.deepEqual(parseSetUpStream('A=$(reboot)\n').own, {});
});
