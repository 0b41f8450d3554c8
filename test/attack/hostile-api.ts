// Whoever answers in the place of GitHub or Hetzner, or one of them gone wrong: answers and pauses without end.
import type {ServerResponse} from 'node:http';
import test, {type ExecutionContext} from 'ava';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {secondsBetween} from '../../source/model/time.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {handClock} from '../support/hand-clock.ts';
import {packedGigabyte, pour} from '../support/hostile-front.ts';
import {rawServer} from '../support/raw-server.ts';

const repository = {owner: 'acme', name: 'widgets'};
const never = new AbortController().signal;

async function given(t: ExecutionContext, answer: (response: ServerResponse) => void) {
	const apiUrl = await rawServer(t, answer);
	const clock = handClock();
	return {
		clock,
		github: createGitHub({
			apiUrl, token: 'x', repository, clock, speed: 1_000_000,
		}),
		hetzner: createHetzner({
			apiUrl, token: 'x', repository, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock,
		}),
	};
}

for (const [title, send] of [
	['of 1 GB', (response: ServerResponse, onSent: (bytes: number) => void) => {
		pour(response, 1_000_000_000, onSent);
	}],
	['of 1 GB, packed to 1 MB', (response: ServerResponse) => {
		response.writeHead(200, {'content-type': 'application/json', 'content-encoding': 'gzip'}).end(packedGigabyte());
	}],
] as const) {
	test.serial(`an answer ${title} is cut off at 32 MB, by both APIs at once`, async t => {
		let sent = 0;
		const {github, hetzner} = await given(t, response => {
			send(response, bytes => {
				sent += bytes;
			});
		});
		packedGigabyte();
		const before = process.memoryUsage().rss;
		const readings = [github.readRunners(never), hetzner.readServers(never)];
		const refusals = await Promise.all(readings.map(async reading => reading.catch((error: unknown) => error)));
		for (const refusal of refusals) {
			t.true(refusal instanceof PortError && refusal.message.includes('more than 32 MB'), String(refusal));
		}

		t.true(sent < 400_000_000, `${sent} bytes were taken`);
		t.true(process.memoryUsage().rss - before < 300_000_000);
	});
}

test('a pause of thirty years lasts an hour', async t => {
	const {clock, github, hetzner} = await given(t, response => {
		response.writeHead(429, {'content-type': 'application/json', 'retry-after': '1000000000'}).end('{"message":"wait","error":{"code":"rate_limit_exceeded","message":"wait"}}');
	});
	const begun = clock.now();
	for (const reading of [github.readRunners(never), hetzner.readServers(never)]) {
		const refusal = await t.throwsAsync(reading, {instanceOf: PortError});
		t.true(refusal.retryAt === undefined || secondsBetween(begun, refusal.retryAt) <= 2 * 3600, String(refusal.retryAt));
	}

	t.true(secondsBetween(begun, clock.now()) <= 2 * 3600);
});
