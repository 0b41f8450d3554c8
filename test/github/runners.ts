import test from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {runnerRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

const never = new AbortController().signal;

async function given(answer: (request: Arrived, count: number) => Answer) {
	const server = await answeringServer(answer);
	const clock = handClock();
	const github = createGitHub({
		apiUrl: server.url, token: 'ghp_secret', repository: {owner: 'acme', name: 'widgets'}, clock, speed: 1000,
	});
	return {server, github, clock};
}

function list(total: number, ...runners: readonly unknown[]): Answer {
	return {body: {total_count: total, runners}};
}

test('all runners of all pages are read', async t => {
	const {server, github} = await given(({query}) => query.get('page') === '1'
		? list(101, ...Array.from({length: 100}, (_, index) => runnerRow(index + 1, `r${index + 1}`)))
		: list(101, runnerRow(101, 'last', {status: 'offline', busy: true, version: null})));
	const {items: runners} = await github.readRunners(never);
	t.is(runners.length, 101);
	t.deepEqual(runners.at(-1), {
		id: 101 as RunnerId, name: 'last', isOnline: false, isBusy: true, isEphemeral: true, labels: ['self-hosted', 'cx23'], version: undefined,
	});
	await server.close();
});

test('a short list is read again', async t => {
	const once = await given((_, count) => count === 1 ? list(2, runnerRow(1, 'a')) : list(2, runnerRow(1, 'a'), runnerRow(2, 'b')));
	const {items: runners} = await once.github.readRunners(never);
	t.is(runners.length, 2);
	await once.server.close();
});

test('a total that never fits is believed no more than two passes that agree (actions-runner-controller#362); who has gone from the list is asked for by name', async t => {
	const lasting = {names: ['a', 'b'], byName: 'b'};
	const {server, github} = await given(({query}) => {
		const name = query.get('name');
		const runners = (name === null ? lasting.names : [lasting.byName].filter(known => known === name)).map(known => runnerRow(known.codePointAt(0) ?? 1, known));
		return list(name === null ? 2 : runners.length, ...runners);
	});
	await github.readRunners(never);
	lasting.names = ['a'];
	t.deepEqual((await github.readRunners(never)).items.map(({name}) => name), ['a', 'b']);
	lasting.byName = '';
	const {items, gaps} = await github.readRunners(never);
	t.deepEqual([items.map(({name}) => name), gaps], [['a'], []]);
	await server.close();
});

test('an odd row of a runner stops nothing: it is busy unless it says otherwise, and left out when its name is not known', async t => {
	const {server, github} = await given(() => list(5, runnerRow(1, 'a'), runnerRow(2, 'b', {busy: null}), {id: 3, name: 'c'}, runnerRow(4, 'd', {labels: [null, {name: 'x'}, 4]}), runnerRow(5, '', {name: null})));
	const {items, gaps} = await github.readRunners(never);
	t.deepEqual(items.map(({name, isBusy, labels}) => [name, isBusy, labels.join(' ')]), [['a', false, 'self-hosted cx23'], ['b', true, 'self-hosted cx23'], ['c', true, ''], ['d', false, 'x']]);
	t.deepEqual(gaps, []);
	await t.throwsAsync(github.findRunner('e'), {instanceOf: PortError}, 'the one without a name may be that');
	await server.close();
});

for (const size of [300, 1000]) {
	test(`${size} runners that come and go while pages are read: no read fails, and nobody who stays is missing`, async t => {
		let gone = 0;
		const {server, github} = await given(({query}) => {
			const all = Array.from({length: size}, (_, index) => runnerRow(gone + index + 1, `r${gone + index + 1}`));
			const name = query.get('name');
			const page = Number(query.get('page'));
			gone += name === null && page % 2 === 0 ? 1 : 0;
			return name === null ? list(size, ...all.slice((page - 1) * 100, page * 100)) : list(all.filter(row => row.name === name).length, ...all.filter(row => row.name === name));
		});
		const stayedFrom = (first: number, last: number) => Array.from({length: Math.max(0, last - first + 1)}, (_, index) => `r${first + index}`);
		for (let turn = 0; turn < 20; turn++) {
			const before = gone;
			const {items, gaps} = await github.readRunners(never);
			const names = new Set([...items.map(({name}) => name), ...gaps.map(({runnerName}) => runnerName)]);
			const stayed = turn === 0 ? [] : stayedFrom(gone + 1, before + size - 30);
			t.deepEqual(stayed.filter(name => !names.has(name)), []);
			t.true(gaps.every(({runnerName}) => runnerName !== undefined));
		}

		await server.close();
	});
}

test('a runner is found by its exact name, although the filter may know only part of it', async t => {
	const {server, github} = await given(() => list(2, runnerRow(1, 'gh-actions-runner-7-70-2'), runnerRow(2, 'gh-actions-runner-7-70')));
	const found = await github.findRunner('gh-actions-runner-7-70');
	t.is(found?.id, 2 as RunnerId);
	t.is(await github.findRunner('gh-actions-runner-7'), undefined);
	t.is(server.arrived[0]?.query.get('name'), 'gh-actions-runner-7-70');
	await server.close();
});

test('removing a runner says removed, gone, or busy with GitHub’s words', async t => {
	const {server, github} = await given(({path}) => path.endsWith('/1')
		? {status: 204}
		: (path.endsWith('/2')
			? {status: 404, body: {message: 'Not Found'}}
			: {
				status: 422, body: {message: 'Runner "x" is currently running a job and cannot be deleted.', documentation_url: 'https://docs.github.com'},
			}));
	t.is(await github.removeRunner(1 as RunnerId), 'removed');
	t.is(await github.removeRunner(2 as RunnerId), 'gone');
	t.deepEqual(await github.removeRunner(3 as RunnerId), {busy: 'Runner "x" is currently running a job and cannot be deleted.'});
	t.is(server.arrived.length, 3, 'none of these is tried again');
	await server.close();
});

test('one registration token serves all who ask at once and later, until five minutes before its end', async t => {
	const {server, github, clock} = await given((_, count) => ({status: 201, body: {token: `token ${count}`, expires_at: new Date(clock.now() + 3_600_000).toISOString()}}));
	t.deepEqual(await Promise.all(Array.from({length: 20}, async () => github.registrationToken())), Array.from({length: 20}, () => 'token 1'));
	clock.pass(54 * 60);
	t.is(await github.registrationToken(), 'token 1');
	clock.pass(2 * 60);
	t.is(await github.registrationToken(), 'token 2');
	t.is(server.arrived.length, 2);
	await server.close();
});

test('a registration token is good for as long as is asked for, and not handed out again after a runner was refused with it', async t => {
	const {server, github, clock} = await given((_, count) => ({status: 201, body: {token: `token ${count}`, expires_at: new Date(clock.now() + 3_600_000).toISOString()}}));
	t.is(await github.registrationToken({minimumSeconds: 660}), 'token 1');
	clock.pass(48 * 60);
	t.is(await github.registrationToken({minimumSeconds: 660}), 'token 1');
	clock.pass(2 * 60);
	t.is(await github.registrationToken(), 'token 1', 'ten minutes are enough for who asks for five');
	t.is(await github.registrationToken({minimumSeconds: 660}), 'token 2');
	t.is(await github.registrationToken({isFresh: true}), 'token 3');
	t.is(await github.registrationToken(), 'token 3');
	await server.close();
});

test('a registration token’s end is told by GitHub’s clock', async t => {
	const {server, github, clock} = await given(() => ({
		status: 201, headers: {date: new Date(clock.now() + 7_200_000).toUTCString()}, body: {token: 'x', expires_at: new Date(clock.now() + 7_200_000 + 3_600_000).toISOString()},
	}));
	await github.registrationToken();
	clock.pass(56 * 60);
	await github.registrationToken();
	t.is(server.arrived.length, 2);
	await server.close();
});

test('the runner program is GitHub’s, asked for once an hour, and never one without a checksum', async t => {
	const sha = 'a'.repeat(64);
	const {server, github, clock} = await given((_, count) => ({
		body: [
			{
				os: 'osx', architecture: 'x64', download_url: 'https://x/osx', filename: 'osx.tar.gz', sha256_checksum: sha,
			},
			{
				os: 'linux', architecture: 'x64', download_url: `https://x/${count}`, filename: 'linux.tar.gz', sha256_checksum: sha.toUpperCase(),
			},
			{
				os: 'linux', architecture: 'arm64', download_url: 'https://x/arm', filename: 'arm.tar.gz',
			},
		],
	}));
	t.deepEqual(await github.runnerDownload('x64'), {url: 'https://x/1', filename: 'linux.tar.gz', sha256: sha});
	await t.throwsAsync(github.runnerDownload('arm64'), {instanceOf: PortError, message: /no SHA-256 checksum for arm\.tar\.gz/v});
	t.is(server.arrived.length, 1);
	clock.pass(3601);
	const later = await github.runnerDownload('x64');
	t.is(later.url, 'https://x/2');
	await server.close();
});

test('a runner that was listed is not taken for gone when fewer are listed than announced: its own record is asked for (actions-runner-controller#362)', async t => {
	let isThere = true;
	const {server, github} = await given(({path, query}) => {
		if (/\/runners\/\d+$/v.test(path)) {
			return isThere ? {body: runnerRow(70, 'mine')} : {status: 404, body: {message: 'Not Found'}};
		}

		return query.has('name') ? list(4) : list(4, runnerRow(70, 'mine'));
	});
	await github.readRunners(never);
	t.is((await github.findRunner('mine'))?.id, 70 as RunnerId);
	isThere = false;
	t.is(await github.findRunner('mine'), undefined);
	t.is(await github.findRunner('never listed'), undefined, 'two passes agree');
	await server.close();
});

test('a name that no list had is found in the second pass when the first came short', async t => {
	const {server, github} = await given((_, count) => count === 1 ? list(1) : list(1, runnerRow(7, 'new')));
	t.is((await github.findRunner('new'))?.id, 7 as RunnerId);
	await server.close();
});

test('recorded runner lists and downloads are understood', async t => {
	const lists = [{body: {total_count: 1, runners: [runnerRow(1, 'a')]}}, ...sharedFixtures('github/recorded', 'repo-runners-list-200')];
	t.log(lists.length === 1 ? 'recordings are not here' : 'recordings read');
	for (const {body} of lists) {
		const {server, github} = await given(() => ({body}));
		const {items: runners} = await github.readRunners(never);
		t.true(runners.length > 0);
		await server.close();
	}

	for (const {body} of sharedFixtures('github/recorded', 'org-runner-downloads')) {
		const {server, github} = await given(() => ({body}));
		const download = await github.runnerDownload('arm64');
		t.is(download.filename, 'actions-runner-linux-arm64-2.322.0.tar.gz');
		await server.close();
	}
});
