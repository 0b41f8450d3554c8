import * as z from 'zod';
import {apiTime} from '../api-clock.ts';
import {findJob, listedRunners} from '../github-views.ts';
import {offeredDownloads} from '../runner-downloads.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply, Route} from './message.ts';
import {
	dated,
	jobBody,
	repositoryBody,
	repositoryId,
	runnerBody,
	type Place,
} from './github-bodies.ts';
import {
	list,
	notFound,
	ok,
	type Row,
} from './github-lists.ts';
import {runRows} from './github-run-routes.ts';

// Paths below /repos/{owner}/{repo}.
const rows: readonly Row[] = [
	['GET', /^$/v, 'repository', place => ok(repositoryBody(place))],
	['GET', /^\/actions\/permissions\/fork-pr-contributor-approval$/v, 'forkApproval', ({world}) => ok({approval_policy: world.parameters.forks.approvalPolicy})],
	['GET', /^\/actions\/permissions\/fork-pr-workflows-private-repos$/v, 'forkWorkflows', ({world}) => world.parameters.repositoryIs.private
		? ok({
			run_workflows_from_fork_pull_requests: world.parameters.forks.run, send_write_tokens_to_workflows: false, send_secrets_and_variables: false, require_approval_for_fork_pr_workflows: world.parameters.forks.wait,
		})
		: notFound()],
	['GET', /^\/actions\/permissions$/v, 'actionsPermissions', ({world}) => ok({enabled: world.parameters.repositoryIs.withActions, allowed_actions: 'all', sha_pinning_required: false})],
	...runRows,
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
	['GET', /^\/actions\/runners\/deprecations\/(?<id>[\d.]+)$/v, 'deprecation', ({world}, _incoming, id) => id === world.parameters.runnerVersion
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

	const asked = incoming.method === 'HEAD' ? 'GET' : incoming.method;
	for (const [method, path, operation, handler] of rows) {
		const match = path.exec(parts.rest ?? '');
		if (method === asked && match !== null) {
			const id = match.groups?.id ?? '';
			return {
				api: 'github', operation, subject: id === '' ? undefined : id, isRead: asked === 'GET', answer: () => moved(world, incoming, parts.rest ?? '') ?? handler(place, incoming, id),
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
	if (!incoming.path.startsWith('/repos/') || world.faults.trigger('moved', () => true) === undefined) {
		return undefined;
	}

	const query = incoming.query.toString();
	const location = `${incoming.origin}/repositories/${repositoryId}${rest}${query === '' ? '' : `?${query}`}`;
	return {status: ['GET', 'HEAD'].includes(incoming.method) ? 301 : 307, headers: {location}, body: {message: 'Moved Permanently', url: location, documentation_url: 'https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects'}};
}

function tokenReply(place: Place): Reply {
	const {token, expiresAt} = place.world.github.registrationToken();
	return {status: 201, body: {token, expires_at: dated(place, expiresAt)}};
}

const jitRequest = z.object({
	name: z.string().min(1).max(64), runner_group_id: z.number(), labels: z.array(z.string().min(1).max(256)).min(1).max(100), work_folder: z.string().optional(),
});

function jitConfig(place: Place, incoming: Incoming): Reply {
	if (!place.world.parameters.githubHasJit) {
		return notFound();
	}

	const parsed = jitRequest.safeParse(incoming.body);
	if (!parsed.success) {
		const given = z.record(z.string(), z.unknown()).safeParse(incoming.body).data ?? {};
		const missing = ['name', 'runner_group_id', 'labels'].find(key => given[key] === undefined);
		return {status: 422, body: {message: missing === undefined ? 'Validation Failed' : `Invalid request.\n\nobject is missing required key: ${missing}`, documentation_url: 'https://docs.github.com/rest', status: '422'}};
	}

	const {name, labels, runner_group_id: groupId} = parsed.data;
	const answer = place.world.github.jitConfig({name, labels, groupId});
	switch (answer) {
		case 'noEndpoint':
		case 'noGroup': {
			return notFound();
		}

		case 'hostedGroup': {
			return {status: 403, body: {message: 'Cannot add a self-hosted runner to this runner group.', documentation_url: 'https://docs.github.com/rest', status: '403'}};
		}

		case 'taken': {
			return {status: 409, body: {message: `Already exists - A runner with the name ${name} already exists.`, documentation_url: 'https://docs.github.com/rest', status: '409'}};
		}

		default: {
			return {status: 201, body: {runner: runnerBody(place, answer.runner), encoded_jit_config: answer.config}};
		}
	}
}

function rateLimit(world: World): Reply {
	if (!world.parameters.githubHasLimits) {
		return {status: 404, body: {message: 'Rate limiting is not enabled.', documentation_url: 'https://docs.github.com/rest/rate-limit', status: '404'}};
	}

	const {limit, remaining, resetAt} = world.pipeline.limitOf('github');
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
