// What a host between us and GitHub, or one that says it is GitHub, may answer.
import {Buffer} from 'node:buffer';
import {brotliCompressSync, deflateSync, gzipSync} from 'node:zlib';
import test, {type ExecutionContext} from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import type {JobId} from '../../source/model/job.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import {PortError, type GitHub} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer, type Arrived} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {rawServer} from '../support/raw-server.ts';

function github(url: string, token = 'ghp_secret'): GitHub {
	return createGitHub({
		apiUrl: url, token, repository: {owner: 'acme', name: 'widgets'}, clock: handClock(), speed: 1_000_000,
	});
}

async function served(t: ExecutionContext, answer: (request: Arrived) => Answer): Promise<{readonly url: string; readonly arrived: readonly Arrived[]}> {
	const server = await answeringServer(answer);
	t.teardown(async () => server.close());
	return server;
}

for (const status of [301, 302, 303, 307, 308]) {
	test(`a redirect (${status}) to another origin is not followed, and its answer not believed`, async t => {
		const evil = await served(t, () => ({body: jobRow(70, 7)}));
		const {url} = await served(t, ({path}) => ({status, headers: {location: `${evil.url}${path}`}}));
		const error = await t.throwsAsync(github(url).readJob(70 as JobId), {instanceOf: PortError});
		t.is(error.kind, 'unreachable');
		t.regex(error.message, /leads to another host, 127\.0\.0\.1:\d+ \(30\d\), which is not believed/v);
		await t.throwsAsync(github(url).removeRunner(1 as RunnerId), {instanceOf: PortError});
		await t.throwsAsync(github(url).registrationToken(), {instanceOf: PortError});
		t.is(evil.arrived.length, 0);
	});
}

test('redirects in a circle end', async t => {
	const {url, arrived} = await served(t, ({path}) => ({status: 302, headers: {location: path}}));
	await t.throwsAsync(github(url).readJob(70 as JobId), {instanceOf: PortError});
	t.true(arrived.length < 10);
});

const pack = {
	gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, identity: (body: Uint8Array) => body,
};
for (const [encoding, packed] of Object.entries(pack)) {
	test(`an answer of 64 MB (${encoding}) is not taken in`, async t => {
		const body = packed(Buffer.from(`{"total_count":0,"workflow_runs":[],"x":"${'a'.repeat(64_000_000)}"}`));
		const url = await rawServer(t, response => {
			response.writeHead(200, {'content-type': 'application/json', 'content-encoding': encoding});
			response.end(body);
		});
		const error = await t.throwsAsync(github(url).readJob(70 as JobId), {instanceOf: PortError});
		t.regex(error.message, /an answer of more than 32 MB/v);
	});
}

test('JSON of any depth is no crash, in an answer or in a refusal', async t => {
	const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
	for (const status of [200, 403, 422, 500]) {
		for (const raw of [deep, `{"message":${deep},"errors":${deep}}`, `{"total_count":1,"runners":${deep}}`]) {
			const {url} = await served(t, () => ({status, raw}));
			await t.throwsAsync(github(url).findRunner('x'), {instanceOf: PortError});
		}
	}
});

test('a token of any length is masked in every message', async t => {
	for (const token of ['x1', `ghs_${'a1B2'.repeat(200)}`]) {
		const {url} = await served(t, () => ({status: 403, body: {message: `${'no '.repeat(60)}${token} ${token}`}}));
		const error = await t.throwsAsync(github(url, token).readJob(70 as JobId), {instanceOf: PortError});
		t.false(error.message.includes(token.slice(0, 60)), error.message);
	}
});
