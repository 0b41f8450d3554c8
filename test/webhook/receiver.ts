import {once} from 'node:events';
import net from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {signDelivery, type SimulatedDelivery} from '../../source/simulator/github-deliveries.ts';
import {openReceiver, type ReceiverOptions} from '../../source/webhook/receiver.ts';

const secret = 'a-secret-of-the-webhook-0123456789';
const repository = {full_name: 'Acme/Widgets'};

async function given(t: ExecutionContext, more: Partial<ReceiverOptions> = {}) {
	const seen = {wakes: 0, forged: [] as number[]};
	const receiver = await openReceiver({
		host: '127.0.0.1', port: 0, repository: 'acme/widgets', secrets: () => [secret],
		onWake() {
			seen.wakes++;
		},
		onForged(count) {
			seen.forged.push(count);
		},
		...more,
	});
	t.teardown(receiver.close);
	const send = async ({headers, body}: SimulatedDelivery, path = '/webhook') => {
		const response = await fetch(`${receiver.url}${path}`, {method: 'POST', headers, body});
		return response.status;
	};

	return {receiver, seen, send};
}

function queued(name: string, key = secret): SimulatedDelivery {
	return signDelivery({action: 'queued', workflow_job: {id: 7, name}, repository}, key, name);
}

test('a queued job of the repository wakes; what else GitHub sends is taken and does nothing', async t => {
	const {seen, send, receiver} = await given(t);
	t.is(await send(queued('one')), 202);
	t.is(seen.wakes, 1);
	t.is(await send(signDelivery({action: 'completed', repository}, secret, 'two')), 202);
	t.is(await send(signDelivery({action: 'queued', repository: {full_name: 'acme/other'}}, secret, 'three')), 202);
	t.is(await send(signDelivery({zen: 'Design for failure.', hook_id: 1, repository}, secret, 'four', 'ping')), 202);
	t.is(await send(signDelivery({action: 'queued', repository}, secret, 'five', 'check_run')), 202);
	t.is(seen.wakes, 1);
	t.like(receiver.counts(), {wakes: 1, other: 4, forged: 0});
});

test('forged, wrong secret, signed for another body, unsigned, an old kind of signature: refused, told once a minute, and nothing is woken', async t => {
	const {seen, send, receiver} = await given(t);
	const good = queued('good');
	const {'x-hub-signature-256': signature = '', ...unsigned} = good.headers;
	t.is(await send(queued('wrong', 'another-secret-0123456789')), 401);
	t.is(await send({...good, body: good.body.replace('"good"', '"evil"')}), 401);
	for (const forged of ['sha256=', 'sha256=00', signature.slice(0, -1), `${signature}0`, signature.toUpperCase(), 'x'.repeat(9000), good.headers['x-hub-signature'] ?? '']) {
		t.is(await send({...good, headers: {...unsigned, 'x-hub-signature-256': forged}}), 401, forged.slice(0, 20));
	}

	t.is(await send({...good, headers: unsigned}), 400);
	t.is(await send({body: '', headers: good.headers}), 401);
	t.deepEqual(seen, {wakes: 0, forged: [1]});
	t.is(await send(good), 202, 'forgeries with its id have not used it up');
	t.like(receiver.counts(), {wakes: 1, forged: 10, refused: 1});
});

test('two secrets are good while one takes the place of the other, and the file counts at once', async t => {
	const secrets = [[secret], [secret, 'the-next-secret-0123456789'], ['the-next-secret-0123456789']];
	let turn = 0;
	const {send} = await given(t, {secrets: () => secrets[turn] ?? []});
	t.is(await send(queued('a', 'the-next-secret-0123456789')), 401);
	turn = 1;
	t.is(await send(queued('b', 'the-next-secret-0123456789')), 202);
	t.is(await send(queued('c')), 202);
	turn = 2;
	t.is(await send(queued('d')), 401);
	turn = 3;
	t.is(await send(queued('e')), 401, 'no secret is no key to all');
});

test('a redelivery, and a replay under an id of its own, wake nobody again', async t => {
	const {seen, send, receiver} = await given(t);
	const delivery = queued('one');
	await send(delivery);
	t.is(await send(delivery), 202);
	t.is(await send({...delivery, headers: {...delivery.headers, 'x-github-delivery': '00000000-0000-0000-0000-000000000000'}}), 202);
	t.is(seen.wakes, 1);
	t.like(receiver.counts(), {wakes: 1, repeated: 2});
});

test('signed and no JSON, no object, no action: refused or taken, never thrown', async t => {
	const {seen, send} = await given(t);
	for (const payload of [null, 7, 'text', [], {repository: 7}, {action: 7, repository}, {action: 'queued'}, {action: 'queued', repository: {full_name: null}}]) {
		t.true([202, 400].includes(await send(signDelivery(payload, secret, JSON.stringify(payload)))));
	}

	t.is(seen.wakes, 0);
});

test('a form is told to be JSON, other paths and methods are not found, /health says that it is there', async t => {
	const {send, receiver} = await given(t);
	const delivery = queued('one');
	t.is(await send({...delivery, headers: {...delivery.headers, 'content-type': 'application/x-www-form-urlencoded'}}), 415);
	t.is(await send(delivery, '/'), 404);
	const get = await fetch(`${receiver.url}/webhook`);
	t.is(get.status, 404);
	const health = await fetch(`${receiver.url}/health`);
	t.is(health.status, 200);
	t.is(await health.text(), 'ok\n');
});

async function raw(url: string): Promise<{readonly socket: net.Socket; readonly ended: Promise<string>}> {
	const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
	let text = '';
	socket.setEncoding('utf8').on('data', (chunk: string) => {
		text += chunk;
	}).on('error', () => {/* It was cut off, as is meant. */});
	await once(socket, 'connect');
	const {promise: ended, resolve} = Promise.withResolvers<string>();
	socket.once('close', () => {
		resolve(text);
	});
	return {socket, ended};
}

const head = (length: string) => `POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: workflow_job\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n${length}\r\n\r\n`;

test('a body announced as too long is refused before it comes, one that grows too long on the way, and 25 MB are enough for GitHub', async t => {
	const {receiver} = await given(t, {mostBytes: 10_000});
	const announced = await raw(receiver.url);
	announced.socket.write(head('Content-Length: 10001'));
	t.regex(await announced.ended, /^HTTP\/1\.1 413 /v);
	const growing = await raw(receiver.url);
	growing.socket.write(head('Transfer-Encoding: chunked'));
	growing.socket.write(`${(20_000).toString(16)}\r\n${'x'.repeat(20_000)}\r\n`);
	t.regex(await growing.ended, /^HTTP\/1\.1 413 /v);
	t.like(receiver.counts(), {refused: 2});

	const usual = await given(t);
	const large = signDelivery({action: 'queued', repository, filler: 'x'.repeat(24 * 1024 * 1024)}, secret, 'large');
	t.is(await usual.send(large), 202);
});

test('a slow body is cut off, and others are served meanwhile', async t => {
	const {receiver, send} = await given(t, {bodySeconds: 1});
	const slow = await raw(receiver.url);
	slow.socket.write(head('Content-Length: 5000'));
	const drip = setInterval(() => {
		slow.socket.write('x');
	}, 100);
	t.teardown(() => {
		clearInterval(drip);
	});
	t.is(await send(queued('meanwhile')), 202);
	t.regex(await slow.ended, /^(?:HTTP\/1\.1 (?:408|500) |$)/v);
});

test('a flood of bodies that never end takes two of them in memory, not all, and a good delivery comes through after it', async t => {
	const {receiver, send} = await given(t, {mostBytes: 100_000, bodySeconds: 2});
	const flood = await Promise.all(Array.from({length: 50}, async () => {
		const one = await raw(receiver.url);
		one.socket.write(head('Content-Length: 100000'));
		one.socket.write('x'.repeat(90_000));
		return one;
	}));
	const answers = await Promise.all(flood.map(async ({ended}) => ended));
	t.true(answers.filter(text => text.startsWith('HTTP/1.1 503')).length >= 40);
	t.is(await send(queued('after')), 202);
});

test('hundreds of forged deliveries: a good one among them is answered within a second', async t => {
	const {send, seen} = await given(t);
	const forged = Array.from({length: 300}, async (_, number) => send(queued(`forged ${number}`, 'another-secret-0123456789')).catch(() => 0));
	const before = performance.now();
	let status = 0;
	while (status !== 202) {
		status = await send(queued('good')).catch(() => 0); // More connections at once than it takes are closed.
		await pause(5);
	}

	t.true(performance.now() - before < 5000);
	await Promise.all(forged);
	t.is(seen.wakes, 1);
	t.deepEqual(seen.forged, [1], 'one line in the log for all of them');
});
