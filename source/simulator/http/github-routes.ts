import {Buffer} from 'node:buffer';
import * as z from 'zod';
import {apiTime} from '../api-clock.ts';
import type {RequestName} from '../gate.ts';
import {
	findJob,
	listedJobs,
	listedRunners,
	listedRuns,
	runConclusion,
} from '../github-views.ts';
import {offeredDownloads} from '../runner-downloads.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply, Route} from './api.ts';
import {
	dated,
	jobBody,
	repositoryBody,
	repositoryId,
	runBody,
	runnerBody,
	workflowBody,
	workflowId,
	type Place,
} from './github-bodies.ts';
import {pageOf} from './paging.ts';

/**
What GitHub says to what it does not know, or does not let one know.
*/
export function notFound(): Reply {
	return {status: 404, body: {message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404'}};
}

type Handler = (place: Place, incoming: Incoming, id: string) => Reply;
type Row = readonly [method: string, path: RegExp, operation: RequestName['operation'], handler: Handler];

// Paths below /repos/{owner}/{repo}.
const rows: readonly Row[] = [
	['GET', /^$/v, 'repository', place => ok(repositoryBody(place))],
	['GET', /^\/actions\/permissions$/v, 'actionsPermissions', ({world}) => ok({enabled: world.knobs.repositoryIs.withActions, allowed_actions: 'all', sha_pinning_required: false})],
	['GET', /^\/actions\/runs$/v, 'listRuns', ({world, origin}, incoming) => {
		const runs = listedRuns(world, incoming.query.get('status') ?? undefined);
		return list(world, incoming, 'workflow_runs', runs, run => runBody({world, origin}, run), incoming.query.has('status') ? world.knobs.runsListed : Infinity);
	}],
	['GET', /^\/actions\/runs\/(?<id>\d+)$/v, 'readRun', (place, _incoming, id) => withRun(place.world, id, run => ok(runBody(place, run)))],
	['GET', /^\/actions\/runs\/(?<id>\d+)(?:\/attempts\/1)?\/jobs$/v, 'listJobs', (place, incoming, id) =>
		withRun(place.world, id, run => list(place.world, incoming, 'jobs', listedJobs(place.world, run), job => jobBody(place, job)))],
	['POST', /^\/actions\/runs\/(?<id>\d+)\/(?:force-)?cancel$/v, 'cancelRun', (place, _incoming, id) => withRun(place.world, id, run => {
		if (runConclusion(place.world, run) !== undefined) {
			return {status: 409, body: {message: 'Cannot cancel a workflow run that is completed.', status: '409'}};
		}

		place.world.github.cancelRun(run);
		return {status: 202, body: {}};
	})],
	['GET', /^\/actions\/jobs\/(?<id>\d+)$/v, 'readJob', (place, _incoming, id) => {
		const job = findJob(place.world, Number(id));
		return job === undefined ? notFound() : ok(jobBody(place, job));
	}],
	['GET', /^\/actions\/runners$/v, 'listRunners', (place, incoming) =>
		list(place.world, incoming, 'runners', listedRunners(place.world, incoming.query.get('name') ?? undefined), runner => runnerBody(place, runner))],
	['GET', /^\/actions\/runners\/downloads$/v, 'downloads', ({world}) => ok(offeredDownloads(world.faults).map(({os, architecture, filename, url, sha256}) => ({
		os, architecture, filename, download_url: url, sha256_checksum: sha256,
	})))],
	['POST', /^\/actions\/runners\/registration-token$/v, 'registrationToken', place => tokenReply(place)],
	['POST', /^\/actions\/runners\/remove-token$/v, 'removeToken', place => tokenReply(place)],
	['POST', /^\/actions\/runners\/generate-jitconfig$/v, 'jitConfig', (place, incoming) => jitConfig(place, incoming)],
	['GET', /^\/actions\/runners\/deprecations\/(?<id>[\d.]+)$/v, 'deprecation', ({world}, _incoming, id) => id === world.knobs.runnerVersion
		? ok({runner_version: id, runtime_deprecates_at: null, registration_deprecates_at: null})
		: notFound()],
	['GET', /^\/actions\/runners\/(?<id>\d+)$/v, 'readRunner', (place, _incoming, id) => {
		const runner = place.world.github.runners.get(Number(id));
		return runner === undefined ? notFound() : ok(runnerBody(place, runner));
	}],
	['DELETE', /^\/actions\/runners\/(?<id>\d+)$/v, 'removeRunner', ({world}, _incoming, id) => {
		const answer = world.github.removeRunner(Number(id));
		return answer === 'removed' ? {status: 204} : (answer === 'gone' ? notFound() : {status: 422, body: {message: answer.busy, documentation_url: 'https://docs.github.com/rest', status: '422'}});
	}],
	['GET', /^\/actions\/workflows$/v, 'listWorkflows', (place, incoming) =>
		list(place.world, incoming, 'workflows', [...new Set(place.world.github.runs.map(run => run.workflow))], workflow => workflowBody(place, workflow))],
	['GET', /^\/actions\/workflows\/(?<id>\d+)$/v, 'listWorkflows', (place, _incoming, id) => {
		const run = place.world.github.runs.find(candidate => workflowId(candidate.workflow) === Number(id));
		return run === undefined ? notFound() : ok(workflowBody(place, run.workflow));
	}],
];

/**
The route of a request; undefined when GitHub has none, or the repository is not the one.
*/
export function githubRoute(world: World, incoming: Incoming): Route | undefined {
	const place = {world, origin: incoming.origin};
	if (incoming.path === '/rate_limit') {
		return {
			api: 'github', operation: 'rateLimit', isRead: true, answer: () => rateLimit(world),
		};
	}

	const {owner, name} = world.repository;
	const parts = /^\/repos\/(?<owner>[^\/]+)\/(?<name>[^\/]+)(?<rest>\/.*)?$/v.exec(byName(world, incoming.path))?.groups;
	if (parts?.owner?.toLowerCase() !== owner.toLowerCase() || parts.name?.toLowerCase() !== name.toLowerCase()) {
		return undefined;
	}

	for (const [method, path, operation, handler] of rows) {
		const match = path.exec(parts.rest ?? '');
		if (method === incoming.method && match !== null) {
			const id = match.groups?.id ?? '';
			return {
				api: 'github', operation, subject: id === '' ? undefined : id, isRead: method === 'GET', answer: () => moved(world, incoming, parts.rest ?? '') ?? handler(place, incoming, id),
			};
		}
	}

	return undefined;
}

function byName({repository: {owner, name}}: World, path: string): string {
	const byNumber = `/repositories/${repositoryId}`;
	return path === byNumber || path.startsWith(`${byNumber}/`) ? `/repos/${owner}/${name}${path.slice(byNumber.length)}` : path;
}

// A renamed repository: its old paths lead to its number, which does not change.
function moved(world: World, incoming: Incoming, rest: string): Reply | undefined {
	if (!incoming.path.startsWith('/repos/') || world.faults.strike('moved', () => true) === undefined) {
		return undefined;
	}

	const query = incoming.query.toString();
	const location = `${incoming.origin}/repositories/${repositoryId}${rest}${query === '' ? '' : `?${query}`}`;
	return {status: incoming.method === 'GET' ? 301 : 307, headers: {location}, body: {message: 'Moved Permanently', url: location, documentation_url: 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects'}};
}

function ok(body: unknown): Reply {
	return {status: 200, body};
}

function list<Item>(world: World, incoming: Incoming, name: string, items: readonly Item[], bodyOf: (item: Item) => unknown, most = Infinity): Reply {
	const page = pageOf(incoming, items.slice(0, most), {usual: 30, most: world.knobs.rowsPerPage});
	return {
		status: 200,
		rows: page.items.length,
		body: {total_count: items.length, [name]: page.items.map(item => bodyOf(item))},
		headers: page.link === undefined ? {} : {link: page.link},
	};
}

function withRun(world: World, id: string, answer: (run: World['github']['runs'][number]) => Reply): Reply {
	const run = world.github.runs.find(candidate => candidate.isBorn && candidate.id === Number(id));
	return run === undefined ? notFound() : answer(run);
}

function tokenReply(place: Place): Reply {
	const {token, expiresAt} = place.world.github.registrationToken();
	return {status: 201, body: {token, expires_at: dated(place, expiresAt)}};
}

const jitRequest = z.object({
	name: z.string().min(1).max(64), runner_group_id: z.number(), labels: z.array(z.string()).min(1).max(100), work_folder: z.string().optional(),
});

function jitConfig(place: Place, incoming: Incoming): Reply {
	const parsed = jitRequest.safeParse(incoming.body);
	if (!parsed.success) {
		return {status: 422, body: {message: 'Validation Failed', errors: parsed.error.issues.map(issue => issue.message), status: '422'}};
	}

	const {name, labels, runner_group_id: group} = parsed.data;
	if (!place.world.knobs.runnerGroups.includes(group)) {
		return notFound();
	}

	if (listedRunners(place.world, name).length > 0) {
		return {status: 409, body: {message: `Already exists - A runner with the name ${name} already exists.`, status: '409'}};
	}

	const runner = place.world.github.addRunner({
		name, labels, architecture: labels.some(label => label.toLowerCase() === 'arm64') ? 'arm64' : 'x64', isJit: true,
	});
	return {status: 201, body: {runner: runnerBody(place, runner), encoded_jit_config: Buffer.from(JSON.stringify({runner: runner.id})).toString('base64')}};
}

function rateLimit(world: World): Reply {
	if (!world.knobs.githubHasLimits) {
		return {status: 404, body: {message: 'Rate limiting is not enabled.', documentation_url: 'https://docs.github.com/rest/rate-limit', status: '404'}};
	}

	const {limit, remaining, resetAt} = world.gate.limitOf('github');
	const core = {
		limit, remaining, used: limit - remaining, reset: Math.ceil(apiTime(world, 'github', resetAt) / 1000),
	};
	const other = (most: number) => ({
		...core, limit: most, remaining: most, used: 0,
	});
	return ok({
		resources: {
			core, search: other(30), graphql: other(5000), actions_runner_registration: other(10_000),
		}, rate: core,
	});
}
