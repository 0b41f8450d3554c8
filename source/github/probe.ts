import * as z from 'zod';
import {parseInstant, type Instant} from '../model/time.ts';
import {PortError} from '../scaler/ports.ts';
import {createClient, type ClientOptions} from './client.ts';
import type {Asked} from './errors.ts';

/**
What GitHub says of a token and its repository.
*/
export type RepositoryProbe = {
	/**
	The scopes of a classic token; undefined for other kinds, which have permissions that no answer lists.
	*/
	readonly scopes: readonly string[] | undefined;
	readonly tokenEnds: Instant | undefined;
	/**
	GitHub's clock, whole seconds, and ours when the answer came.
	*/
	readonly theirNow: Instant | undefined;
	readonly ourNow: Instant;
	readonly fullName: string;
	readonly isPrivate: boolean;
	readonly isArchived: boolean;
};

/**
Questions that change nothing, one for each right that the engine needs. All throw PortError with a sentence for people.
*/
export type GitHubProbe = {
	repository: () => Promise<RepositoryProbe>;
	/**
	What a repository that was once called so is called now; undefined when there is none, or this token may not see it.
	*/
	nameNow: (owner: string, name: string) => Promise<string | undefined>;
	/**
	Whether Actions are switched on; undefined when this token may not know.
	*/
	hasActions: () => Promise<boolean | undefined>;
	/**
	What a pull request from a fork may do without anybody's approval: `nothing`, `all` runs, or runs of those who have had one merged before (`known`) or whose
	account at GitHub is not new (`anyAccount`). Undefined when this token may not know, or GitHub says something else.
	*/
	forksMayRun: (isPrivate: boolean) => Promise<ForksMayRun | undefined>;
	readJobs: () => Promise<void>;
	/**
	Whether runners may be registered and removed: asked by a request that GitHub must find invalid once it has let it in.
	*/
	mayWrite: () => Promise<boolean>;
	/**
	When that version of the runner stops getting jobs; undefined when no end is announced or GitHub cannot say.
	*/
	runnerEnds: (version: string) => Promise<Instant | undefined>;
};

/**
See `forksMayRun`.
*/
export type ForksMayRun = 'nothing' | 'all' | 'known' | 'anyAccount';

// https://docs.github.com/en/rest/actions/permissions: "fork PR contributor approval" of public repositories, "private repo fork PR workflow settings".
const approvals: Readonly<Record<string, ForksMayRun>> = {all_external_contributors: 'nothing', first_time_contributors: 'known', first_time_contributors_new_to_github: 'anyAccount'};
const approvalBody = z.object({approval_policy: z.string()});
const privateForksBody = z.object({run_workflows_from_fork_pull_requests: z.boolean(), require_approval_for_fork_pr_workflows: z.boolean().catch(false)});

const repositoryBody = z.object({full_name: z.string(), private: z.boolean().catch(true), archived: z.boolean().catch(false)});
const deprecationBody = z.object({runtime_deprecates_at: z.string().nullish()});

/**
A probe with a client of its own.
*/
export function createGitHubProbe(options: ClientOptions): GitHubProbe {
	const client = createClient(options);
	const {clock} = options;
	return {
		async repository() {
			const asked: Asked = {doing: 'reading the repository', permission: 'Administration: read'};
			const {data, headers} = await client.ask('GET /repos/{owner}/{repo}', {}, asked);
			const parsed = repositoryBody.safeParse(data);
			if (!parsed.success) {
				throw client.broken(asked, z.prettifyError(parsed.error).replaceAll('\n', ' '));
			}

			const scopes = headers['x-oauth-scopes'];
			return {
				scopes: scopes === undefined ? undefined : String(scopes).split(',').map(scope => scope.trim()).filter(scope => scope !== ''),
				tokenEnds: parseInstant(String(headers['github-authentication-token-expiration'] ?? '').replace(' UTC', 'Z').replace(' ', 'T')),
				theirNow: parseInstant(String(headers.date ?? '')),
				ourNow: clock.now(),
				fullName: parsed.data.full_name,
				isPrivate: parsed.data.private,
				isArchived: parsed.data.archived,
			};
		},
		async nameNow(owner, repo) {
			const asked: Asked = {doing: `asking what ${owner}/${repo} is called now`, permission: 'Administration: read'};
			const {data, status} = await client.ask('GET /repos/{owner}/{repo}', {owner, repo}, asked, {expect: [301, 403, 404, 451]});
			return status === 200 ? z.object({full_name: z.string()}).safeParse(data).data?.full_name : undefined;
		},
		async hasActions() {
			const asked: Asked = {doing: 'asking whether Actions are on', permission: 'Administration: read'};
			const {data, status} = await client.ask('GET /repos/{owner}/{repo}/actions/permissions', {}, asked, {expect: [403, 404]});
			return status === 200 ? z.object({enabled: z.boolean()}).safeParse(data).data?.enabled : undefined;
		},
		async forksMayRun(isPrivate) {
			const asked: Asked = {doing: 'asking what pull requests from forks may run', permission: 'Administration: read'};
			const {data, status} = await (isPrivate
				? client.ask('GET /repos/{owner}/{repo}/actions/permissions/fork-pr-workflows-private-repos', {}, asked, {expect: [403, 404]})
				: client.ask('GET /repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval', {}, asked, {expect: [403, 404]}));
			if (status !== 200) {
				return undefined;
			}

			if (!isPrivate) {
				return approvals[approvalBody.safeParse(data).data?.approval_policy ?? ''];
			}

			const says = privateForksBody.safeParse(data).data;
			return says === undefined ? undefined : (says.run_workflows_from_fork_pull_requests && !says.require_approval_for_fork_pr_workflows ? 'all' : 'nothing');
		},
		async readJobs() {
			await client.ask('GET /repos/{owner}/{repo}/actions/runs', {per_page: 1}, {doing: 'reading queued runs', permission: 'Actions: read'});
		},
		async mayWrite() {
			const asked: Asked = {doing: 'asking for the right to register runners', permission: 'Administration: read and write'};
			try {
				await client.ask('POST /repos/{owner}/{repo}/actions/runners/generate-jitconfig', {name: ''}, asked, {expect: [400, 422]});
				return true;
			} catch (error) {
				if (error instanceof PortError && (error.kind === 'refused' || error.kind === 'notFound')) {
					return false;
				}

				throw error;
			}
		},
		async runnerEnds(version) {
			const asked: Asked = {doing: `asking how long runner ${version} lasts`, permission: 'Administration: read'};
			const {data, status} = await client.ask('GET /repos/{owner}/{repo}/actions/runners/deprecations/{version}', {version}, asked, {expect: [403, 404]});
			const ends = status === 200 ? deprecationBody.safeParse(data).data?.runtime_deprecates_at : undefined;
			return typeof ends === 'string' ? parseInstant(ends) : undefined;
		},
	};
}
