import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import {PortError} from '../scaler/ports.ts';
import {
	appBody, installationBody, installationsBody, type Installation,
} from './app-answers.ts';
import type {Client} from './client.ts';
import type {Asked, Failure} from './errors.ts';
import {at} from './token-source.ts';

export type AppOf = {readonly appId: string; readonly installation: number | undefined; readonly repository: Repository};

const finding: Asked = {doing: 'looking for the GitHub App\'s installation', permission: 'Actions: read'};

/**
The installation that was named, else the one that has the repository. Throws PortError that says where the App is installed or given the
repository.
*/
export async function findInstallation(client: Client, app: AppOf): Promise<Installation> {
	const explain = (failure: Failure) => explainApp(failure, app);
	const answer = app.installation === undefined
		? await client.ask('GET /repos/{owner}/{repo}/installation', {}, finding, {expect: [404], explain})
		: await client.ask('GET /app/installations/{installation_id}', {installation_id: app.installation}, finding, {expect: [404], explain});
	if (answer.status === 404) {
		throw await notInstalled(client, app);
	}

	const parsed = installationBody.safeParse(answer.data);
	if (!parsed.success) {
		throw client.broken(finding, z.prettifyError(parsed.error).replaceAll('\n', ' '));
	}

	if (typeof parsed.data.suspended_at === 'string') {
		throw suspended(parsed.data.html_url);
	}

	return parsed.data;
}

/**
The App's name and page.
*/
export async function readApp(client: Client, app: AppOf): Promise<z.infer<typeof appBody>> {
	const {data} = await client.ask('GET /app', {}, {doing: 'reading the GitHub App', permission: 'Actions: read'}, {explain: failure => explainApp(failure, app)});
	return appBody.parse(data ?? {});
}

/**
The error for an App that GitHub does not find installed, in the words of what it is installed for.
*/
export async function notInstalled(client: Client, app: AppOf): Promise<PortError> {
	const {repository: {owner, name}, installation} = app;
	const {data} = await client.ask('GET /app/installations', {per_page: 100}, finding, {explain: failure => explainApp(failure, app)});
	const known = installationsBody.catch([]).parse(data);
	if (installation !== undefined) {
		const words = known.map(({id, account}) => `${id}${account === undefined || account === null ? '' : ` (${account.login})`}`).slice(0, 5).join(', ');
		return new PortError(`the GitHub App ${app.appId} has no installation ${installation}: ${words === '' ? 'it is installed nowhere' : `it has ${words}`}; check --github-app-installation, or leave it out`, {kind: 'notFound'});
	}

	const ofOwner = known.find(({account}) => account?.login.toLowerCase() === owner.toLowerCase());
	if (ofOwner !== undefined) {
		return typeof ofOwner.suspended_at === 'string' ? suspended(ofOwner.html_url) : withoutRepository(owner, name, ofOwner.html_url);
	}

	const {html_url: page, name: title} = await readApp(client, app);
	return new PortError(`the GitHub App "${title}" is not installed for ${owner}: install it, with ${name},${page === undefined ? ' by "Install App" on its page' : ` at ${page}/installations/new`}`, {kind: 'notFound'});
}

/**
The installation does not have the repository, or no longer.
*/
export function withoutRepository(owner: string, name: string, page: string | undefined): PortError {
	return new PortError(`the installation of the GitHub App does not include ${owner}/${name}: add it under "Repository access"${at(page)}`, {kind: 'notFound'});
}

function suspended(page: string | undefined): PortError {
	return new PortError(`the installation of the GitHub App is suspended: an owner of the account lifts that by "Unsuspend"${at(page)}`, {kind: 'refused'});
}

/**
What GitHub means when it refuses the App itself; undefined when that is not what it does. A wrong App ID and a foreign key are answered
alike (octokit/auth-app.js#375).
*/
export function explainApp({status, message}: Failure, {appId}: AppOf, page?: string): PortError | undefined {
	if (/suspended/iv.test(message) && status === 403) {
		return suspended(page);
	}

	if (status === 401 && /\bclaim\b/v.test(message)) {
		return new PortError(`GitHub takes the time in the GitHub App's signature for wrong (401 ${message}), though it was set by GitHub's own clock: look at the proxy between this machine and GitHub`, {kind: 'refused'});
	}

	return status === 401 || (status === 404 && /integration/iv.test(message))
		? new PortError(`GitHub does not know that key of the GitHub App ${appId} (${status} ${message}): --github-app-id and --github-app-key-file do not belong together, or the key was deleted on the App's page, where a new one is made`, {kind: 'refused'})
		: undefined;
}
