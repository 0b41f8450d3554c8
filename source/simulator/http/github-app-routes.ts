import * as z from 'zod';
import type {World} from '../world.ts';
import {
	dated, repositoryBody, repositoryId, userBody, type Place,
} from './github-bodies.ts';
import {notFound, ok} from './github-lists.ts';
import type {Incoming, Reply, Route} from './message.ts';

const createdAt = '2026-02-02T08:00:00Z';

/**
What GitHub says to a request that comes as an App: with a JWT to the App's own paths, or with an installation's token. Undefined: it comes
with another token, or that token is let in.
*/
export function asApp(world: World, incoming: Incoming, token: string | undefined): Route | Reply | undefined {
	const route = appRoute(world, incoming);
	if (route !== undefined) {
		const fault = world.githubApp.jwtFault(token);
		return fault === undefined ? route : refusal(401, fault);
	}

	if (token?.startsWith('ghs_') !== true) {
		return undefined;
	}

	if (world.githubApp.tokenOf(token) === undefined) {
		return refusal(401, 'Bad credentials');
	}

	return world.faults.trigger('installationSuspended', () => true) === undefined ? undefined : refusal(403, suspended);
}

/**
Whether that token is one of the App's that GitHub takes.
*/
export function isAppToken(world: World, token: string | undefined): boolean {
	return token?.startsWith('ghs_') === true && world.githubApp.tokenOf(token) !== undefined;
}

const suspended = 'This installation has been suspended';

function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
	return {status, body: {message, documentation_url: 'https://docs.github.com/rest', status: String(status)}, headers};
}

// https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
const needs: Readonly<Record<string, string>> = {
	listRuns: 'actions=read', readRun: 'actions=read', listJobs: 'actions=read', readJob: 'actions=read', listWorkflows: 'actions=read', cancelRun: 'actions=write',
	listRunners: 'administration=read', readRunner: 'administration=read', downloads: 'administration=read', deprecation: 'administration=read', actionsPermissions: 'administration=read',
	forkApproval: 'administration=read', forkWorkflows: 'administration=read', removeRunner: 'administration=write', registrationToken: 'administration=write',
	removeToken: 'administration=write', jitConfig: 'administration=write', repository: 'metadata=read',
};

/**
The same route for who comes with fine-grained rights: every answer names what it takes, and who lacks it is refused.
*/
export function withRights(world: World, route: Route, token: string | undefined): Route {
	const need = needs[route.operation] ?? 'metadata=read';
	const [name = '', level] = need.split('=', 2);
	const ofApp = token?.startsWith('ghs_') === true;
	const answer = (): Reply => {
		const isLost = world.faults.trigger('permissionLost', fault => fault.permission === name || (fault.permission === need)) !== undefined;
		const held = ofApp ? world.githubApp.tokenOf(token)?.permissions[name] : 'write';
		const isHeld = !isLost && (held === level || held === 'write');
		if (ofApp && world.faults.trigger('installationNarrowed', () => true) !== undefined) {
			return notFound();
		}

		return isHeld ? route.answer() : refusal(403, `Resource not accessible by ${ofApp ? 'integration' : 'personal access token'}`);
	};

	return {
		...route,
		answer() {
			const reply = answer();
			const isFineGrained = ofApp || world.parameters.githubTokenHeaders['x-oauth-scopes'] === undefined;
			return isFineGrained ? {...reply, headers: {'x-accepted-github-permissions': need, ...reply.headers}} : reply;
		},
	};
}

function appRoute(world: World, incoming: Incoming): Route | undefined {
	const {githubApp: app, repository: {owner, name}, faults} = world;
	const place = {world, origin: incoming.origin};
	const isNarrowed = () => faults.trigger('installationNarrowed', () => true) !== undefined;
	const isGone = () => faults.trigger('installationGone', () => true) !== undefined;
	const of = (operation: string, answer: () => Reply): Route => ({
		api: 'github', operation, isRead: incoming.method === 'GET', answer,
	});
	const path = `${incoming.method} ${incoming.path}`;
	const id = /^(?:GET|POST) \/app\/installations\/(?<id>\d+)(?:\/access_tokens)?$/v.exec(path)?.groups?.id;
	const isIt = () => Number(id) === app.installationId && !isGone();
	if (path === 'GET /app') {
		return of('app', () => ok(appBody(place)));
	}

	if (path === 'GET /app/installations') {
		return of('appInstallations', () => ok(isGone() ? [] : [installationBody(place)]));
	}

	if (path.toLowerCase() === `get /repos/${owner}/${name}/installation`.toLowerCase()) {
		return of('appOfRepository', () => isGone() || isNarrowed() ? notFound() : ok(installationBody(place)));
	}

	if (id !== undefined) {
		return incoming.path.endsWith('/access_tokens')
			? (incoming.method === 'POST' ? of('appToken', () => isIt() ? mint(place, incoming, isNarrowed()) : notFound()) : undefined)
			: (incoming.method === 'GET' ? of('appInstallation', () => isIt() ? ok(installationBody(place)) : notFound()) : undefined);
	}

	return undefined;
}

const mintRequest = z.object({
	repositories: z.array(z.string()).optional(), repository_ids: z.array(z.number()).optional(), permissions: z.record(z.string(), z.string()).optional(),
});

function mint(place: Place, incoming: Incoming, isNarrowed: boolean): Reply {
	const {githubApp: app, faults, repository} = place.world;
	if (faults.trigger('installationSuspended', () => true) !== undefined) {
		return refusal(403, suspended);
	}

	const {repositories, repository_ids: ids, permissions} = mintRequest.catch({}).parse(incoming.body ?? {});
	const isAsked = repositories !== undefined || ids !== undefined;
	if (isAsked && (isNarrowed || repositories?.some(name => name.toLowerCase() !== repository.name.toLowerCase()) === true || ids?.some(id => id !== repositoryId) === true)) {
		return refusal(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.');
	}

	const held = app.permissions();
	if (Object.entries(permissions ?? {}).some(([name, level]) => held[name] !== level && held[name] !== 'write')) {
		return refusal(422, 'The permissions requested are not granted to this installation.');
	}

	const token = app.mint(permissions);
	return {
		status: 201, body: {
			token: token.text, expires_at: dated(place, token.endsAt), permissions: token.permissions, repository_selection: isAsked ? 'selected' : 'all',
			...isAsked && {repositories: [repositoryBody(place)]},
		},
	};
}

function appBody(place: Place) {
	const {githubApp: app} = place.world;
	return {
		id: app.id, slug: app.slug, node_id: 'A_1', client_id: app.clientId, owner: userBody(place), name: 'Simulated runners', description: '', external_url: 'https://example.com',
		html_url: `https://github.com/apps/${app.slug}`, created_at: createdAt, updated_at: createdAt, permissions: app.permissions(), events: [], installations_count: 1,
	};
}

function installationBody(place: Place) {
	const {world: {githubApp: app, faults}, origin} = place;
	const isSuspended = faults.trigger('installationSuspended', () => true) !== undefined;
	return {
		id: app.installationId, client_id: app.clientId, account: userBody(place), repository_selection: 'selected',
		access_tokens_url: `${origin}/app/installations/${app.installationId}/access_tokens`, repositories_url: `${origin}/installation/repositories`,
		html_url: `https://github.com/settings/installations/${app.installationId}`, app_id: app.id, app_slug: app.slug, target_id: 4711, target_type: 'User', permissions: app.permissions(),
		events: [], created_at: createdAt, updated_at: createdAt, single_file_name: null, suspended_by: isSuspended ? userBody(place) : null, suspended_at: isSuspended ? createdAt : null,
	};
}
