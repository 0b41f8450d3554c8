// The questions of an operator at three in the morning: each answered by two keys at most, in the smallest usual terminal.
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {demoArguments, small} from '../support/open-demo.ts';
import {
	isWhole, openProgram, type PtyProgram, type Screen,
} from '../support/pty.ts';

// What is typed in the moment in which the shell ends was meant for the shell.
const deafMilliseconds = 400;
const escape = '\u{1B}';
const enter = '\r';
const has = (...patterns: readonly RegExp[]) => (screen: Screen): boolean => isWhole(screen) && patterns.every(pattern => pattern.test(screen.text));
const firstScreen = has(/^ 1 Jobs \d+ +2 Servers \d/mv, /^ p pause .*\? help/mv);

// One busy morning for all of them; slow enough to last.
const {promise: opened, resolve} = Promise.withResolvers<PtyProgram>();
test.before(async () => {
	const demo = openProgram([...demoArguments.filter((_, at) => at === 0), '--jobs', '60', '--speed', '6', '--seed', '7', '--no-bell'], small);
	resolve(demo);
	await demo.until('the first screen', screen => demo.view.modes.bracketedPasteMode && firstScreen(screen));
	demo.type('2');
	await demo.until('a server that is set up and one that runs a job', has(/◑ setting up/v, /● busy/v));
});
test.after.always(async () => {
	const demo = await opened;
	await demo.kill();
});

async function atHome(pane = '1'): Promise<PtyProgram> {
	const demo = await opened;
	// Only where it changes something: an Esc is one when no other key follows at once.
	if (!firstScreen(demo.screen())) {
		demo.type(escape);
		await demo.until('the first screen', firstScreen);
	}

	demo.type(pane);
	await demo.until('its pane', has(pane === '1' ? /WAIT +WORKFLOW/v : /NAME +STATE/v));
	return demo;
}

test.serial('which job runs on a server: on the servers pane itself', async t => {
	const demo = await atHome('2');
	const {text} = await demo.until('a busy one', has(/● busy .* (?:ci|build|e2e|docs|bench) \/ /v));
	t.regex(text, /NAME +STATE +TYPE/v);
});

test.serial('what a server does right now: its live output', async t => {
	const demo = await atHome('2');
	await demo.until('one that is set up', has(/◑ setting up/v));
	// To the first that is set up, as an eye would.
	const rows = demo.screen().rows.filter(row => / [○◌◍●◑◔✕] /v.test(row));
	demo.type('g');
	demo.type('j'.repeat(Math.max(0, rows.findIndex(row => row.includes('setting up')))));
	demo.type(enter);
	const {text} = await demo.until('its output', has(/├ set-up output/v, /│ {2}\S.*│\n└/v));
	t.regex(text, /script, |registering|busy|runs on|idle \d+s of/v); // It goes on while keys are on their way.
});

test.serial('what it costs so far, and until when it is paid', async t => {
	const demo = await atHome('2');
	demo.type(enter);
	const {text} = await demo.until('its price', has(/€\d\.\d+ so far, 1 started hour +paid to \d\d:\d\d:\d\d/v));
	t.regex(text, /\] [\dms]+ left/v);
});

test.serial('why a job waits', async t => {
	const demo = await atHome();
	await demo.until('one that waits', has(/[◌◐✕] +\S+ +\S+ \/ /v));
	demo.type('g');
	demo.type(enter);
	const {text} = await demo.until('its details', has(/^┌ .* run \d+ · job \d+ ┐/mv, /wants self-hosted/v));
	t.regex(text, /^│ [◌●◐✕] (?:creating|booting|setting up|registering|next|runner|waits|\S+ in \S+ refused|a server failed|runs on)/mv);
});

test.serial('which servers are zombies', async t => {
	const demo = await atHome();
	demo.type('z');
	const {text} = await demo.until('the zombies', has(/^┌ Zombies \d+ of \d+ servers/mv));
	t.regex(text, /No zombies: every server is within its limits|gh-actions-runner-\d+-\d+ .* up /v);
});

test.serial('which script this server got, and how it differs from the one in force', async t => {
	const demo = await atHome('2');
	demo.type('g');
	demo.type(enter);
	await demo.until('its scripts by hash', has(/scripts: setup [\da-f]{12}, startup [\da-f]{12}/v));
	demo.type('s');
	const {text} = await demo.until('the comparison', has(/same as the script in force/v));
	t.regex(text, /handed to …\d+-\d+, SHA-256 [\da-f]{12}/v);
	demo.type(escape);
	await demo.until('its details again', has(/so far, 1 started hour/v));
});

test.serial('how long a job runs: on the jobs pane itself, against what is usual in its details', async t => {
	const demo = await atHome();
	await demo.until('one that runs', has(/● .* runs on …\d[\d\-]*, [\dhms]+/v));
	demo.type('G'); // What runs comes last.
	demo.type(enter);
	const {text} = await demo.until('its bar', has(/^│ +runs +█.* [\dms]+/mv));
	t.regex(text, /running +\d\d:\d\d:\d\d/v);
});

test.serial('who waits longest now: the first row, and the first line says how long', async t => {
	const demo = await atHome();
	demo.type('g');
	const waitOf = (rows: readonly string[]) => / max wait (?<wait>[\dms]+) /v.exec(rows[0] ?? '')?.groups?.wait;
	const isFirst = (rows: readonly string[]) => rows.some(row => row.startsWith('▸') && row.includes(` ${waitOf(rows) ?? 'none'} `));
	const {rows} = await demo.until('the wait of the first row is that of the first line', screen => isWhole(screen) && isFirst(screen.rows));
	t.true(isFirst(rows), rows.join('\n'));
});

test.serial('how the limit is changed: + and -, which the palette finds by that word', async t => {
	const demo = await atHome();
	demo.type(':');
	demo.type('limit');
	await demo.until('both', has(/one more server at most/v, /one server less at most/v));
	demo.type(escape);
	await demo.until('the first screen', firstScreen);
	demo.type('-');
	await demo.until('the answer', has(/maximum number of servers: \d+; kept over a restart/v));
	const {rows} = await demo.until('the limit on top', has(/^.* \d+\/\d+ servers/v));
	t.regex(rows[0] ?? '', / \d+\/\d+ servers/v);
});

test.serial('what the scripts of new servers are, and with what environment', async t => {
	const demo = await atHome();
	demo.type('s');
	await demo.until('the setup script', has(/┌ Scripts .* built in ┐/v, / 1 #!\/bin\/bash/v));
	demo.type('G');
	const {text} = await demo.until('its environment', has(/The environment it gets, secrets masked/v));
	t.regex(text, /TOKEN=\*+/v);
});

test.serial('whether the engine is healthy: on the first screen itself', async t => {
	const demo = await atHome();
	const {rows} = await demo.until('a read to come', has(/next poll \d+s/v));
	t.regex(rows[0] ?? '', /acme\/widgets +● SCALING/v);
});

test.serial('how near the limits of both APIs are: on the first screen itself', async t => {
	const demo = await atHome();
	t.regex(demo.screen().rows[1] ?? '', /GitHub \d+\/5000 +Hetzner \d+\/3600/v);
});

test.serial('what happened in the last ten minutes', async t => {
	const demo = await atHome();
	demo.type('l');
	const {text} = await demo.until('the log', has(/^┌ Log \d+/mv));
	t.regex(text, /\d\d:\d\d:\d\d +(?:info|good|warning|error) +\S/v);
});

test.serial('a shell on a server, and the console again as it was', async t => {
	const demo = await atHome('2');
	await demo.until('a server with an address', has(/^▸[^\n]*(?:setting up|busy|idle|registering)/mv));
	demo.type('x');
	await demo.until('the prompt', ({text}) => /root@gh-actions-runner-\d+-\d+:~# $/v.test(`${text.trimEnd()} `));
	t.is(demo.view.buffer.active.type, 'normal', 'the shell has the ordinary screen');
	demo.type('hostname\rj\r');
	await demo.until('its answers', ({text}) => text.includes('# j\n') && /\ngh-actions-runner-\d+-\d+\n/v.test(text));
	demo.type('exit\r');
	const {text} = await demo.until('the console', has(/NAME +STATE/v));
	t.regex(text, /^ 1 Jobs \d+ +2 Servers \d/mv);
	t.is(demo.view.buffer.active.type, 'alternate');
	await pause(deafMilliseconds);
	demo.type('1');
	await demo.until('that it takes keys', has(/WAIT +WORKFLOW/v));
});

test.serial('delete this one', async t => {
	const demo = await atHome('2');
	demo.type('G'); // The newest, which stays a while.
	demo.type('d');
	const {text} = await demo.until('the question with its evidence', has(/┌ Delete 1 server/v, /▸ Cancel +Delete/v));
	t.regex(text, /gh-actions-runner-\d+-\d+/v);
	t.regex(text, / up \w+, paid to \d\d:\d\d/v);
	t.regex(text, /\(read [\dms]+ ago\)/v);
});

test.serial('stop making servers', async t => {
	const demo = await atHome();
	demo.type('p');
	const {rows} = await demo.until('the pause', screen => isWhole(screen) && (screen.rows[0] ?? '').includes('PAUSED'));
	t.false(rows[0]?.includes('SCALING'));
});
