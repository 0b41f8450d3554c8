// Every exchange of the real adapters with the simulator on a day, request and answer, judged by the vendors' own OpenAPI files.
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {engineHouse} from '../soak/engines.ts';
import {usualPolicy} from '../soak/live-day.ts';
import {liveBy} from '../soak/virtual-time.ts';
import {given, job} from '../../source/simulator/given.ts';
import type {Incoming} from '../../source/simulator/http/message.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import {isFinished} from '../../source/simulator/scenario.ts';
import {
	asNode,
	at,
	faultsOf,
	files,
	folder,
} from '../support/openapi.ts';

type Exchange = {readonly api: 'github' | 'hetzner'; readonly incoming: Incoming; readonly status: number; readonly body: unknown};

// A day with everything the adapters ask for: creations, labels written, refusals, an idle runner that is removed, deletions.
async function exchangesOfADay(): Promise<readonly Exchange[]> {
	const exchanges: Exchange[] = [];
	const {world, clock} = given({
		seed: 9, runs: [
			{workflow: 'ci', jobs: [{...job('one'), durationSeconds: 40}, {...job('two', 'server-cax11'), durationSeconds: 30}]},
			{workflow: 'given up', cancelAfterSeconds: 100, jobs: [job('nobody')]},
		], faults: [[{
			kind: 'pairRefused', serverType: 'cx23', form: 'placement',
		}, {forSeconds: 30}], [{kind: 'serverLimit', limit: 1}, {times: 1}]],
	});
	world.hetzner.addKey('simulated-key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl simulated');
	const house = engineHouse(world, usualPolicy, {
		isWired: true, tell() {/* Nobody reads it. */}, watch: (_engine, api, answer) => async incoming => {
			const answered = await answer(incoming);
			if (answered !== 'reset') {
				exchanges.push({
					api, incoming, status: answered.reply.status, body: answered.reply.body,
				});
			}

			return answered;
		},
	});
	const undo = liveBy(clock, fetchFrom(house.apis));
	const running = house.start(0);
	await clock.passUntil(() => {
		world.now();
		return isFinished(world);
	}, 3600);
	running.kill();
	undo();
	return exchanges;
}

function templateOf(spec: unknown, {incoming: {path: asked, method}}: Exchange): string | undefined {
	const plain = asked.replace(/^\/v1(?=\/)/v, '');
	// The plainest first: "runners/downloads" is not a runner of that number.
	const templates = Object.keys(asNode(asNode(spec).paths)).toSorted((a, b) => a.split('{').length - b.split('{').length);
	return templates.find(template => asNode(at(asNode(spec), ['paths', template]))[method.toLowerCase()] !== undefined
		&& new RegExp(`^${template.replaceAll(/\{\w+\}/gv, String.raw`[^\/]+`)}$`, 'v').test(plain));
}

function judge(t: ExecutionContext, api: Exchange['api'], exchanges: readonly Exchange[]): void {
	if (!existsSync(files[api])) {
		t.log(`No ${path.relative(folder, files[api])} on this machine: ${exchanges.length} exchanges with ${api} are counted, not judged.`);
		return;
	}

	const spec = asNode(JSON.parse(readFileSync(files[api], 'utf8')));
	const judged = new Map<string, number>();
	for (const exchange of exchanges) {
		const {incoming, status, body} = exchange;
		if (status === 304) {
			continue; // It is in GitHub's prose, not in its file.
		}

		const template = templateOf(spec, exchange);
		const name = `${incoming.method} ${template ?? incoming.path} ${status}`;
		t.truthy(template, `${name} is in no specification`);
		const operation = ['paths', template ?? '', incoming.method.toLowerCase()];
		const asked = at(spec, [...operation, 'requestBody', 'content', 'application/json', 'schema']);
		if (incoming.body !== undefined) {
			t.true(Object.keys(asked).length > 0, `${name} takes no body`);
			// A question whether a configuration would be made is put so that none is: by a request that GitHub refuses for its form.
			const isMeantToFail = status === 422 && incoming.path.endsWith('/generate-jitconfig');
			t.deepEqual(faultsOf(incoming.body, asked, spec, ''), isMeantToFail ? ['.runner_group_id is missing', '.labels is missing'] : [], `${name}, the request`);
			const known = Object.keys(asNode(asked.properties));
			t.deepEqual(known.length === 0 ? [] : Object.keys(asNode(incoming.body)).filter(key => !known.includes(key)), [], `${name}, fields that the API does not know`);
		}

		const responses = asNode(at(spec, [...operation, 'responses']));
		const answer = [String(status), `${Math.floor(status / 100)}xx`, `${Math.floor(status / 100)}XX`, 'default'].find(key => responses[key] !== undefined);
		t.truthy(answer, `${name} is no answer the specification has`);
		const schema = at(spec, [...operation, 'responses', answer ?? '', 'content', 'application/json', 'schema']);
		// The vendor's file still has "datacenter", which went on 2026-07-01.
		t.deepEqual(body === undefined ? [] : faultsOf(body, schema, spec, '').filter(fault => !fault.endsWith('.datacenter is missing')), [], name);
		judged.set(name, (judged.get(name) ?? 0) + 1);
	}

	t.log([...judged].map(([name, count]) => `${count} x ${name}`).join('\n'));
}

test.serial('every request and answer between the adapters and the simulator is as the vendors specify', async t => {
	const exchanges = await exchangesOfADay();
	const of = (api: Exchange['api']) => exchanges.filter(exchange => exchange.api === api);
	t.true(of('github').some(({incoming}) => incoming.method === 'DELETE'), 'a runner is removed');
	t.true(of('hetzner').some(({incoming}) => incoming.method === 'PUT'), 'labels are written');
	judge(t, 'hetzner', of('hetzner'));
	judge(t, 'github', of('github'));
});
