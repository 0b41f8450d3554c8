// The built program in a real terminal: what it writes there, at every size and for every kind of terminal.
import test from 'ava';
import {
	demoArguments, hasServers, large, openDemo, small,
} from '../support/open-demo.ts';
import {isWhole, openProgram, type Screen} from '../support/pty.ts';
import {emptyHome, plainEnvironment, runProgram} from '../support/program.ts';

const escape = '\u{1B}';
const bell = '\u{7}';

// The numbers of every colour code (select graphic rendition).
function coloursIn(raw: string): readonly string[] {
	return raw.split(`${escape}[`).slice(1)
		.map(rest => /^(?<numbers>[\d:;]*)m/v.exec(rest)?.groups?.numbers ?? '')
		.flatMap(numbers => numbers.split(/[:;]/v))
		.filter(number => /^(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])$/v.test(number));
}

// What a terminal would ring for: every bell but that which ends an operating system command, such as a link.
function bellsIn(raw: string): number {
	const commands = raw.split(`${escape}]`);
	return commands.reduce((sum, part, at) => sum + part.split(bell).length - 1 - (at > 0 && part.includes(bell) && !part.slice(0, part.indexOf(bell)).includes(escape) ? 1 : 0), 0);
}

// Each row once, and both sides of the frame straight.
function isStraight({rows}: Screen, columns: number): boolean {
	const isFramed = rows.some(row => row.startsWith('┌'));
	return (rows[0] ?? '').includes('acme/widgets')
		&& rows.filter(row => row.includes('acme/widgets  ')).length === 1
		&& (isFramed
			? rows.slice(2).every(row => /^[ │┌└├▲].*$/v.test(row)) && rows.filter(row => row.startsWith('└')).length === 1 && rows.filter(row => row.startsWith('├')).length === (columns >= 110 && rows.length >= 44 ? 4 : 3)
			: rows.filter(row => row === '─'.repeat(columns)).length === 2);
}

test('a storm of resizes leaves no torn line', async t => {
	const demo = await openDemo(t, large);
	for (let round = 0; round < 3; round++) {
		for (const [columns, rows] of [[120, 36], [60, 15], [200, 50], [80, 24], [119, 35], [61, 16]] as const) {
			demo.resize(columns, rows);
			if (round > 0) {
				await demo.until(`a straight screen of ${columns}x${rows}`, screen => isWhole(screen) && isStraight(screen, columns));
			}
		}
	}

	for (let columns = 120; columns >= 60; columns -= 3) { // As a window that is dragged smaller.
		demo.resize(columns, 24);
	}

	demo.resize(80, 24);
	const last = await demo.until('a straight screen at the end', screen => isWhole(screen) && isStraight(screen, 80));
	t.is(last.rows.length, 24);
	demo.resize(60, 15);
	demo.resize(80, 24); // There and back before the program looks: what was cut off comes back.
	await demo.until('a straight screen after all', screen => isWhole(screen) && isStraight(screen, 80));
});

test('an ordinary terminal gets colours, NO_COLOR=1 none', async t => {
	t.not(coloursIn((await openDemo(t, large)).raw()).length, 0);
	t.deepEqual(coloursIn((await openDemo(t, {...large, env: {NO_COLOR: '1'}})).raw()), []);
});

test('TERM=dumb gets the log', async t => {
	const log = openProgram(demoArguments, {...large, term: 'dumb'});
	t.teardown(log.kill);
	await log.until('a line of the log', ({text}) => text.includes('created gh-actions-runner-'));
	log.signal('SIGTERM');
	t.is((await log.ended).code, 0);
	t.false(log.raw().includes(escape));
});

test('--no-console gets the log in a terminal, too', async t => {
	const log = openProgram([...demoArguments, '--no-console'], small);
	t.teardown(log.kill);
	await log.until('a line of the log', ({text}) => text.includes('created gh-actions-runner-'));
	log.type('\u{3}');
	t.is((await log.ended).code, 0);
	t.false(log.raw().includes(escape));
});

test('a pipe gets the log', async t => {
	const {code, stdout, stderr} = await runProgram(['demo', '--jobs', '2', '--speed', '60', '--seed', '7'], {env: plainEnvironment(emptyHome(), {TERM: 'xterm-256color'})});
	t.is(stderr, '');
	t.is(code, 0);
	t.true(stdout.includes('created gh-actions-runner-'));
	t.false(stdout.includes(escape));
	t.regex(stdout, /^jobs +2 of 2 done/mv);
});

test('a hostile job name is drawn, but its codes never reach the terminal', async t => {
	// Without colours every colour code on the wire would be the name's own.
	const demo = await openDemo(t, {...large, argv: ['--no-bell'], env: {NO_COLOR: '1'}});
	demo.type('/evil\r');
	const {text} = await demo.until('the hostile job', screen => isWhole(screen) && hasServers(screen) && screen.text.includes('ci / evil'));
	demo.type('\r');
	const detail = await demo.until('its details', screen => isWhole(screen) && /^┌ ci \/ evil/mv.test(screen.text));
	t.is(text.match(/│. . +\S+ +ci \/ evil/gv)?.length, 1, 'it has one row, though its name has two lines');
	t.regex(detail.text, /^┌ ci \/ evil .{0,4}\[31mred.*second line .* ┐$/mv);
	t.deepEqual(coloursIn(demo.raw()), []);
	t.is(bellsIn(demo.raw()), 0);
});
