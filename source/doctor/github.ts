import type {AppFacts} from '../github/app-tokens.ts';
import {describePermission} from '../github/permissions.ts';
import {secondsBetween, formatDuration, type Instant} from '../model/time.ts';
import type {Repository} from '../model/job.ts';
import type {Budget} from '../scaler/ports.ts';
import {
	fault,
	ok,
	skipped,
	warning,
	type Finding,
} from './finding.ts';

/**
A token that ends within that time is warned of, seconds.
*/
const soonSeconds = 14 * 86_400;

/**
A skew that GitHub's and Hetzner's signed answers, and people who read logs,
still bear, seconds; and one that breaks TLS and every age that is shown.
*/
const skewSeconds = {warning: 10, fault: 120};

const kinds = [
	['github_pat_', 'a fine-grained token'],
	['ghp_', 'a classic token'],
	['ghs_', 'an app\'s installation token'],
	['gho_', 'an OAuth token'],
	['ghu_', 'an app\'s user token'],
] as const;

/**
What kind of token it is, by its beginning.
*/
function tokenKind(token: string): string {
	return kinds.find(([start]) => token.startsWith(start))?.[1] ?? 'a token of a kind that is not known';
}

/**
The page on which a token with the rights that are needed can be made.
*/
export function newTokenUrl(githubUrl: string): string {
	return `${githubUrl}/settings/personal-access-tokens/new?name=hetzner-runners-tui&actions=read&administration=write`;
}

/**
Kind, scopes and end of the token that GitHub has just accepted.
*/
export function judgeToken(token: string, facts: {readonly scopes: readonly string[] | undefined; readonly ends: Instant | undefined; readonly now: Instant}, githubUrl: string): readonly Finding[] {
	const {scopes, ends, now} = facts;
	const kind = tokenKind(token);
	const scoped = scopes === undefined || scopes.length === 0 ? kind : `${kind} with the scopes ${scopes.join(', ')}`;
	const todo = `make a new one at ${newTokenUrl(githubUrl)}`;
	const findings = [
		ends !== undefined && secondsBetween(now, ends) < soonSeconds ? [warning(`${scoped} ends in ${formatDuration(secondsBetween(now, ends))}`, todo)] : [],
		token.startsWith('ghs_') ? [warning(`${scoped} ends within an hour`, todo)] : [],
		scopes !== undefined && scopes.length > 0 && !scopes.includes('repo') ? [fault(`${scoped} lacks the scope repo`, `add it, or better make a fine-grained token: ${newTokenUrl(githubUrl)}`)] : [],
	].flat();
	const isBroad = scopes !== undefined && scopes.length > 0;
	return findings.length > 0
		? findings
		: [{
			...ok(`${scoped}, ${ends === undefined ? 'without an end' : `good for ${formatDuration(secondsBetween(now, ends))}`}`),
			...isBroad && {advice: `it may do what its owner may in every repository; a fine-grained token or a GitHub App (${newAppUrl(githubUrl)}) is bound to this one`},
		}];
}

/**
What the engine does with an App: each right is in use.
*/
const rights = {actions: 'read', administration: 'write', metadata: 'read'} as const;

/**
The page on which an App with exactly the rights that are needed can be registered, for a person or for an organization
(https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-using-url-parameters).
*/
export function newAppUrl(githubUrl: string, organization?: string): string {
	const query = new URLSearchParams({
		name: `hetzner-runners-tui${organization === undefined ? '' : ` ${organization}`}`, url: 'https://www.npmjs.com/package/hetzner-runners-tui', public: 'false', webhook_active: 'false',
		...Object.fromEntries(Object.entries(rights).filter(([name]) => name !== 'metadata')), // That one every App has.
	});
	return `${githubUrl}/${organization === undefined ? '' : `organizations/${encodeURIComponent(organization)}/`}settings/apps/new?${query.toString()}`;
}

/**
An App that GitHub has just accepted: where it is installed, and which of the rights in use its installation lacks. What it has beyond them is told.
*/
export function judgeApp({name, account, page, permissions}: AppFacts, githubUrl: string): readonly Finding[] {
	const has = (right: string, level: string) => [level, 'write', 'admin'].includes(permissions[right] ?? '');
	const missing = Object.entries(rights).filter(([right, level]) => !has(right, level));
	const todo = `give it on the App's page, then accept it at ${page ?? `${githubUrl}/settings/installations`}`;
	const beyond = Object.entries(permissions).filter(([right]) => !Object.hasOwn(rights, right)).map(([right, level]) => describePermission(right, level));
	return missing.length > 0
		? missing.map(([right, level]) => fault(`"${name}", installed for ${account}, lacks the permission "${describePermission(right, level)}"`, todo))
		: [{
			...ok(`"${name}", installed for ${account}, has ${Object.entries(rights).map(([right, level]) => describePermission(right, level)).join(', ')}; its token is for this repository alone`),
			...beyond.length > 0 && {advice: `${beyond.join(', ')}: not used, and may be taken away`},
		}];
}

/**
Whether jobs of the repository can be served at all.
*/
export function judgeRepository(facts: {readonly fullName: string; readonly isPrivate: boolean; readonly isArchived: boolean; readonly hasActions: boolean | undefined}, asked: Repository): readonly Finding[] {
	const name = `${asked.owner}/${asked.name}`;
	const findings = [
		facts.fullName.toLowerCase() === name.toLowerCase() ? [] : [fault(`${name} is called ${facts.fullName} now`, 'give that name in --github-repository / GITHUB_REPOSITORY')],
		facts.isArchived ? [fault(`${facts.fullName} is archived: it runs no jobs`, 'unarchive it, or serve another repository')] : [],
		facts.hasActions === false ? [fault(`Actions are switched off in ${facts.fullName}`, 'switch them on under Settings, Actions, General')] : [],
	].flat();
	return findings.length > 0 ? findings : [ok(`${facts.fullName}, ${facts.isPrivate ? 'private' : 'public'}`)];
}

/**
How runners register, and why so. `startups`: options whose scripts know no just-in-time configuration; `isGiven`: whether GitHub has them, undefined when not asked.
*/
export function judgeRegistration({isWanted, startups, isGiven}: {readonly isWanted: boolean; readonly startups: readonly string[]; readonly isGiven: boolean | undefined}): Finding {
	const token = 'with a registration token, good for the whole repository';
	if (!isWanted) {
		return ok(`${token}, as --registration says`);
	}

	if (isGiven === false) {
		return ok(`${token}: this GitHub has no just-in-time configurations`);
	}

	const each = 'each runner with a configuration of its own, good for one use';
	const of = `${startups.join(' and ')} ${startups.length > 1 ? 'do' : 'does'} not read GITHUB_RUNNER_JIT_CONFIG`;
	return ok(startups.length === 0 ? each : (isGiven === undefined ? `${token}: ${of}` : `${each}; but ${token} where ${of}`));
}

/**
Who can run code on the servers by a pull request from a fork. `mayRun`: without anybody's approval; undefined: not told.
*/
export function judgeForks(mayRun: 'nothing' | 'all' | 'known' | 'anyAccount' | undefined, isPrivate: boolean): Finding {
	if (mayRun === undefined) {
		return skipped('not checked: this token may not read the policy, or this server has none (Settings, Actions, General says it)');
	}

	if (mayRun === 'nothing') {
		return ok(isPrivate ? 'pull requests from forks run nothing unapproved' : 'every run of an outside contributor waits for approval; only pull_request_target does not');
	}

	const who = {
		all: 'whoever may read the repository and fork it', known: 'whoever has had one pull request merged', anyAccount: 'anybody whose GitHub account is not new',
	}[mayRun];
	return warning(`${who} runs code on your servers by a pull request, unapproved`, isPrivate
		? 'require approval for fork pull request workflows under Settings, Actions, General'
		: 'choose "Require approval for all external contributors" under Settings, Actions, General');
}

/**
What the label of a job may order.
*/
export function judgeLabels(isPrivate: boolean, {allowServerType, maxRunners}: {readonly allowServerType: readonly string[] | undefined; readonly maxRunners: number | undefined}): readonly Finding[] {
	const bounds = [
		...allowServerType === undefined ? [] : [`types ${allowServerType.join(', ')}`],
		...maxRunners === undefined ? [] : [`${maxRunners} servers at once`],
	];
	const findings = isPrivate
		? []
		: [
			allowServerType === undefined ? [warning('the repository is public, and a label of a pull request may order any server type', '--allow-server-type names those that it may')] : [],
			maxRunners === undefined ? [warning('the repository is public, and its pull requests may order any number of servers', 'set --max-runners')] : [],
		].flat();
	return findings.length > 0 ? findings : [ok(bounds.length === 0 ? 'labels may order any server type; --allow-server-type bounds that' : `labels may order ${bounds.join(', ')}`)];
}

/**
How far this machine's clock is from GitHub's.
*/
export function judgeClock(theirs: Instant | undefined, ours: Instant): Finding {
	if (theirs === undefined) {
		return warning('GitHub\'s answer carries no time', 'look at the proxy between this machine and GitHub');
	}

	// Their header has whole seconds.
	const skew = secondsBetween(theirs, ours);
	const off = Math.abs(skew) < 1.5 ? 0 : Math.abs(skew);
	const words = `this machine's clock is ${formatDuration(off)} ${skew > 0 ? 'ahead of' : 'behind'} GitHub's`;
	const todo = 'switch on time synchronisation: timedatectl set-ntp true';
	return off >= skewSeconds.fault ? fault(words, todo) : (off >= skewSeconds.warning ? warning(words, todo) : ok(`${formatDuration(off)} from GitHub's`));
}

/**
Whether enough requests are left. `mayHaveNone`: a GitHub Enterprise Server has limits only where somebody has switched them on. `sharedBy`: a token shares them with all
that its owner does, an App with whatever else uses its installation.
*/
export function judgeBudget(api: 'GitHub' | 'Hetzner', budget: Budget | undefined, now: Instant, {mayHaveNone = false, sharedBy = 'token'}: {readonly mayHaveNone?: boolean; readonly sharedBy?: 'token' | 'App'} = {}): Finding {
	if (budget === undefined) {
		return mayHaveNone ? ok('this server tells no request limit') : warning(`${api} tells no request limit`, 'look at the proxy between this machine and it');
	}

	const words = `${budget.remaining} of ${budget.limit} requests left, all back in ${formatDuration(secondsBetween(now, budget.resetAt))}`;
	const todo = `who else uses this ${sharedBy === 'token' ? 'token' : 'App\'s installation'}? a longer --scale-up-interval and --scale-down-interval need fewer`;
	return budget.remaining === 0 ? fault(words, todo) : (budget.remaining < budget.limit / 5 ? warning(words, todo) : ok(words));
}

/**
GitHub lets no older runner register (github.com since 2026-09-29).
*/
const runnerFloor = '2.329.0';

/**
Whether the runner programs that would be installed may register and get jobs. `pinned`: versions named by own startup scripts.
*/
export function judgeRunners(offered: string, pinned: ReadonlyArray<{readonly flag: string; readonly version: string; readonly ends: Instant | undefined}>, now: Instant): readonly Finding[] {
	const findings = pinned.flatMap(({flag, version, ends}) => {
		const todo = 'let the script take RUNNER_URL and RUNNER_SHA256, which are what GitHub wants now';
		if (isOlder(version, runnerFloor)) {
			return [fault(`the script of ${flag} installs runner ${version}, and GitHub lets none below ${runnerFloor} register`, todo)];
		}

		if (ends !== undefined) {
			return [ends <= now
				? fault(`the script of ${flag} installs runner ${version}, which gets no jobs any more`, todo)
				: warning(`the script of ${flag} installs runner ${version}, which gets jobs for ${formatDuration(secondsBetween(now, ends))} more`, todo)];
		}

		return [];
	});
	return findings.length > 0
		? findings
		: [isOlder(offered, runnerFloor)
			? warning(`${offered} is what GitHub offers, below the ${runnerFloor} that github.com asks for`, 'update the GitHub Enterprise Server')
			: ok(`${offered}, which GitHub wants now`)];
}

/**
The version that a script downloads by itself, or undefined.
*/
export function pinnedRunner(script: string): string | undefined {
	return /actions-runner-linux-(?:x64|arm64)-(?<version>\d+\.\d+\.\d+)/v.exec(script)?.groups?.version;
}

function isOlder(version: string, floor: string): boolean {
	return version.localeCompare(floor, 'en', {numeric: true}) < 0;
}
