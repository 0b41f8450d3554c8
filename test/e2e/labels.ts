import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {instant} from '../../source/model/time.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import {images} from '../../source/simulator/catalogue.ts';
import type {CreateServer} from '../../source/simulator/hetzner-create.ts';
import type {SimulatedJob} from '../../source/simulator/github-jobs.ts';
import type {SetUpInput} from '../../source/simulator/host.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import type {World} from '../../source/simulator/world.ts';
import type {Settings} from '../../source/settings/read.ts';
import {serveEngine, type ServedEngine} from '../support/served-engine.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

// A workflow with every form of label that testflows' github-hetzner-runners reads (its README and scale_up.py at c236d1c), and with our own: each job runs on
// the server that its labels mean, over real HTTP and the real ssh. What was asked for is the body of POST /servers as the simulator got it.

type Expected = {
	/** The job's labels beside self-hosted. */
	readonly labels: readonly string[];
	/** "TYPE" or "TYPE@LOCATION": the creations asked for, each once, in the order of their first tries; the last one is the server. */
	readonly asked: readonly string[];
	/** The image's name or number. Default: the configured one. */
	readonly image?: string | number;
	readonly network?: 'ipv4' | 'ipv6';
	/** The simulator's servers answer at addresses of IPv4 only. */
	readonly isCreatedOnly?: true;
	/** Found in the scripts that the server is given. */
	readonly setup?: string;
	readonly startup?: string;
	/** Labels that the runner gets beside the job's. */
	readonly more?: readonly string[];
};

const imageNumber = (name: string, architecture: 'x86' | 'arm') => images.find(image => image.name === name && image.architecture === architecture)?.id ?? 0;
const golden = 400_000_999;

const served: readonly Expected[] = [
	{labels: ['type-cx33'], asked: ['cx33']},
	{labels: ['type-ccx13', 'type-cx43'], asked: ['ccx13', 'cx43']},
	{labels: ['type-ccx23-cpx32'], asked: ['ccx23', 'cpx32']},
	{labels: ['type-ccx33-cax21', 'in-nbg1-hel1'], asked: ['ccx33@nbg1', 'ccx33@hel1', 'cax21@nbg1']},
	{labels: ['Type-CPX42', 'In-HEL1', 'in-fsn1'], asked: ['cpx42@hel1']},
	{labels: ['in-nbg1'], asked: ['cx23@nbg1']},
	{labels: ['image-x86-system-debian-12'], asked: ['cx23'], image: imageNumber('debian-12', 'x86')},
	{labels: ['type-cax11', 'image-arm-system-ubuntu-22.04'], asked: ['cax11'], image: imageNumber('ubuntu-22.04', 'arm')},
	{labels: ['on-demand', 'type-cx53', 'image-x86-app-docker-ce'], asked: ['cx53'], image: imageNumber('docker-ce', 'x86')},
	{labels: ['image-x86-snapshot-golden image'], asked: ['cx23'], image: golden},
	{labels: ['net-ipv4'], asked: ['cx23'], network: 'ipv4'},
	{
		labels: ['net-ipv6'], asked: ['cx23'], network: 'ipv6', isCreatedOnly: true,
	},
	{labels: ['setup-docker'], asked: ['cx23'], setup: 'echo setup of docker'},
	{labels: ['startup-slow'], asked: ['cx23'], startup: 'echo startup of slow'},
	{labels: ['recycle-docker', 'type-cpx22'], asked: ['cpx22']},
	{labels: ['big'], asked: ['cx53@fsn1'], more: ['type-cx53', 'in-fsn1']},
	{labels: ['cpu-4', 'ram-16', 'disk-80', 'arch-arm64'], asked: ['cax31']},
	{labels: ['cpu-3', 'ram-6'], asked: ['cx33']},
	{labels: ['server-cpx32'], asked: ['cpx32']},
	{labels: ['gpu-not-ours'], asked: ['cx23']},
];

const refused: ReadonlyArray<readonly [label: string, why: string]> = [
	['volume-cache-20GB', 'volume'],
	['setup-none-such', 'unknownScript'],
	['image-builder', 'malformed'],
	['image-x86-app-none-such', 'noImage'],
	['type-cx11', 'unknownType'],
	['in-mars', 'unknownLocation'],
];

// With a prefix, only labels that begin with it mean anything; composites and meta labels too (github-hetzner-runners forgets it for these).
const prefixed: readonly Expected[] = [
	{labels: ['ci-type-ccx13-cx33', 'ci-in-nbg1'], asked: ['ccx13@nbg1', 'cx33@nbg1']},
	{labels: ['type-cx53', 'in-hel1'], asked: ['cx23']},
	{
		labels: ['ci-image-x86-system-debian-12', 'ci-net-ipv4', 'ci-setup-docker'], asked: ['cx23'], image: imageNumber('debian-12', 'x86'), network: 'ipv4', setup: 'echo setup of docker',
	},
	{labels: ['big'], asked: ['cx43@hel1'], more: ['ci-type-cx43', 'ci-in-hel1']},
	{labels: ['ci-cpu-8', 'ci-arch-amd64'], asked: ['cx43']},
	{labels: ['ARM64'], asked: ['cax11']}, // GitHub's own label needs no prefix, and server-TYPE of earlier versions neither.
	{labels: ['server-cpx32'], asked: ['cpx32']},
	{labels: ['ci-volume-cache-20GB', 'ci-type-cx33'], asked: ['cx33']},
];

type Served = {readonly day: ServedEngine; readonly asked: readonly CreateServer[]; readonly setUps: ReadonlyMap<string, SetUpInput>; readonly jobs: readonly SimulatedJob[]};

async function serveLabels(sets: ReadonlyArray<readonly string[]>, settings: Partial<Settings>): Promise<Served> {
	const asked: CreateServer[] = [];
	const setUps = new Map<string, SetUpInput>();
	const scripts = temporaryFolder('scripts');
	writeFileSync(path.join(scripts, 'docker.sh'), '#!/bin/bash\necho setup of docker\n');
	writeFileSync(path.join(scripts, 'slow.sh'), '#!/bin/bash\necho startup of slow\n');
	let jobs: readonly SimulatedJob[] = [];
	const day = await serveEngine(world => {
		quietScenario(world);
		for (const serverType of ['ccx13', 'ccx23', 'ccx33']) {
			world.faults.inject({kind: 'pairRefused', serverType, form: 'placement'}); // So that the next choice is tried.
		}

		listen(world, asked, setUps);
		const [base] = images;
		if (base !== undefined) {
			world.hetzner.snapshots.push({
				...base, id: golden, name: '', of: {id: 1, name: 'maker'}, createdAt: instant(0), description: 'Golden Image', labels: {}, isReady: true,
			});
		}

		({jobs} = world.addRun({jobs: sets.map((labels, index) => ({name: `job ${index}`, labels: ['self-hosted', ...labels], durationSeconds: 20}))}));
	}, {}, {
		scripts, maxServerReadyTime: 3600, maxSetupTime: 3600, maxRunnerRegistrationTime: 3600, ...settings, // A busy machine is not what is tested.
	});
	return {
		day, asked, setUps, jobs,
	};
}

// Notes what comes in at the simulator's two doors.
function listen({hetzner}: World, asked: CreateServer[], setUps: Map<string, SetUpInput>): void {
	const {createServer, startSetUp} = hetzner;
	Object.assign(hetzner, {
		createServer(request: CreateServer) {
			asked.push(request);
			return createServer(request);
		},
		startSetUp(...[server, input]: Parameters<typeof startSetUp>) {
			setUps.set(server.name, input);
			return startSetUp(server, input);
		},
	});
}

const requestsFor = (asked: readonly CreateServer[], job: SimulatedJob | undefined) => asked.filter(({name}) => name.endsWith(`-${job?.id ?? ''}`));

async function everyJobRuns(t: ExecutionContext, {day, asked, setUps, jobs}: Served, expectations: readonly Expected[]): Promise<void> {
	const {world} = day;
	const wanted = jobs.slice(0, expectations.length);
	await day.wait('the jobs have run, and the server of each other one is asked for', () => {
		world.now();
		return wanted.every((job, index) => expectations[index]?.isCreatedOnly === true ? requestsFor(asked, job).length > 0 : job.actualState === 'completed');
	}, 1500);
	for (const [index, {labels, more = [], ...expected}] of expectations.entries()) {
		const job = jobs[index];
		const what = labels.join(' ');
		const requests = requestsFor(asked, job);
		// At this speed, a refused pair may be due again before the next choice is.
		t.deepEqual([...new Set(requests.map(({server_type: type, location}) => location === undefined ? String(type) : `${type}@${location}`))], expected.asked, what);
		const request = requests.at(-1);
		t.is(request?.image, expected.image ?? 'ubuntu-24.04', what);
		t.like(request?.public_net, {enable_ipv4: expected.network !== 'ipv6', enable_ipv6: expected.network !== 'ipv4'}, what);
		if (expected.isCreatedOnly === true) {
			continue;
		}

		t.is(job?.conclusion, 'success', what);
		t.is(job?.runner?.name, request?.name, `${what}: runs on its own server`);

		const server = [...world.hetzner.servers.values(), ...world.hetzner.gone].find(({name}) => name === request?.name);
		const {environment, scripts} = setUps.get(request?.name ?? '') ?? {};
		t.is(server?.type.name, String(request?.server_type), what);
		t.like(environment, {
			SERVER_ID: String(server?.id), SERVER_NAME: server?.name, SERVER_TYPE_NAME: server?.type.name, SERVER_LOCATION_NAME: server?.location, CACHE_DIR: '',
		}, what);
		t.deepEqual(environment?.GITHUB_RUNNER_LABELS?.split(','), ['self-hosted', ...labels, ...more], what);
		t.is(scripts?.setup.includes('echo setup of docker'), expected.setup !== undefined, what);
		t.is(scripts?.startup.includes('echo startup of slow'), expected.startup !== undefined, what);
	}
}

test('each form of label gets the server that it asks for, and the job runs there; what cannot be served says why and costs nothing', async t => {
	const one = await serveLabels([...served.map(({labels}) => labels), ...refused.map(([label]) => [label])], {metaLabel: ['big=type-cx53,in-fsn1']});
	t.teardown(one.day.end);
	await everyJobRuns(t, one, served);
	const verdicts = new Map([...one.day.engine.state().jobVerdicts].map(([id, verdict]) => [Number(id), verdict]));
	for (const [index, [label, why]] of refused.entries()) {
		const {id = 0, actualState} = one.jobs[served.length + index] ?? {};
		const verdict = verdicts.get(id);
		t.is(actualState, 'queued', label);
		t.like(verdict, {code: 'unservable', fault: {why}}, label);
		t.deepEqual(requestsFor(one.asked, one.jobs[served.length + index]), [], label);
	}

	t.like(auditWorld(one.day.world), {jobsKilled: 0, foreignTouched: 0, serversCreated: served.length});
});

test('with a prefix only labels that begin with it ask for anything, composites and meta labels too; volumes are left out when that is said', async t => {
	const one = await serveLabels(prefixed.map(({labels}) => labels), {labelPrefix: 'ci', metaLabel: ['big=ci-type-cx43,ci-in-hel1'], ignoreVolumeLabels: true});
	t.teardown(one.day.end);
	await everyJobRuns(t, one, prefixed);
	t.like(auditWorld(one.day.world), {jobsKilled: 0, foreignTouched: 0, serversCreated: prefixed.length});
});
