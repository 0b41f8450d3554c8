// Answers of both APIs with something broken in them, at random: nothing crashes, and nothing wrong is taken for the truth.
import test from 'ava';
import fc from 'fast-check';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import type {JobId, RunId} from '../../source/model/job.ts';
import type {RunnerId} from '../../source/model/runner.ts';
import type {ServerName} from '../../source/model/server-name.ts';
import {PortError} from '../../source/scaler/ports.ts';
import {answeringServer, type Answer} from '../support/answering-server.ts';
import {jobRow, runnerRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {page, serverRow} from '../support/hetzner-bodies.ts';

const repository = {owner: 'acme', name: 'widgets'};
const runs = {numRuns: 250};

// A place in a body, and what stands there instead; undefined: nothing does.
const anyPlace = fc.array(fc.nat(40), {minLength: 1, maxLength: 5});
const breakage = fc.record({place: anyPlace, instead: fc.option(fc.jsonValue(), {nil: undefined})});

function broken(value: unknown, place: readonly number[], instead: unknown): unknown {
	const [step, ...rest] = place;
	if (step === undefined || typeof value !== 'object' || value === null) {
		return instead;
	}

	const entries: ReadonlyArray<readonly [string, unknown]> = Object.entries(value);
	const chosen = entries[step % Math.max(1, entries.length)];
	if (chosen === undefined) {
		return instead;
	}

	const changed = entries.flatMap(([key, inner]) => {
		const now = key === chosen[0] ? broken(inner, rest, instead) : inner;
		return now === undefined ? [] : [[key, now] as const];
	});
	return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

function rowsOf(body: unknown, key: string): readonly unknown[] {
	const rows: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, key) : undefined;
	return Array.isArray(rows) ? rows : [];
}

// Throws, so that fast-check shrinks the case.
function must(isSo: boolean, text: string): void {
	if (!isSo) {
		throw new Error(text);
	}
}

const field = (value: unknown, name: string): unknown => typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const isId = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

async function outcome<Value>(promise: Promise<Value>): Promise<Value | undefined> {
	try {
		return await promise;
	} catch (error) {
		if (error instanceof PortError) {
			return undefined;
		}

		throw error;
	}
}

async function withServer(body: {now: Answer}): Promise<{readonly url: string; readonly close: () => Promise<void>}> {
	return answeringServer(() => body.now);
}

test('servers: each of ours is read, or is a gap; nobody else\'s is', async t => {
	const body: {now: Answer} = {now: {}};
	const {url, close} = await withServer(body);
	const foreign = serverRow(3, 'prod-db', {labels: {team: 'data'}});
	const good = page('servers', [serverRow(1, 'gh-actions-runner-7-70'), serverRow(2, 'gh-actions-runner-7-71'), foreign]);
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(breakage, async ({place, instead}) => {
		const hetzner = createHetzner({
			apiUrl: `${url}/v1`, token: 'x', repository, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock: handClock(),
		});
		const sent = broken(good, place, instead);
		body.now = {body: sent};
		const read = await outcome(hetzner.readServers(new AbortController().signal));
		const isReadable = (row: unknown) => isId(field(row, 'id')) && typeof field(row, 'labels') === 'object' && field(row, 'labels') !== null && !Array.isArray(field(row, 'labels'));
		const isOurs = (row: unknown) => field(field(row, 'labels'), 'managed-by') === 'hetzner-runners-tui' && field(field(row, 'labels'), 'github-owner') === 'acme' && field(field(row, 'labels'), 'github-repository') === 'widgets';
		const rows = rowsOf(sent, 'servers');
		const readable = rows.filter(row => isReadable(row));
		const lost = rows.filter(row => !isReadable(row) && (isOurs(row) || typeof field(row, 'labels') !== 'object'));
		const ours = new Set(readable.filter(row => isOurs(row)).map(row => field(row, 'id')));
		must(read === undefined || read.items.every(({id}) => ours.has(id)), 'a foreign server was read');
		must(read === undefined || [...ours].every(id => read.items.some(server => server.id === id) || rows.some(row => field(row, 'id') === id && !isOurs(row))), 'a server of ours is not there');
		must(read === undefined || lost.length === 0 || read.gaps.length > 0, 'a server that may be ours is missing, and nobody says so');
	}), runs));
	await close();
});

test('a server created or not: never taken for refused, never for another', async t => {
	const body: {now: Answer} = {now: {}};
	const {url, close} = await withServer(body);
	const good = {
		server: serverRow(1, 'gh-actions-runner-7-70'), action: {id: 5, status: 'running'}, next_actions: [], root_password: null,
	};
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(breakage, async ({place, instead}) => {
		const hetzner = createHetzner({
			apiUrl: `${url}/v1`, token: 'x', repository, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock: handClock(),
		});
		body.now = {status: 201, body: broken(good, place, instead)};
		const answer = await hetzner.createServer({
			name: 'gh-actions-runner-7-70' as ServerName, job: {id: 70 as JobId, runId: 7 as RunId}, runnerLabels: [], engineSet: 'one', placement: {
				serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
			},
		});
		must(answer.outcome === 'created' || answer.outcome === 'unknown', `taken for ${answer.outcome}`);
	}), runs));
	await close();
});

test('runners: each that has a name is there, and busy unless it says otherwise', async t => {
	const body: {now: Answer} = {now: {}};
	const {url, close} = await withServer(body);
	const good = {total_count: 2, runners: [runnerRow(1, 'one', {busy: true}), runnerRow(2, 'two')]};
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(breakage, async ({place, instead}) => {
		const github = createGitHub({
			apiUrl: url, token: 'x', repository, clock: handClock(), speed: 1_000_000,
		});
		const sent = broken(good, place, instead);
		body.now = {body: sent};
		const read = await outcome(github.readRunners(new AbortController().signal));
		const named = rowsOf(sent, 'runners').filter(row => isId(field(row, 'id')) && typeof field(row, 'name') === 'string' && field(row, 'name') !== '');
		must(read === undefined || new Set(named.map(row => field(row, 'id'))).size === read.items.length, 'a runner is missing');
		for (const runner of read?.items ?? []) {
			const row = named.findLast(candidate => field(candidate, 'id') === runner.id);
			must(runner.name === field(row, 'name') && (runner.isBusy || field(row, 'busy') === false), 'a runner is not as it was sent');
		}
	}), runs));
	await close();
});

test('jobs: a row that cannot be read makes the read partial', async t => {
	const jobs: {now: unknown} = {now: undefined};
	const list = {total_count: 1, workflow_runs: [{id: 7}]};
	const {url, close} = await answeringServer(({path}) => ({body: path.endsWith('/jobs') ? jobs.now : list}));
	const good = {total_count: 2, jobs: [jobRow(70, 7), jobRow(71, 7, {status: 'in_progress', runner_name: 'gh-actions-runner-7-71'})]};
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(breakage, async ({place, instead}) => {
		const github = createGitHub({
			apiUrl: url, token: 'x', repository, clock: handClock(), speed: 1_000_000,
		});
		const sent = broken(good, place, instead);
		jobs.now = sent;
		const read = await outcome(github.readJobs(new AbortController().signal));
		const ids = new Set(rowsOf(sent, 'jobs').map(row => field(row, 'id')));
		must(read === undefined || read.gaps.length > 0 || read.items.length === ids.size, 'a job is missing, and nobody says so');
	}), runs));
	await close();
});

test('removing a runner: only a 204 or a 404 says it is gone', async t => {
	const body: {now: Answer} = {now: {}};
	const {url, close} = await withServer(body);
	const statuses = fc.constantFrom(200, 204, 403, 404, 409, 422, 500, 502);
	await t.notThrowsAsync(fc.assert(fc.asyncProperty(statuses, fc.jsonValue(), async (status, said) => {
		const github = createGitHub({
			apiUrl: url, token: 'x', repository, clock: handClock(), speed: 1_000_000,
		});
		body.now = {status, ...(status !== 204 && {body: said})};
		const answer = await outcome(github.removeRunner(1 as RunnerId));
		const expected = status === 422 ? 'object' : (status < 400 || status === 404 ? 'string' : 'undefined');
		// Octokit cannot put such a number of a refusal into its error: no answer then, which decides nothing.
		const isLost = answer === undefined && status >= 400 && /\d{16}/v.test(JSON.stringify(said));
		must(isLost || typeof answer === expected, `${status} was taken for ${JSON.stringify(answer)}`);
	}), {numRuns: 150}));
	await close();
});
