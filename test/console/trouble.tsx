// What the console shows when something is wrong, at every size: the truth first, and nothing unknown as 0.
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {later, type Instant} from '../../source/model/time.ts';
import {earlierServerLine, type Attachment} from '../../source/scaler/controller.ts';
import {busyDay} from '../support/busy-day.ts';
import {
	ago, givenJob, givenPolicy, givenServer, givenState, publishedAt, whole,
} from '../support/given/state.ts';
import {openOn} from '../support/open-console.ts';

const sizes = [[60, 15], [80, 24], [120, 36], [200, 60]] as const;
const waits = {code: 'waitsForLimit', count: 10, limit: 10} as const;
const gone: Attachment = {
	at: 'socket', where: 'the service', lost: {since: later(publishedAt, 0), reason: 'socket hang up'},
};
const unread = {
	state: 'failed', items: [], at: undefined, fault: {reason: 'connect ETIMEDOUT', since: ago(30), retryAt: undefined},
} as const;

for (const [columns, rows] of sizes) {
	test(`500 queued jobs left alone for five minutes, at ${columns}x${rows}: the one that waits longest is on top`, async t => {
		let clock = 0;
		const all = Array.from({length: 500}, (_, at) => givenJob({number: at, age: 400 - Math.floor(at / 2)}));
		const shown = await openOn(t, givenState({jobs: all.map(job => [job, waits])}), columns, rows, {clockNow: () => clock});
		t.true((await shown.frame()).some(row => row.includes('▸') && row.includes('ci / job 0 ')));
		for (let minute = 1; minute <= 5; minute++) {
			clock += 60_000;
			// Those on top start and leave the list's beginning.
			const jobs = all.map((job, at) => at < minute * 40
				? {
					...job, status: 'inProgress' as const, startedAt: ago(1), runnerName: 'x',
				}
				: job);
			shown.controller.publish(state => ({
				...state, publishedAt: later(state.publishedAt, 60), jobs: whole(jobs),
				jobVerdicts: new Map(jobs.map(job => [job.id, job.status === 'inProgress' ? {code: 'running', runnerName: 'x', since: ago(1)} as const : waits])),
			}));
			await shown.until(new RegExp(String.raw`▸.*ci \/ job ${minute * 40} `, 'v'));
		}

		t.regex(await shown.text(), /1(?: of |\/)500/v);
		t.true((await shown.frame()).some(row => row.includes('┃')), 'a bar says where in the list one is');
	});

	test(`an engine that is gone, at ${columns}x${rows}: said first, with what starts it, and no key asks it for anything`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows, {attachment: gone});
		const text = await shown.text();
		t.regex(text, /^.*✕ NO ENGINE since \d\d:\d\d/v);
		t.notRegex(text, /SCALING|next poll/v);
		t.regex(text, /build-arm/v);
		await shown.press('p');
		t.regex((await shown.frame()).at(-1) ?? '', /no engine since \d\d:\d\d: start it with/v);
		await shown.press('2', 'd', 'r');
		t.deepEqual(shown.controller.calls, []);
		await shown.press('q');
		t.deepEqual(await shown.ended, {why: 'quit'});
	});

	test(`APIs that hang, at ${columns}x${rows}: since when nothing is read, and ages stop there`, async t => {
		let clock = 0;
		const shown = await openOn(t, givenState(busyDay), columns, rows, {clockNow: () => clock});
		t.regex(await shown.text(), /● SCALING/v);
		clock = 25_000;
		t.notRegex(await shown.until(/▲ SLOW: reading for 2\ds/v), /SCALING|▲ BLIND/v);
		clock = 150_000;
		const text = await shown.until(/▲ BLIND since \d\d:\d\d/v);
		t.notRegex(text, /● SCALING/v);
		t.regex(text, /polling for 2m27s/v);
		const waited = /✕ +(?<wait>\S+) +ci/v.exec(text)?.groups?.wait;
		clock = 400_000;
		t.is(/✕ +(?<wait>\S+) +ci/v.exec(await shown.until(/polling for 6m/v))?.groups?.wait, waited);
	});

	test(`nothing read yet, at ${columns}x${rows}: nothing is 0, and q asks`, async t => {
		const shown = await openOn(t, givenState({
			but: {
				jobs: unread, servers: unread, runners: unread, startedAt: ago(30), hourlyMicros: 0, githubBudget: undefined, hetznerBudget: undefined, history: [], waits: undefined,
			},
		}), columns, rows);
		const text = await shown.text();
		t.regex(text, /NOTHING READ YET/v);
		t.notRegex(text, /\b0 (?:queued|servers|running|busy|up)\b/v);
		t.notRegex(text, /€0\.00\/h|no servers;|no queued jobs/v);
		t.regex(shown.terminal.raw(), /\]2;(?:! |\? queued)/v);
		await shown.press('q');
		t.regex(await shown.text(), /The list of servers was not read yet/v);
		await shown.press('\r', 'z');
		t.regex(await shown.text(), /servers unknown: none was ever read/v);
	});

	test(`a server made anew under the same name, at ${columns}x${rows}: its own moments, what was before stands above a line`, async t => {
		const job = givenJob({number: 1, age: 900});
		const server = givenServer(job, {age: 40});
		const placement = {
			serverType: 'cx23', location: 'fsn1', image: '', architecture: 'x64',
		} as const;
		const shown = await openOn(t, givenState({
			jobs: [[job, {
				code: 'serverComing', server: server.name, step: 'booting', since: ago(35),
			}]],
			servers: [[server, {code: 'booting', forSeconds: 35, limitSeconds: 180}]],
			timelines: [[server.name, {
				serverId: server.id, jobQueuedAt: ago(900), jobSeenAt: ago(895), createdAt: ago(40),
			}]],
			output: [[server.name, ['+ an old line', earlierServerLine]]],
			events: [[850, {code: 'sshAnswered', server: server.name, afterSeconds: 30}], [40, {
				code: 'serverCreated', server: server.name, placement, job,
			}]],
		}), columns, rows);
		t.regex(await shown.text(), /boot(?:s|ing)[ ,].* 40s/v, 'one clock for all of it');
		await shown.press('\r');
		const text = await shown.text();
		t.regex(text, /│ +boots .* 40s/v);
		t.notRegex(text, /│ +(?:ssh|setup|running|is off) /v);
		if (rows > 15) {
			t.regex(text, /answers SSH[\s\S]*above: an earlier server of this name[\s\S]*created/v);
		}
	});

	test(`a server that is gone, at ${columns}x${rows}: its details count no further`, async t => {
		let clock = 0;
		const job = givenJob({number: 1, status: 'completed', age: 900});
		const server = givenServer(job);
		const shown = await openOn(t, givenState({
			timelines: [[server.name, {
				serverId: server.id, jobQueuedAt: ago(900), createdAt: ago(880), sshAt: ago(850), setupEndedAt: ago(840), startupEndedAt: ago(820), runningAt: ago(800), offAt: ago(700), goneAt: ago(670),
			}]],
			events: [[670, {
				code: 'serverDeleted', server: server.name, reason: 'off for 29s', by: {kind: 'engine'}, ageSeconds: 210, cost: '€0.011',
			}]],
		}), columns, rows, {clockNow: () => clock});
		await shown.press('4', '\r');
		const before = await shown.text();
		t.regex(before, /│ +gone +\d\d:\d\d:\d\d .* 30s/v);
		t.notRegex(before, /│ +(?:is off|runs|boots) /v);
		clock = 120_000;
		await shown.press('j');
		t.is(await shown.text(), before);
	});

	test(`two that are kept for two reasons, at ${columns}x${rows}: both are told, and no mark stays`, async t => {
		const shown = await openOn(t, givenState(busyDay), columns, rows);
		const names = [...givenState(busyDay).servers.items].slice(0, 2).map(({name}) => name);
		Object.assign(shown.controller, {
			async deleteServers() {
				return new Map(names.map((name, at) => [name, {state: 'kept', reason: at === 0 ? 'busy' : 'protected'}]));
			},
		});
		await shown.press('2', ' ', ' ', 'd', '\t', '\r');
		const text = await shown.until(/deleted 0, kept /v);
		t.regex(text, /kept …\d+-\d+: busy; …\d+-\d+: pro/v);
		t.notRegex(text, /✓/v);
	});

	test(`a burst at GitHub's secondary limit, at ${columns}x${rows}: which limit, and for how long`, async t => {
		const state = givenState(busyDay);
		const blocked = {
			state: 'failed', items: state.jobs.items, at: ago(20), fault: {reason: 'GitHub: request limit is used up', since: ago(10), retryAt: later(publishedAt, 54)},
		} as const;
		const shown = await openOn(t, {
			...state, jobs: blocked, githubBudget: {
				remaining: 4402, limit: 5000, resetAt: later(publishedAt, 1200), blockedUntil: later(publishedAt, 54),
			},
		}, columns, rows);
		const text = await shown.text();
		t.regex(text, /GitHub secondary limit, 54s/v);
		t.regex(text, /▲ GitHub(?: takes|:) no requests for 54s/v);
		t.notRegex(text, /4402\/5000|used up/v);
	});
}

for (const [columns, rows] of [...sizes, [100, 50]] as const) {
	test(`Ink by itself shows the same frames as the painter, at ${columns}x${rows}`, async t => {
		const plain = await openOn(t, givenState(busyDay), columns, rows, {env: {TERM: 'xterm-256color', LANG: 'en_US.UTF-8', HETZNER_RUNNERS_TUI_PLAIN_INK: '1'}});
		const painted = await openOn(t, givenState(busyDay), columns, rows);
		for (const keys of [[], ['j'], ['2', 'd'], ['\u{1B}', '\r'], ['\u{1B}', 'z'], ['\u{1B}', 's'], ['\u{1B}', 'l'], ['\u{1B}', '?'], ['\u{1B}', ':']] as const) {
			await plain.press(...keys);
			await painted.press(...keys);
			const wanted = await painted.text();
			for (let tries = 0; tries < 100 && await plain.text() !== wanted; tries++) {
				await pause(20); // Ink draws so many frames a second.
			}

			t.is(await plain.text(), wanted);
		}
	});
}

test('a cause that fails for the third time is a notice, and leads to the job', async t => {
	const job = givenJob({number: 1, age: 60});
	const failed = (count: number) => givenState({
		jobs: [[job, {
			code: 'afterFailures', count, lastReason: 'startup script: no space left', retryAt: later(publishedAt, 60),
		}]], but: {policy: givenPolicy},
	});
	const twice = await openOn(t, failed(2), 120, 36);
	t.notRegex(await twice.text(), /^ ▲ /mv);
	const thrice = await openOn(t, failed(3), 120, 36);
	t.regex(await thrice.text(), /^ ▲ ci \/ job 1: .*no space left/mv);
	await thrice.press('w');
	t.regex(await thrice.text(), /^┌ ci \/ job 1 /mv);
});

test('a double click opens, and a click on a key in the footer presses it', async t => {
	let clock = 1000;
	const shown = await openOn(t, givenState(busyDay), 120, 36, {hasMouse: true, clockNow: () => clock});
	const click = (column: number, row: number): string => `\u{1B}[<0;${column + 1};${row + 1}M\u{1B}[<0;${column + 1};${row + 1}m`;
	const rows = await shown.frame();
	await shown.press(click((rows.at(-1) ?? '').indexOf('zombies'), rows.length - 1));
	t.regex(await shown.text(), /^┌ Zombies/mv);
	await shown.press('\u{1B}');
	const row = (await shown.frame()).findIndex(text => text.includes('release / sign'));
	await shown.press(click(20, row));
	clock += 200;
	await shown.press(click(20, row));
	t.regex(await shown.text(), /^┌ release \/ sign/mv);
});

test('what the first line says of reads: overdue, failing, and polls that the engine itself makes rarer', async t => {
	let clock = 0;
	const state = givenState(busyDay);
	const slow = await openOn(t, state, 120, 36, {clockNow: () => clock});
	const first = async (words: RegExp): Promise<void> => {
		t.regex((await slow.until(words)).split('\n', 1)[0] ?? '', words);
	};

	clock = 17_000;
	await first(/● SCALING/v);
	clock = 25_000;
	await first(/▲ SLOW: reading for 22s/v);
	clock = 45_000;
	await first(/▲ SLOW: reading for 42s/v);
	clock = 62_000;
	await first(/▲ BLIND since/v);
	const rarer = (githubDueAt: Instant) => ({...state, githubDueAt, hetznerDueAt: githubDueAt});
	slow.controller.publish(() => ({...rarer(later(publishedAt, 110)), publishedAt: later(publishedAt, 62)}));
	await first(/● SCALING/v);
	const failed = {
		state: 'failed', items: state.jobs.items, at: ago(30), fault: {reason: 'GitHub answers 502', since: ago(20), retryAt: undefined},
	} as const;
	const fresh = {state: 'whole', at: later(publishedAt, 60)} as const;
	slow.controller.publish(() => ({
		...state, publishedAt: later(publishedAt, 63), nextReadAt: later(publishedAt, 70),
		servers: {...fresh, items: state.servers.items}, jobs: {...failed, at: later(publishedAt, 35)}, runners: {...fresh, items: state.runners.items},
	}));
	await first(/▲ GITHUB UNREAD for 28s/v);
});
