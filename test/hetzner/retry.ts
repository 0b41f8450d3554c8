import test from 'ava';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {page} from '../support/hetzner-bodies.ts';

const never = new AbortController().signal;

async function given(answer: (count: number) => Answer) {
	const server = await answeringServer((_, count) => answer(count));
	const clock = handClock();
	const hetzner = createHetzner({
		apiUrl: `${server.url}/v1`, token: 'hetzner-secret', repository: {owner: 'acme', name: 'widgets'}, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock, attemptMilliseconds: 2000,
	});
	return {server, clock, hetzner};
}

function error(status: number, code: string): Answer {
	return {status, body: {error: {code, message: 'no', details: null}}};
}

test('reads are tried again after what passes, with growing pauses', async t => {
	for (const passing of [error(409, 'conflict'), error(502, 'bad_gateway'), error(503, 'unavailable'), error(504, 'timeout'), 'drop', 'hang', {raw: '<html>'}] as const) {
		const {server, clock, hetzner} = await given(count => count < 3 ? passing : {body: page('servers', [])});
		t.deepEqual((await hetzner.readServers(never)).items, []);
		t.deepEqual(clock.slept, [1, 2]);
		await server.close();
	}
});

test('reads are not tried again after a refusal, and not for ever', async t => {
	const refused = await given(() => error(401, 'unauthorized'));
	await t.throwsAsync(refused.hetzner.readServers(never), {instanceOf: PortError, message: 'Hetzner refused the token: no (401 unauthorized); check --hetzner-token / HETZNER_TOKEN'});
	t.is(refused.server.arrived.length, 1);
	await refused.server.close();

	const down = await given(() => error(503, 'unavailable'));
	const thrown = await t.throwsAsync(down.hetzner.readServers(never), {instanceOf: PortError});
	t.is(thrown.kind, 'unreachable');
	t.true(down.clock.slept.reduce((sum, seconds) => sum + seconds, 0) <= 15);
	await down.server.close();
});

test('a server that does not exist says so in words', async t => {
	const hetzner = createHetzner({
		apiUrl: 'http://127.0.0.1:9/v1', token: 'hetzner-secret', repository: {owner: 'acme', name: 'widgets'}, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock: handClock(),
	});
	const thrown = await t.throwsAsync(hetzner.readServers(never), {instanceOf: PortError});
	t.is(thrown.kind, 'unreachable');
	t.notRegex(thrown.message, /hetzner-secret/v);
});
