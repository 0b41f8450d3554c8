// What is around the console: shells with job control, multiplexers, poor terminals, slow readers.
import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {
	assertRestored, demoArguments, hasServers, large, openDemo, small,
} from '../support/open-demo.ts';
import {needs} from '../support/needs.ts';
import {isWhole, openProgram, type Screen} from '../support/pty.ts';

const firstScreen = (screen: Screen): boolean => isWhole(screen) && hasServers(screen);

test('Ctrl-Z gives the shell its terminal, fg brings the console back as it was', async t => {
	const shell = openProgram(demoArguments, {...large, env: {PS1: 'shell$ '}, within: ['bash', '--norc', '-i', '-c', 'set -m; "$@"; while IFS= read -r line; do eval "$line"; done', 'bash']});
	t.teardown(shell.kill);
	await shell.until('the first screen', screen => shell.view.modes.bracketedPasteMode && firstScreen(screen));
	shell.type('2');
	await shell.until('the servers', ({text}) => text.includes('[Servers]'));
	shell.type('\u{1A}');
	await shell.until('the shell', ({text}) => text.includes('Stopped') && shell.view.buffer.active.type === 'normal' && !shell.view.modes.bracketedPasteMode);
	shell.type('echo "here $((40 + 2))"\r');
	await shell.until('the shell\'s answer', ({text}) => text.includes('here 42'));
	shell.type('fg; echo "left with $?"\r');
	const {text} = await shell.until('the console', screen => shell.view.buffer.active.type === 'alternate' && firstScreen(screen));
	t.true(text.includes('[Servers]'), 'its pane is the one that it was');
	await pause(400); // What is typed at once was meant for the shell.
	shell.type('1');
	await shell.until('that it takes keys', screen => screen.text.includes('[Jobs]'));
	shell.type('\u{3}\u{3}');
	await shell.until('the shell again', screen => screen.text.includes('left with 0'));
	shell.type('exit 7\r');
	t.is((await shell.ended).code, 7);
	assertRestored(t, shell);
});

const session = `console-test-${process.pid}`;

for (const [name, within, end] of [
	['tmux', ['tmux', '-u', '-L', session, '-f', '/dev/null', 'new-session'], ['tmux', '-L', session, 'kill-server']],
	['screen', ['screen', '-S', session, '-U', '-c', '/dev/null', '-T', 'screen-256color'], ['screen', '-S', session, '-X', 'quit']],
] as const) {
	needs(name, 'ssh')(`inside ${name} it draws, takes keys, follows the size and leaves`, async t => {
		const demo = openProgram([...demoArguments, '--no-bell'], {...large, within});
		t.teardown(async () => {
			await demo.kill();
			const [program, ...rest] = end;
			spawnSync(program, rest); // Killing its client leaves it behind.
		});
		// Tmux takes the last row for itself.
		const framed = ({rows, text}: Screen): boolean => rows.some(row => /^└.+┘$/v.test(row)) && text.includes('acme/widgets');
		await demo.until('the first screen', framed);
		demo.type('2');
		await demo.until('the servers', screen => framed(screen) && screen.text.includes('[Servers]'));
		demo.type('jjk');
		demo.resize(90, 40);
		const inner = ({rows}: Screen): readonly string[] => rows.filter(row => row.startsWith('├'));
		await demo.until('a straight screen of the new size', screen => framed(screen) && inner(screen).length === 3 && inner(screen).every(row => row.length === 90) && screen.rows.filter(row => row.includes('● SCALING')).length === 1);
		demo.type('q');
		await demo.until('the question', ({text}) => text.includes('┌ Quit ─'));
		demo.type('\t');
		await demo.until('the other answer', ({text}) => text.includes('▸ Quit'));
		demo.type('\r');
		t.is((await demo.ended).code, 0);
	});
}

test('a Linux console gets ASCII, sixteen colours, and no command it does not know', async t => {
	const demo = await openDemo(t, {...large, term: 'linux', argv: ['--no-bell']});
	const raw = demo.raw();
	const seen = demo.screen().text;
	t.regex(seen, /^[\n\u{20}-\u{7E}]*$/v);
	t.false(raw.includes('\u{1B}]'));
	t.false(raw.includes('38;5;'));
	demo.type('q');
	await demo.until('the question', ({text}) => text.includes('> Stay'));
	demo.type('\u{3}');
	await demo.ended;
	assertRestored(t, demo);
});

test('a locale without UTF-8 gets ASCII', async t => {
	const demo = openProgram(demoArguments, {...small, env: {LANG: 'C'}});
	t.teardown(demo.kill);
	const {text} = await demo.until('servers', screen => demo.view.modes.bracketedPasteMode && hasServers(screen) && /-{80}/v.test(screen.text));
	t.regex(text, /^[\n\u{20}-\u{7E}]*$/v);
});

test('the title says how it is, and is given back; the bell rings once', async t => {
	const demo = await openDemo(t, large);
	const titles: string[] = [];
	demo.view.onTitleChange(title => {
		titles.push(title);
	});
	await demo.until('another title', () => titles.length > 0);
	t.regex(titles[0] ?? '', /^(?:\d+ queued \d+ up|! .+)$/v);
	demo.type('\u{3}\u{3}');
	await demo.ended;
	t.true(demo.raw().includes('\u{1B}[22;2t'));
	t.true(demo.raw().lastIndexOf('\u{1B}[23;2t') > demo.raw().lastIndexOf('\u{1B}]2;'));
});

test('--mouse: a click selects, and the terminal has its mouse back', async t => {
	const demo = await openDemo(t, {...large, argv: ['--mouse']});
	t.is(demo.view.modes.mouseTrackingMode, 'vt200');
	const at = demo.screen().rows.findIndex(row => row.startsWith('├ Servers'));
	demo.type(`\u{1B}[<0;10;${at + 1}M\u{1B}[<0;10;${at + 1}m`);
	await demo.until('the servers', ({text}) => text.includes('[Servers]'));
	demo.type('\u{3}\u{3}');
	await demo.ended;
	assertRestored(t, demo);
});

test('--screen-reader says sentences on the ordinary screen', async t => {
	const demo = openProgram([...demoArguments, '--screen-reader', '--no-bell'], small);
	t.teardown(demo.kill);
	await demo.until('how things stand', ({text}) => text.includes('Console of acme/widgets'));
	t.is(demo.view.buffer.active.type, 'normal');
	await demo.until('what happens', ({text}) => text.includes('created gh-actions-runner-'));
	demo.type('2');
	await demo.until('where it is', ({text}) => /Servers, \d+ rows?\./v.test(text));
	demo.type('q');
	await demo.until('the question', ({text}) => text.includes('Stay has the focus'));
	demo.type('\t\r');
	t.is((await demo.ended).code, 0);
	t.false(demo.view.modes.bracketedPasteMode);
});

for (const theme of ['light', 'high-contrast', 'none']) {
	test(`--theme ${theme} draws the same words`, async t => {
		const demo = await openDemo(t, {...small, argv: ['--theme', theme]});
		t.regex(demo.screen().text, /● SCALING/v);
		const colours = demo.raw().includes('\u{1B}[38;5;') || /\[(?:\d+;)*[39]\dm/v.test(demo.raw());
		t.is(colours, theme !== 'none');
	});
}

test('a theme that there is not is a usage error', async t => {
	const demo = openProgram([...demoArguments, '--theme', 'pink'], small);
	t.is((await demo.ended).code, 2);
	t.regex(demo.screen().text, /--theme is "pink", but must be default or light or high-contrast or none/v);
});
