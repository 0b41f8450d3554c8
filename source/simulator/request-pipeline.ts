import type {Instant} from '../model/time.ts';
import type {Api, Faults, Corruption} from './faults.ts';
import type {WorldParameters} from './parameters.ts';
import {
	bucket,
	hourlyWindow,
	pointsPerMinute,
	type LimitState,
} from './limits.ts';
import type {Schedule} from './schedule.ts';

/**
A request as both APIs name it. Operations of GitHub: listRuns, readRun, cancelRun, listJobs (subject: the run), readJob, listRunners, readRunner, removeRunner,
registrationToken, removeToken, jitConfig, downloads, deprecation, rateLimit, repository, actionsPermissions, listWorkflows; of an App: app, appInstallations,
appInstallation, appOfRepository, appToken. Of Hetzner: listServers, readServer, createServer (subject: the name), updateServer,
deleteServer, serverAction, readAction, listActions, listServerTypes, listLocations, listImages, listKeys, createKey, pricing, and others by their path.
*/
export type RequestName = {readonly api: Api; readonly operation: string; readonly subject?: string | number | undefined; readonly isRead: boolean};

/**
An answer that a fault or a limit puts in the place of the true one.
*/
export type OtherAnswer = {readonly status: number; readonly code: string; readonly message: string; readonly isHtml: boolean; readonly headers: Readonly<Record<string, string>>};

export type Passage = {
	/**
	How long the answer takes on top.
	*/
	readonly slowSeconds: number;
	readonly isDown: boolean;
	readonly isCut: boolean;
	readonly isStale: boolean;
	readonly corruption: Corruption | undefined;
	/**
	Answer this and do nothing.
	*/
	readonly instead: OtherAnswer | undefined;
	/**
	Do it, and answer this all the same.
	*/
	readonly afterwards: OtherAnswer | undefined;
};

export type LoggedRequest = {readonly at: Instant; readonly api: Api; readonly operation: string; readonly isRead: boolean; readonly status: number};

export type RequestCount = {readonly requests: number; readonly unchanged: number; readonly refused: number};

/**
GitHub's sentence where a policy forbids runners of a repository's own.
*/
export const runnersDisabled = 'Repository level self-hosted runners are disabled on this repository.';

const requestsLogged = 10_000;

export type RequestPipeline = {
	readonly enter: (request: RequestName) => Passage;
	/**
	Notes what was answered; status 0: nothing was. A 304 costs nothing.
	*/
	readonly leave: (request: RequestName, status: number) => void;
	/**
	The newest requests, some ten thousand of them.
	*/
	readonly log: readonly LoggedRequest[];
	/**
	All that ever came. `unchanged`: answered 304. `refused`: answered 4xx, 5xx or not at all.
	*/
	readonly counts: Readonly<Record<Api, RequestCount>>;
	readonly limitOf: (api: Api) => LimitState;
};

/**
Where every request comes in, over HTTP or in process: limits, faults and the log are the same for both.
*/
export function createRequestPipeline(parts: {readonly schedule: Schedule; readonly faults: Faults; readonly parameters: WorldParameters}): RequestPipeline {
	const {schedule, faults, parameters} = parts;
	const log: LoggedRequest[] = [];
	const none: RequestCount = {requests: 0, unchanged: 0, refused: 0};
	const counts: Record<Api, RequestCount> = {github: none, hetzner: none};
	const limits = {github: hourlyWindow(schedule, parameters.githubRequestsPerHour), hetzner: bucket(schedule, parameters.hetznerRequestsPerHour)};
	const secondary = pointsPerMinute(schedule, parameters);

	// What an App asks about itself has a budget of its own, which is never used up.
	function limited({api, isRead, operation}: RequestName): OtherAnswer | undefined {
		if (operation === 'rateLimit' || /^app(?:$|[A-Z])/v.test(operation) || (api === 'github' && !parameters.githubHasLimits)) {
			return undefined;
		}

		const eaten = faults.trigger('budgetEaten', fault => fault.api === api);
		if (eaten !== undefined) {
			limits[api].eat(eaten.leaves);
		}

		if (!limits[api].spend()) {
			return api === 'github'
				? answer(403, 'rate limited', 'API rate limit exceeded for user ID 4711.')
				: answer(429, 'rate_limit_exceeded', `limit of ${parameters.hetznerRequestsPerHour} requests per hour reached`);
		}

		if (api === 'hetzner') {
			return undefined;
		}

		const fault = faults.trigger('secondaryLimit', () => true);
		const wait = secondary(isRead ? 1 : 5) ?? fault?.retryAfterSeconds;
		const headers: Readonly<Record<string, string>> = fault?.isUntold === true ? {} : {'retry-after': String(wait)};
		return wait === undefined ? undefined : answer(fault?.status ?? parameters.githubSecondaryStatus, 'secondary limit', 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {headers});
	}

	return {
		log,
		counts,
		limitOf: api => limits[api].state(),
		enter(request) {
			const {api, operation, subject, isRead} = request;
			const refusal = operation === 'registrationToken' || operation === 'jitConfig' ? faults.trigger('runnersDisabled', () => true) : undefined;
			const triggered = (kind: 'answer' | 'answerAfterwards') => {
				const fault = faults.triggerForRequest(kind, api, operation, subject);
				return fault === undefined ? undefined : answer(fault.status, fault.code ?? codeOf(fault.status), fault.message ?? `simulated ${fault.status}`, fault);
			};

			const isDown = faults.triggerForRequest('down', api, operation, subject) !== undefined;
			const badCredentials = !isDown && faults.triggerForRequest('badCredentials', api, operation, subject) !== undefined;
			const instead = isDown ? undefined : (badCredentials ? unauthorized(api) : limited(request) ?? (refusal === undefined ? undefined : answer(403, 'forbidden', refusal.message ?? runnersDisabled)) ?? triggered('answer'));
			const isAnswered = isDown || instead !== undefined;
			return {
				slowSeconds: faults.triggerForRequest('slow', api, operation, subject)?.seconds ?? 0,
				isDown,
				instead,
				afterwards: isAnswered ? undefined : triggered('answerAfterwards'),
				isCut: !isAnswered && faults.triggerForRequest('cut', api, operation, subject) !== undefined,
				corruption: isAnswered || !isRead ? undefined : faults.triggerForRequest('corrupted', api, operation, subject)?.how,
				isStale: !isAnswered && isRead && faults.triggerForRequest('stale', api, operation, subject) !== undefined,
			};
		},
		leave({api, operation, isRead}, status) {
			if (status === 304) {
				limits[api].giveBack();
			}

			const before = counts[api];
			counts[api] = {
				requests: before.requests + 1,
				unchanged: before.unchanged + (status === 304 ? 1 : 0),
				refused: before.refused + (status === 0 || status >= 400 ? 1 : 0),
			};
			log.push({
				at: schedule.now(), api, operation, isRead, status,
			});
			if (log.length > requestsLogged * 2) {
				log.splice(0, requestsLogged);
			}
		},
	};
}

function answer(status: number, code: string, message: string, more: {readonly isHtml?: boolean; readonly headers?: Readonly<Record<string, string>>} = {}): OtherAnswer {
	return {
		status, code, message, isHtml: more.isHtml ?? false, headers: more.headers ?? {},
	};
}

/**
What either API says to a token it does not know.
*/
export function unauthorized(api: Api): OtherAnswer {
	return api === 'github' ? answer(401, 'unauthorized', 'Bad credentials') : answer(401, 'unauthorized', 'the token you have provided is invalid');
}

function codeOf(status: number): string {
	return {
		403: 'forbidden', 404: 'not_found', 409: 'conflict', 412: 'resource_unavailable', 422: 'invalid_input', 423: 'locked', 429: 'rate_limit_exceeded', 500: 'server_error', 502: 'bad_gateway', 503: 'unavailable', 504: 'timeout',
	}[status] ?? 'server_error';
}
