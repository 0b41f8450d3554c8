// What the screens behind the first one do, key by key, on made-up data.
import test from 'ava';
import {comparedLines} from '../../source/console/screens/scripts/state.ts';
import {matchesIn, nextMatch} from '../../source/console/screens/shared/search.ts';
import {highlight} from '../../source/console/screens/shared/highlight.ts';
import {span} from '../../source/console/components/spans.ts';
import {openDetail} from '../../source/console/screens/detail/state.ts';
import {openHelp} from '../../source/console/screens/help/state.ts';
import {paletteEntries} from '../../source/console/screens/palette/state.ts';
import {initialUi} from '../../source/console/state/ui-state.ts';
import {busyDay} from '../support/busy-day.ts';
import {givenJob, givenState, whole} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const enter = '\r';
const esc = '\u{1B}';
const ctrlP = '\u{10}';
const sizes = [[80, 24], [120, 36], [200, 60]] as const;
const options = [
	{
		flag: 'max-runners', value: '10', source: '--max-runners', says: 'most servers at once', variables: [],
	},
	{
		flag: 'github-token', value: '********', source: 'GITHUB_TOKEN (environment)', says: 'GitHub token', variables: ['GITHUB_TOKEN'],
	},
];
const builtInScripts = async () => ({setup: '', 'startup-x64': 'echo "step 1 of $TOTAL" # a comment\necho built in\n', 'startup-arm64': ''});

test('hits are found whatever their case, and the next one begins again at the other end', t => {
	t.deepEqual(matchesIn(['apt-get', 'APT', 'none'], 'apt'), [0, 1]);
	t.deepEqual(matchesIn(['x'], ''), []);
	t.is(nextMatch([2, 5], 2, 1), 5);
	t.is(nextMatch([2, 5], 5, 1), 2);
	t.is(nextMatch([2, 5], 2, -1), 5);
	t.is(nextMatch([], 2, 1), undefined);
});

test('what is found is lit across spans, and no letter is lost', t => {
	const spans = highlight([span('echo '), span('"hello"', 'text'), span(' # Hello')], 'hello');
	t.is(spans.map(one => one.text).join(''), 'echo "hello" # Hello');
	t.deepEqual(spans.filter(one => one.role === 'match').map(one => one.text), ['hello', 'Hello']);
	t.deepEqual(highlight([span('ab', 'code'), span('cd')], 'bc').map(one => [one.text, one.role]), [['a', 'code'], ['b', 'match'], ['c', 'match'], ['d', 'plain']]);
});

test('two scripts compared: each line once, with the number it has in its own', t => {
	const lines = comparedLines('a\nb\nc\n', 'a\nc\nd\n');
	t.deepEqual(lines.map(line => line.kind === 'code' ? `${line.is} ${line.number} ${line.text}` : ''), ['same 1 a', 'removed 2 b', 'same 2 c', 'added 3 d']);
});

for (const [columns, rows] of sizes) {
	test(`scripts at ${columns}x${rows}: search with n and N, and a custom script compared with the built-in one`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows, {builtInScripts});
		await shown.press('s', 'c');
		t.regex(await shown.text(), /this is the built-in script/v);
		await shown.press('\t', '/', 'step 4');
		t.regex(await shown.text(), /\/step 4_ .*Esc cancel {2}⏎ confirm/v);
		t.regex(await shown.text(), /▸ +4 echo "step 4 of/v);
		await shown.press(enter, 'n', 'n');
		t.regex(await shown.text(), /▸ +41 echo "step 41 of/v);
		t.regex(await shown.text(), /\/step 4: 3 of 11/v);
		await shown.press('N', 'N', 'N');
		t.regex(await shown.text(), /▸ +49 echo "step 49/v);
		await shown.press('/', 'nowhere');
		t.regex(await shown.text(), /\/nowhere: no match/v);
		await shown.press(esc, 'c');
		t.regex(await shown.text(), /compared with the built-in script: 59 lines added, 1 removed/v);
		t.regex(await shown.text(), / 2 - echo built in/v);
		t.regex(await shown.text(), / 2 \+ echo "step 2 of/v);
		await shown.press('c');
		t.notRegex(await shown.text(), /compared with/v);
	});

	test(`details at ${columns}x${rows} name the scripts that a server was handed, and s compares them with those in force`, async t => {
		const state = givenState(busyDay);
		const [server] = state.servers.items;
		const serverScripts = new Map([[server!.id, {setup: '5e70a11d0001', startup: '57a27a11d002'}]]);
		const shown = await openOn(t, {...state, serverScripts}, columns, rows, {builtInScripts});
		await shown.press('2', '/', '4801', enter, enter);
		t.regex(await shown.text(), /scripts: setup 5e70a11d0001, startup 57a27a11d002/v);
		await shown.press('s');
		const text = await shown.text();
		t.regex(text, /handed to …4801-9901, SHA-256 5e70a11d0001/v);
		t.regex(text, /compared with the script in force: 1 line added, 0 removed/v);
		t.regex(text, /\+ touch \/etc\/of-old/v);
		t.notRegex(text, /startup arm64/v);
		await shown.press('\t', 'c');
		t.regex(await shown.text(), /SHA-256 57a27a11d002/v);
		await shown.press(esc);
		t.regex(await shown.text(), /scripts: setup 5e70a11d0001/v, 'back where it was');
	});

	test(`log at ${columns}x${rows}: level, search, and only the lines of one server`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows);
		await shown.press('l', '/', 'ssh', enter);
		t.regex(await shown.text(), /\/ssh: 1 of 1/v);
		t.regex(await shown.text(), /▸ 14:01:51.* answers SSH after 32s/v);
		await shown.press('v', 'v');
		t.regex(await shown.text(), /errors only/v);
		await shown.press(esc, '2', enter, 'l');
		t.regex(await shown.text(), /Log \d+ of gh-actions-runner-\d+-\d+/v);
		await shown.press(esc);
		t.regex(await shown.text(), /paid to/v);
	});

	test(`palette at ${columns}x${rows}: actions and options by name, over any screen`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows, {options});
		await shown.press(':', 'zomb');
		t.regex(await shown.text(), /▸ zombies: servers past their limits.* z /v);
		await shown.press(enter);
		t.regex(await shown.text(), /┌ Zombies 2 of 6/v);
		await shown.press(ctrlP, 'freeze');
		t.regex(await shown.text(), /▸ freeze both ways.* P /v);
		await shown.press(enter);
		await shown.until(/FROZEN/v);
		t.deepEqual(shown.controller.calls, ['setMode frozen']);
		await shown.press(':', 'token');
		t.regex(await shown.text(), /▸ --github-token .*\*{8}/v);
		await shown.press(enter);
		t.regex(await shown.text(), /from +GITHUB_TOKEN \(environment\)/v);
		await shown.press(esc, esc);
		t.notRegex(await shown.text(), /Palette/v);
		await shown.press(':', 'qqqq');
		t.regex(await shown.text(), /nothing has that name/v);
		await shown.press(enter, '\u{3}', esc);
	});

	test(`a notice at ${columns}x${rows} has its key, and hides`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows);
		t.regex(await shown.text(), /▲ ci \/ build-arm waits 12m: .*\+1 more +w why +i hide/v);
		await shown.press('w');
		t.regex(await shown.text(), /┌ ci \/ build-arm /v);
		await shown.press(esc, 'i');
		t.regex(await shown.text(), /▲ 2 zombies: servers that have outlived their limits +z zombies +i hide/v);
		await shown.press('i');
		t.notRegex(await shown.text(), /^ ▲ /mv);
		await shown.press('i');
		await shown.until(/there is no notice/v);
	});
}

test('a server without recorded scripts says so, and a text that is no longer kept is named', async t => {
	const state = givenState(busyDay);
	const shown = await openOn(t, {...state, serverScripts: new Map([[state.servers.items[1]!.id, {setup: '5e70a11d0001', startup: 'aaaaaaaaaaaa'}]])}, 120, 36);
	await shown.press('2', 'g', enter, 's');
	t.regex(await shown.text(), /handed no scripts yet/v);
	const [second] = state.servers.items.slice(1);
	await shown.press(esc, '/', second!.name.slice(-9), enter, enter, 's');
	t.regex(await shown.text(), /could not be read: no longer kept: aaaaaaaaaaaa/v);
});

test('a job that waited for the maximum number of servers says so in its timeline, while it waits and after', async t => {
	const state = givenState(busyDay);
	const timelines = new Map(state.timelines.entries().map(([name, timeline]) => [name, {...timeline, waitedForLimit: 10}]));
	for (const [columns, rows] of sizes) {
		const shown = await openOn(t, {...state, timelines}, columns, rows);
		await shown.press('G', 'k', enter);
		t.regex(await shown.text(), /requested +[\d:]+ .*5s {2}waited for 10 of 10 servers/v);
		await shown.press(esc, '/', 'sign', enter, enter);
		t.regex(await shown.text(), /waits .*8s {2}10 of 10 servers/v);
	}
});

test('a line of output that is too long is wrapped, not cut', async t => {
	const state = givenState(busyDay);
	const [name] = state.output.keys();
	const text = `Get:1 ${'https://mirror.example.com/'.repeat(6)} jq END`;
	for (const [columns, rows] of sizes) {
		const shown = await openOn(t, {...state, output: new Map([[name!, ['first', text]]])}, columns, rows);
		await shown.press('j', enter);
		t.regex(await shown.text(), /jq END/v);
		t.notRegex(await shown.text(), /mirror[^│]*…/v);
	}
});

test('a hidden notice comes back when its trouble is another one', async t => {
	const state = givenState(busyDay);
	const shown = await openOn(t, state, 120, 36);
	await shown.press('i', 'i');
	const old = givenJob({number: 77, age: 2000, labels: ['self-hosted']});
	shown.controller.publish(before => ({...before, jobs: whole([old]), jobVerdicts: new Map([[old.id, {code: 'waitsForLimit', count: 1, limit: 1}]])}));
	t.regex(await shown.until(/▲ ci \/ job 77 waits/v), /waits 33m/v);
});

test('a job older than --attention-after is a notice, a younger one is not', async t => {
	const day = {...busyDay, servers: []};
	const early = await openOn(t, givenState(day), 120, 36, {attentionSeconds: 60});
	t.regex(await early.text(), /▲ ci \/ build-arm waits 12m: .* \(and 1 more\)/v);
	const late = await openOn(t, givenState(day), 120, 36, {attentionSeconds: 3600});
	t.notRegex(await late.text(), /▲ ci/v);
});

test('o shows the link to GitHub, as one that the terminal opens where it can', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('o');
	const url = 'https://github.com/acme/widgets/actions/runs/4803/job/9903';
	t.true((await shown.frame()).at(-1)?.includes(url));
	t.true(shown.terminal.raw().includes(`\u{1B}]8;;${url}`));
	await shown.press('3', 'o');
	t.true((await shown.frame()).at(-1)?.includes('https://github.com/acme/widgets/actions/runs/4801/job/9901'));
	await shown.press('4', 'G', 'o');
	t.regex((await shown.frame()).at(-1) ?? '', /GitHub has no page for this row/v);
	const plain = await openOn(t, givenState(busyDay), 120, 36, {env: {TERM: 'linux'}});
	await plain.press('o');
	t.true((await plain.frame()).at(-1)?.includes(url));
	t.false(plain.terminal.raw().includes('\u{1B}]'));
});

test('zombies say when they are deleted automatically, and why not', async t => {
	const shown = await openOn(t, givenState(busyDay), 120, 36);
	await shown.press('z');
	t.regex((await shown.frame())[0] ?? '', /Zombies 2 of 6 servers .* deleted automatically in 3s ┐/v);
	await shown.press('a');
	t.regex((await shown.frame())[0] ?? '', /2 marked/v);
	shown.controller.publish(state => ({...state, mode: 'frozen'}));
	await shown.until(/frozen: nothing is deleted automatically/v);
	await shown.press('K');
	t.regex(await shown.until(/kept for 10 minutes/v), /kept for 10 minutes: gh-actions/v);
});

test('an untouched view stays at the top, a moved one with its row, and goes back to the top by g or after a minute', async t => {
	const waits = {code: 'waitsForLimit', count: 1, limit: 1} as const;
	let clock = 0;
	const day = (from: number) => givenState({jobs: Array.from({length: 300}, (_, at) => [givenJob({number: from + at, age: 2000 - from - at}), waits])});
	const shown = await openOn(t, day(100), 120, 36, {clockNow: () => clock});
	const selected = async (): Promise<string> => (await shown.frame()).find(row => row.startsWith('│▸')) ?? '';
	t.regex(await selected(), /job 100 /v);
	for (const from of [95, 250, 50]) {
		shown.controller.publish(() => day(from));
		await shown.until(new RegExp(`│▸.*job ${from} `, 'v'));
	}

	await shown.press('j');
	shown.controller.publish(() => day(45));
	await shown.until(/7 of 300/v);
	t.regex(await selected(), /job 51 /v);
	clock += 61_000;
	await shown.until(/│▸.*job 45 /v);
	await shown.press('G');
	t.regex(await shown.text(), /300 of 300/v);
	await shown.press('g');
	shown.controller.publish(() => day(40));
	await shown.until(/│▸.*job 40 /v);
});

test('the palette offers every action and every option, and none that read-only forbids', t => {
	const facts = {
		attachment: {at: 'here'}, isReadOnly: true, options: [{
			flag: 'x', value: '', source: '', says: '', variables: [],
		}],
	} as const;
	const offered = paletteEntries({text: '', under: initialUi.screen}, facts);
	t.is(offered.at(-1)?.id, '--x');
	t.false(offered.some(entry => entry.kind === 'action' && entry.row.does !== 'view'));
	t.is(new Set(offered.map(entry => entry.id)).size, offered.length);
	for (const under of [openHelp(initialUi.screen), openDetail('jobs', '', initialUi.screen)]) {
		const ids = paletteEntries({text: '', under}, {...facts, isReadOnly: false}).map(entry => entry.id);
		t.is(new Set(ids).size, ids.length);
		t.true(ids.includes('pause scaling up, or resume'));
	}
});
