import test from 'ava';
import {later} from '../../source/model/time.ts';
import {busyDay, crowd} from '../support/busy-day.ts';
import {
	ago,
	givenJob,
	givenName,
	givenState,
	whole,
} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const enter = '\r';
const esc = '\u{1B}';

test('120x36 shows four panes, the state of scaling, the money and the limits', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	const rows = await shown.frame();
	t.is(rows.length, 36);
	const text = rows.join('\n');
	const wanted = [
		'● SCALING', '7/10 servers', '€2.14 today UTC', 'next poll 3s', 'max wait 12m', 'GitHub 4812/5000', 'Hetzner 3590/3600', 'p50 48s', 'p95 2m10s',
	];
	t.deepEqual(wanted.filter(words => !text.includes(words)), []);

	t.regex(text, /\[Jobs\] 4 queued · 1 running · 1 not ours/v);
	t.regex(text, /Servers 6 · 1 busy · 1 being created · 2 zombies/v);
	t.regex(text, /✕ +12m +ci \/ build-arm +4803 +server-cax11/v);
	t.regex(text, /◌ creating +cx23/v);
	t.regex(text, /● busy +6m12s/v);
	t.regex(text, /hel1 next in 20s/v);
	t.deepEqual(rows.slice(3).filter(row => [...row].length !== 120), []);
});

test('80x24 shows one pane with tabs and counts, and Tab goes through all four', async t => {
	const shown = await openOn(t, givenState(busyDay), 80, 24);
	t.regex(await shown.text(), /1 Jobs 4 +2 Servers 7 +3 Runners 3 +4 Activity/v);
	t.regex(await shown.text(), /\? help/v);
	await shown.press('\t');
	t.regex(await shown.text(), /NAME +STATE +TYPE/v);
	await shown.press('\t');
	t.regex(await shown.text(), /FOR +LABELS/v);
	await shown.press('\t');
	t.regex(await shown.text(), /reading jobs works again after 12s/v);
	await shown.press('\t', '\u{1B}[Z', '2');
	t.regex(await shown.text(), /NAME +STATE +TYPE/v);
});

test('200x60 has room for the details of the selected row', async t => {
	const shown = await openOn(t, givenState(busyDay), 200, 60);
	const text = await shown.text();
	t.regex(text, /…4801-9901 +● busy/v);
	t.regex(text, /┌ ci \/ build-arm ─+ details of the selected row ┐/v);
	t.regex(text, /wants self-hosted, server-cax11/v);
});

test('too small a terminal says so, and a larger one goes on', async t => {
	const shown = await openOn(t, givenState(busyDay), 50, 12);
	t.regex(await shown.text(), /50x12 is too small/v);
	shown.terminal.resize(80, 24);
	t.regex(await shown.text(), /1 Jobs 4/v);
});

test('a storm of resizes leaves no torn or doubled line', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	for (const [columns, rows] of [[80, 24], [200, 60], [61, 16], [119, 35], [60, 15], [50, 10], [90, 30], [89, 29], [88, 28], [120, 36]] as const) {
		shown.terminal.resize(columns, rows);
	}

	const stormed = await shown.frame();
	const fresh = await openOn(t, givenState(busyDay), 120, 36);
	t.deepEqual(stormed, await fresh.frame());
	for (const width of [100, 80, 70]) {
		shown.terminal.resize(width, 24);
		const narrow = await shown.frame();
		t.is(narrow.filter(row => row.includes('SCALING')).length, 1);
		t.regex(narrow[0] ?? '', /SCALING/v);
	}
});

test('empty panes say what is to be expected', async t => {
	const shown = await openOn(t, givenState(), 120, 36);
	const text = await shown.text();
	t.regex(text, /no queued jobs; the last one 14m ago/v);
	t.regex(text, /no servers; one is created for each queued job/v);
	t.regex(text, /no runners; each server registers one/v);
});

test('a failed read keeps its rows, says since when and when it is tried again', async t => {
	const state = givenState(busyDay);
	const failed = {
		...state, servers: {
			state: 'failed' as const, items: state.servers.items, at: ago(75), fault: {reason: 'Hetzner answers 503', since: ago(75), retryAt: later(ago(0), 40)},
		},
	};
	const narrow = await openOn(t, failed, 80, 24);
	t.regex(await narrow.text(), /▲ Hetzner unread since \d\d:00:56: answers 503 /v);
	const shown = await openOn(t, failed, 120, 36);
	const text = await shown.text();
	t.regex(text, /▲ Hetzner: servers unread since \d\d:00:56, retries in 40s: Hetzner answers 503; no d/v);
	t.regex(text, /stale since \d\d:\d\d:56/v);
	t.regex(text, /…4801-9901 +● busy/v);
});

test('a read that takes long says for how long it has', async t => {
	const shown = await openOn(t, {...givenState(busyDay), nextReadAt: ago(45)}, 80, 24);
	t.regex(await shown.text(), /polling for 45s/v);
});

test('the thread of the selected row is marked in the other panes', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('G', 'k');
	const marked = [...await shown.frame()].filter(row => row.startsWith('│›'));
	t.regex(marked[0] ?? '', /4801-9901 +● busy +cpx22/v);
	t.regex(marked[1] ?? '', /4801-9901 +● busy +6m12s/v);
	t.true(marked.slice(2).every(row => row.includes('4801-9901')), 'what happened to it');
});

test('names in any script and control characters keep the columns straight', async t => {
	const shown = await openOn(t, crowd(36, 20), 120, 36);
	const rows = await shown.frame();
	t.deepEqual(rows.filter(row => /[\p{Control}\u{202E}]/v.test(row)), []);
	const framed = rows.flatMap((row, at) => row.startsWith('│') ? [Math.max(shown.terminal.lastColumnOf(at, '│') ?? 0, shown.terminal.lastColumnOf(at, '┃') ?? 0)] : []);
	t.is(framed.length, 36 - 2 - 5);
	t.deepEqual(framed.filter(column => column !== 119), []);

	t.false(shown.terminal.raw().includes('\u{202E}'));
});

test('500 jobs and 300 servers: only the window is drawn, a key costs few bytes', async t => {
	const shown = await openOn(t, crowd(500, 300), 120, 36);
	await shown.press('j');
	const before = shown.terminal.written();
	await shown.press('j');
	t.true(shown.terminal.written() - before < 1200, `${shown.terminal.written() - before} bytes`);
	const rest = shown.terminal.written();
	await shown.frame();
	t.is(shown.terminal.written(), rest);
	await shown.press('G');
	t.regex(await shown.text(), /Jobs\] 350 queued/v);
});

test('the selection stays with its row while rows come and go', async t => {
	const [a, b, c] = [givenJob({number: 1, age: 90}), givenJob({number: 2, age: 60}), givenJob({number: 3, age: 30})];
	const waits = {code: 'waitsForLimit', count: 1, limit: 1} as const;
	const shown = await openOn(t, givenState({jobs: [[a, waits], [b, waits], [c, waits]]}), 120, 36);
	await shown.press('j', 'j');
	t.regex((await shown.frame()).find(row => row.startsWith('│▸')) ?? '', /ci \/ job 3/v);
	const wide = givenJob({number: 4, age: 200});
	shown.controller.publish(state => ({...state, jobs: whole([wide, b, c]), jobVerdicts: new Map([wide, b, c].map(job => [job.id, waits]))}));
	await shown.until(/ci \/ job 4/v);
	t.regex((await shown.frame()).find(row => row.startsWith('│▸')) ?? '', /ci \/ job 3/v);
});

test('details tell one thread: verdict, moments with durations, price, output', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('G', 'k', enter);
	const text = await shown.text();
	t.regex(text, /ci \/ test \(20, ubuntu\) .* run 4801 · job 9901/v);
	t.regex(text, /ssh +\d\d:\d\d:10 .* 29s/v);
	t.regex(text, /runs .* 6m12s/v);
	t.regex(text, /paid to .* left/v);
	await shown.press(esc, '2', 'G', 'k', enter);
	t.regex(await shown.text(), /set-up output/v);
	t.regex(await shown.text(), /√ Connected to GitHub/v);
});

test('scripts: three tabs with source, line numbers and the masked environment', async t => {
	const shown = await openOn(t, givenState(busyDay), 100, 30);
	await shown.press('s');
	t.regex(await shown.text(), /built in/v);
	t.regex(await shown.text(), / 1 #!\/usr\/bin\/env bash/v);
	t.regex(await shown.text(), /GITHUB_RUNNER_TOKEN=\*\*\*\*\*\*\*\*/v);
	await shown.press('\t', 'G');
	t.regex(await shown.text(), /\/etc\/runners\/startup-x64\.sh/v);
	t.regex(await shown.text(), /GITHUB_RUNNER_GROUP=Default/v);
	await shown.press('\t');
	t.regex(await shown.text(), /exec \.\/run\.sh/v);
	await shown.press('d');
	t.deepEqual(shown.controller.calls, []);
});

test('the log shows only errors when asked', async t => {
	const shown = await openOn(t, givenState(busyDay), 100, 30);
	await shown.press('l');
	t.regex(await shown.text(), /Log 9/v);
	await shown.press('v', 'v');
	t.regex(await shown.text(), /Log 1 /v);
	t.regex(await shown.text(), /set-up of .* failed/v);
});

test('a terminal without UTF-8 and colours gets ASCII and no colour code', async t => {
	const job = givenJob({number: 1, name: '构建 …'});
	const shown = await openOn(t, givenState({
		...busyDay, jobs: [[job, {
			code: 'creating', server: givenName(job), placement: {
				serverType: 'cx23', location: undefined, image: '', architecture: 'x64',
			}, since: ago(1),
		}]],
	}), 120, 36, {env: {TERM: 'linux', NO_COLOR: '1'}});
	const text = await shown.text();
	t.regex(text, /^[\n\u{20}-\u{7E}]*$/v);
	t.deepEqual(shown.terminal.raw().split('\u{1B}[').filter(code => /^(?:\d+;)*(?:3[0-7]|9[0-7])(?:;\d+)*m/v.test(code)), []);
});
