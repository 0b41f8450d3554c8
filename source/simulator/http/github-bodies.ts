import {createHash} from 'node:crypto';
import type {Instant} from '../../model/time.ts';
import type {SimulatedJob, SimulatedRun} from '../github-jobs.ts';
import {runConclusion, saidOf, statusOf} from '../github-views.ts';
import type {SimulatedRunner} from '../github-runners.ts';
import type {World} from '../world.ts';
import {apiTime} from '../api-clock.ts';
import {rfc3339} from './paging.ts';

/**
Everything that an answer's URLs are made of.
*/
export type Place = {readonly world: World; readonly origin: string};

/**
The number of the repository: it stays when the repository is renamed.
*/
export const repositoryId = 24_711;

function repositoryUrl({world, origin}: Place): string {
	return `${origin}/repos/${world.repository.owner}/${world.repository.name}`;
}

function pageUrl({world}: Place): string {
	return `https://github.com/${world.repository.owner}/${world.repository.name}`;
}

/**
A moment by GitHub's clock, as GitHub writes it.
*/
export function dated({world}: Place, at: Instant): string {
	return rfc3339(apiTime(world, 'github', at));
}

function shaOf(...parts: Array<string | number>): string {
	return createHash('sha1').update(JSON.stringify(parts)).digest('hex');
}

/**
A job as GitHub writes it. A queued one has no runner, and `started_at` is its creation.
*/
export function jobBody(place: Place, job: SimulatedJob) {
	const {status, runner} = saidOf(place.world, job);
	const isOver = status === 'completed';
	return {
		id: job.id,
		run_id: job.run.id,
		workflow_name: job.run.workflow,
		head_branch: job.run.branch,
		run_url: `${repositoryUrl(place)}/actions/runs/${job.run.id}`,
		run_attempt: job.run.attempt,
		node_id: `CR_${job.id.toString(36)}`,
		head_sha: shaOf(place.world.seed, job.run.id),
		url: `${repositoryUrl(place)}/actions/jobs/${job.id}`,
		html_url: `${pageUrl(place)}/actions/runs/${job.run.id}/job/${job.id}`,
		status,
		conclusion: isOver ? job.conclusion ?? null : null,
		created_at: dated(place, job.createdAt),
		started_at: dated(place, status === 'queued' ? job.createdAt : job.startedAt ?? job.createdAt),
		completed_at: isOver && job.endedAt !== undefined ? dated(place, job.endedAt) : null,
		name: job.name,
		steps: [],
		check_run_url: `${repositoryUrl(place)}/check-runs/${job.id}`,
		labels: job.labels,
		runner_id: runner?.id ?? null,
		runner_name: runner?.name ?? null,
		runner_group_id: runner === undefined ? null : (job.isHosted ? 0 : 1),
		runner_group_name: runner === undefined ? null : (job.isHosted ? 'GitHub Actions' : 'Default'),
	};
}

/**
A workflow run as GitHub writes it.
*/
export function runBody(place: Place, run: SimulatedRun) {
	const url = `${repositoryUrl(place)}/actions/runs/${run.id}`;
	const sha = shaOf(place.world.seed, run.id);
	const author = {name: 'Mona', email: 'mona@example.com'};
	return {
		id: run.id,
		name: run.workflow,
		node_id: `WFR_${run.id.toString(36)}`,
		head_branch: run.branch,
		head_sha: sha,
		path: `.github/workflows/${workflowFile(run.workflow)}`,
		display_title: `Work on ${run.branch}`,
		run_number: run.number,
		event: run.event,
		status: statusOf(place.world, run),
		conclusion: runConclusion(place.world, run) ?? null,
		workflow_id: workflowId(run.workflow),
		check_suite_id: run.id + 1,
		check_suite_node_id: `CS_${run.id.toString(36)}`,
		url,
		html_url: `${pageUrl(place)}/actions/runs/${run.id}`,
		pull_requests: [],
		created_at: dated(place, run.createdAt),
		updated_at: dated(place, run.updatedAt),
		actor: userBody(place),
		run_attempt: run.attempt,
		referenced_workflows: [],
		run_started_at: dated(place, run.createdAt),
		triggering_actor: userBody(place),
		jobs_url: `${url}/jobs`,
		logs_url: `${url}/logs`,
		check_suite_url: `${repositoryUrl(place)}/check-suites/${run.id + 1}`,
		artifacts_url: `${url}/artifacts`,
		cancel_url: `${url}/cancel`,
		rerun_url: `${url}/rerun`,
		previous_attempt_url: null,
		workflow_url: `${repositoryUrl(place)}/actions/workflows/${workflowId(run.workflow)}`,
		head_commit: {
			id: sha, tree_id: shaOf('tree', sha), message: `Work on ${run.branch}`, timestamp: dated(place, run.createdAt), author, committer: author,
		},
		repository: minimalRepositoryBody(place),
		head_repository: minimalRepositoryBody(place),
	};
}

/**
A runner as GitHub writes it.
*/
export function runnerBody({world}: Place, runner: SimulatedRunner) {
	const own = new Set(['self-hosted', 'linux', 'x64', 'arm64']);
	return {
		id: runner.id,
		name: runner.name,
		os: runner.isJit && runner.version === undefined ? 'unknown' : 'Linux',
		status: world.github.isSaidOnline(runner) ? 'online' : 'offline',
		busy: world.github.isSaidBusy(runner),
		ephemeral: runner.isEphemeral,
		version: runner.version ?? null,
		runner_group_id: 1,
		labels: runner.labels.map((name, index) => ({id: index + 1, name, type: own.has(name.toLowerCase()) ? 'read-only' : 'custom'})),
	};
}

/**
The name of the file that a workflow is in.
*/
export function workflowFile(workflow: string): string {
	return `${encodeURIComponent(workflow)}.yml`;
}

export function workflowId(workflow: string): number {
	return Number.parseInt(shaOf(workflow).slice(0, 7), 16);
}

/**
A workflow as GitHub writes it.
*/
export function workflowBody(place: Place, workflow: string) {
	const id = workflowId(workflow);
	return {
		id, node_id: `W_${id.toString(36)}`, name: workflow, path: `.github/workflows/${workflowFile(workflow)}`, state: 'active', created_at: '2026-01-05T08:00:00Z', updated_at: '2026-01-05T08:00:00Z', url: `${repositoryUrl(place)}/actions/workflows/${id}`, html_url: pageUrl(place), badge_url: pageUrl(place),
	};
}

/**
Who owns all that is there.
*/
export function userBody({world, origin}: Place) {
	const login = world.repository.owner;
	const url = `${origin}/users/${login}`;
	return {
		login, id: 4711, node_id: 'U_4711', avatar_url: '', gravatar_id: '', url, html_url: `https://github.com/${login}`, followers_url: `${url}/followers`, following_url: `${url}/following{/other_user}`, gists_url: `${url}/gists{/gist_id}`, starred_url: `${url}/starred{/owner}{/repo}`, subscriptions_url: `${url}/subscriptions`, organizations_url: `${url}/orgs`, repos_url: `${url}/repos`, events_url: `${url}/events{/privacy}`, received_events_url: `${url}/received_events`, type: 'User', site_admin: false,
	};
}

// The *_url fields that GitHub's own schema requires of a repository.
const repositoryParts = [
	'archive', 'assignees', 'blobs', 'branches', 'collaborators', 'comments', 'commits', 'compare', 'contents', 'contributors', 'deployments', 'downloads', 'events', 'forks', 'git_commits', 'git_refs', 'git_tags', 'issue_comment', 'issue_events', 'issues', 'keys', 'labels', 'languages', 'merges', 'milestones', 'notifications', 'pulls', 'releases', 'stargazers', 'statuses', 'subscribers', 'subscription', 'tags', 'teams', 'trees', 'hooks',
];

function minimalRepositoryBody(place: Place) {
	const {owner, name} = place.world.repository;
	const url = repositoryUrl(place);
	return {
		id: repositoryId, node_id: `R_${repositoryId}`, name, full_name: `${owner}/${name}`, owner: userBody(place), private: true, html_url: pageUrl(place), description: null, fork: false, url, ...Object.fromEntries(repositoryParts.map(part => [`${part}_url`, `${url}/${part}`])),
	};
}

// What GitHub's schema requires of a repository and nobody here looks at.
const plainRepository = {
	forks: 0, forks_count: 0, has_issues: true, has_downloads: true, has_projects: true, has_wiki: true, has_pages: false, has_discussions: false, homepage: null, language: null, mirror_url: null, open_issues: 0, open_issues_count: 0, license: null, size: 0, stargazers_count: 0, watchers: 0, watchers_count: 0, network_count: 0, subscribers_count: 0,
};

function urlsOf(place: Place) {
	const {owner, name} = place.world.repository;
	return {
		clone_url: `${pageUrl(place)}.git`, git_url: `git://github.com/${owner}/${name}.git`, ssh_url: `git@github.com:${owner}/${name}.git`, svn_url: pageUrl(place),
	};
}

/**
The repository as GitHub writes it.
*/
export function repositoryBody(place: Place) {
	return {
		...minimalRepositoryBody(place), ...plainRepository, ...urlsOf(place), default_branch: 'main', private: place.world.parameters.repositoryIs.private, archived: place.world.parameters.repositoryIs.archived, disabled: false, visibility: place.world.parameters.repositoryIs.private ? 'private' : 'public', permissions: {
			admin: true, maintain: true, push: true, triage: true, pull: true,
		}, created_at: '2026-01-05T08:00:00Z', updated_at: dated(place, place.world.now()), pushed_at: dated(place, place.world.now()),
	};
}
