// Whatever comes in from outside, at random and slightly wrong: nothing may crash, act, or stay in memory. Each target takes a count and
// answers what went wrong.
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {Agent, request as httpRequest} from 'node:http';
import path from 'node:path';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {serveRemote} from '../../source/remote/server.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {parseSetUpStream} from '../../source/simulator/set-up-stream.ts';
import {openSettingsFile} from '../../source/settings/file.ts';
import {resolveSettings} from '../../source/settings/read.ts';
import {UsageError} from '../../source/settings/usage-error.ts';
import {isCounted, parseLine, splitLines} from '../../source/ssh/protocol.ts';
import {givenEngine} from './given-engine.ts';
import {handClock} from './hand-clock.ts';
import {page, serverRow} from './hetzner-bodies.ts';
import {oddText, seeded} from './seeded.ts';
import {temporaryFolder} from './temporary-folder.ts';

type Random = () => number;

/**
One target: `run` puts so many inputs through it. Answers a sentence for the first one that did harm, undefined when none did.
*/
export type FuzzTarget = {readonly name: string; readonly run: (count: number, seed: number) => Promise<string | undefined>};

function pick<Item>(random: Random, items: readonly Item[]): Item {
	return items[Math.floor(random() * items.length)]!;
}

/* A text of that kind with some of its characters gone, doubled or replaced. */
function bent(random: Random, text: string): string {
	const turns = 1 + Math.floor(random() * 4);
	let now = text;
	for (let turn = 0; turn < turns; turn++) {
		const at = Math.floor(random() * (now.length + 1));
		const cut = Math.floor(random() * 6);
		now = now.slice(0, at) + pick(random, ['', oddText(random, 6), '"', '{', ']', '\0', '\n', '9'.repeat(30), now.slice(at, at + 20)]) + now.slice(at + cut);
	}

	return now;
}

async function link(count: number, seed: number): Promise<string | undefined> {
	const random = seeded(seed);
	const day = givenEngine({jobs: []});
	await day.pass(20);
	let acts = 0;
	const act = async (): Promise<never> => {
		acts++;
		throw new Error('it acted');
	};

	const socketPath = path.join(temporaryFolder('fuzz'), 'engine.sock');
	const served = await serveRemote({
		controller: {
			...day.controller, readNow: () => undefined, setMode: act, deleteServers: act, keepServer: act,
		}, socketPath, about: {
			version: '1.0.0', repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	const bodies = ['{"mode":"nothing","by":{"name":"a"}}', '{"names":["nobody"],"by":{"name":"a"},"typed":{"$set":[]}}', '{"name":"nobody","seconds":60,"by":{"name":"a"}}', '[]', ''];
	const routes = ['/mode', '/delete-servers', '/keep-server', '/hello', '/scripts', '/read-now', '/%2e%2e/', '//', '/mode?x=1'];
	let wrong: string | undefined;
	for (let at = 0; at < count && wrong === undefined; at++) {
		const body = bent(random, pick(random, bodies));
		const to = pick(random, routes);
		try {
			const asked = httpRequest({
				socketPath, agent, method: pick(random, ['POST', 'POST', 'GET', 'PUT', 'DELETE']), path: to, headers: {'hetzner-runners-tui-version': pick(random, ['1.0.0', '1.0.0', '9', '']), 'content-length': new TextEncoder().encode(body).length},
			});
			asked.end(body);
			const [answer] = await once(asked, 'response') as [NodeJS.ReadableStream & {readonly statusCode: number}];
			answer.resume();
			await once(answer, 'end');
			if (answer.statusCode === 500) {
				wrong = `${to} ${JSON.stringify(body)} was answered with 500`;
			}
		} catch (error) {
			wrong = `${to} ${JSON.stringify(body)}: ${String(error)}`;
		}
	}

	agent.destroy();
	await served.close();
	await day.end();
	return acts > 0 ? `${acts} requests acted` : wrong;
}

async function setUpStream(count: number, seed: number): Promise<string | undefined> {
	const random = seeded(seed);
	const lines = ['@answered fresh 1795521600 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGQ3', '@answered resumed 1', '@step setup', '| text', '@ended startup 0 1795521600', 'A=\'1\'', String.raw`export B='x'\''y'`, 'hrt_start </dev/null'];
	let pending = '';
	for (let at = 0; at < count; at++) {
		const chunk = `${bent(random, pick(random, lines))}${random() < 0.8 ? '\n' : ''}`;
		const split = splitLines(pending, chunk);
		({pending} = split);
		for (const line of split.lines) {
			const parsed = parseLine(line);
			if (parsed.line === 'answered' && parsed.hostKey !== undefined && !/^[\-0-9a-z]+ [+\/0-9A-Za-z]+=*$/v.test(parsed.hostKey)) {
				return `${JSON.stringify(line)} gives a host key that is more than one`;
			}

			if (isCounted(line) && line.length > 8192) {
				return 'a line grew beyond its limit';
			}
		}

		parseSetUpStream(chunk.repeat(2));
	}

	return pending.length > 8192 ? 'what is pending grew beyond its limit' : undefined;
}

const repository = {owner: 'acme', name: 'widgets'};
const wholeServers = JSON.stringify(page('servers', [serverRow(1, 'gh-actions-runner-7-70'), serverRow(2, '../../x')]));
const wholeRunners = JSON.stringify({
	total_count: 1, runners: [{
		id: 7, name: 'gh-actions-runner-7-70', os: 'linux', status: 'online', busy: false, labels: [{name: 'self-hosted'}],
	}],
});
// The adapters wait between requests, and wait longer after a failure: that many pairs of them side by side spend that time together.
const apiLanes = 100;

async function apiBodies(count: number, seed: number): Promise<string | undefined> {
	const lanes = Array.from({length: apiLanes}, async (_, lane) => apiLane(Math.floor((count + lane) / apiLanes), seeded(seed + lane)));
	return (await Promise.all(lanes)).find(wrong => wrong !== undefined);
}

async function apiLane(count: number, random: Random): Promise<string | undefined> {
	const {signal} = new AbortController();
	let now: {readonly raw?: string; readonly status?: number} = {};
	const headers = () => ({'content-type': 'application/json', date: new Date().toUTCString()});
	const answer: typeof fetch = async () => new Response(now.raw, {status: now.status ?? 200, headers: headers()});
	const common = {token: 'x', repository, fetch: answer};
	const open = () => {
		const clock = handClock();
		return {
			hetzner: createHetzner({
				...common, apiUrl: 'http://127.0.0.1/v1', sshKeyName: 'laptop', image: 'ubuntu-24.04', clock,
			}),
			github: createGitHub({
				...common, apiUrl: 'http://127.0.0.1', clock, speed: 1000,
			}),
		};
	};

	let adapters = open();
	for (let at = 0; at < count; at++) {
		adapters = at % 200 === 199 ? open() : adapters;
		const isHetzner = random() < 0.5;
		now = {raw: bent(random, isHetzner ? wholeServers : wholeRunners), status: pick(random, [200, 200, 200, 404, 422])};
		try {
			await (isHetzner ? adapters.hetzner.readServers(signal) : adapters.github.readRunners(signal));
		} catch (error) {
			if (!(error instanceof PortError)) {
				return `${JSON.stringify(now)}: ${String(error)}`;
			}
		}
	}

	return undefined;
}

async function settingsFiles(count: number, seed: number): Promise<string | undefined> {
	const random = seeded(seed);
	const file = path.join(temporaryFolder('fuzz'), 'config.json');
	const given = new Map([['settingsFile', {flag: '--settings-file', texts: [file]}]]);
	const whole = JSON.stringify({
		githubRepository: 'acme/widgets', maxRunners: 4, withLabel: ['a', 'b'], dryRun: true, maxSetupTime: 600, githubToken: 'x',
	});
	for (let at = 0; at < count; at++) {
		const text = bent(random, whole);
		writeFileSync(file, text);
		try {
			resolveSettings({flags: given, environment: {}, file: openSettingsFile(given)});
		} catch (error) {
			if (!(error instanceof UsageError) || error.message.split('\n').length > 3) {
				return `${JSON.stringify(text)}: ${String(error)}`;
			}
		}
	}

	return undefined;
}

export const fuzzTargets: readonly FuzzTarget[] = [
	{name: 'requests on the socket', run: link},
	{name: 'what a server says in its set-up', run: setUpStream},
	{name: 'answers of both APIs', run: apiBodies},
	{name: 'settings files', run: settingsFiles},
];
