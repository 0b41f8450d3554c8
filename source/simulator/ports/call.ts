import {later, type Instant} from '../../model/time.ts';
import {PortError, type Budget} from '../../scaler/ports.ts';
import {rngFor} from '../chance.ts';
import type {OtherAnswer, RequestName} from '../request-pipeline.ts';
import {keepNewest} from '../keep-newest.ts';
import type {World} from '../world.ts';

/**
One request of an in-process port: the world's latency, limits and faults apply as they do over HTTP.
*/
export type Caller = {
	/**
	What `work` answers. Throws PortError when a fault or a limit stands in its place. `key` names what is read: an answer like the last one counts as unchanged (304).
	*/
	readonly call: <Answer>(request: RequestName, work: () => Answer, options?: {readonly key?: string; readonly signal?: AbortSignal}) => Promise<Answer>;
	readonly budget: () => Budget | undefined;
	/**
	How many requests of this caller the API has counted against the hour: a 304 is not.
	*/
	readonly counted: () => number;
};

/**
An answer that was not the one asked for, with its status; 0: none came.
*/
export class CallError extends PortError {
	readonly status: number;
	readonly code: string;

	constructor(message: string, facts: {readonly kind: PortError['kind']; readonly status: number; readonly code: string; readonly retryAt?: Instant | undefined}) {
		super(message, facts);
		this.status = facts.status;
		this.code = facts.code;
	}
}

/**
The in-process way to one of the APIs.
*/
export function createCaller(world: World, api: RequestName['api']): Caller {
	const rng = rngFor(world.seed, 'in process', api);
	const latency = api === 'github' ? world.parameters.githubLatencySeconds : world.parameters.hetznerLatencySeconds;
	const earlier = new Map<string, {readonly text: string; readonly answer: () => unknown}>();
	let blockedUntil: Instant | undefined;
	let hasAnswered = false;
	let counted = 0;

	function refuse(request: RequestName, other: OtherAnswer): CallError {
		world.pipeline.leave(request, other.status);
		hasAnswered = true;
		const retryAt = retryAtOf(other);
		if (retryAt !== undefined) {
			blockedUntil = retryAt;
		}

		const kind = retryAt === undefined ? ({401: 'refused', 403: 'refused', 404: 'notFound'} as const)[other.status] ?? 'unreachable' : 'limited';
		return new CallError(`${api === 'github' ? 'GitHub' : 'Hetzner'} answered ${other.status}: ${other.message}`, {
			kind, status: other.status, code: other.code, retryAt,
		});
	}

	function retryAtOf({code, status, headers}: OtherAnswer): Instant | undefined {
		if (code === 'rate limited') {
			return world.pipeline.limitOf('github').resetAt;
		}

		const seconds = Number(headers['retry-after'] ?? (code === 'secondary limit' ? 60 : (status === 429 ? 10 : NaN)));
		return Number.isNaN(seconds) ? undefined : later(world.now(), seconds);
	}

	return {
		async call(request, work, options = {}) {
			const {signal, key} = options;
			signal?.throwIfAborted();
			world.now();
			const passage = world.pipeline.enter(request);
			await world.clock.sleep(rng.between(latency) + passage.slowSeconds, signal);
			world.now();
			if (passage.isDown) {
				world.pipeline.leave(request, 0);
				throw unreachable(api, 'connection reset');
			}

			if (passage.instead !== undefined) {
				throw refuse(request, passage.instead);
			}

			const answer = work();
			hasAnswered = true;
			if (passage.afterwards !== undefined) {
				throw refuse(request, passage.afterwards);
			}

			if (passage.isCut) {
				world.pipeline.leave(request, 200);
				throw unreachable(api, 'the answer broke off');
			}

			const text = key === undefined ? '' : JSON.stringify(answer);
			const before = key === undefined ? undefined : earlier.get(key);
			const isUnchanged = key !== undefined && before?.text === text && api === 'github';
			world.pipeline.leave(request, isUnchanged ? 304 : 200);
			counted += isUnchanged ? 0 : 1;
			if (key !== undefined && !passage.isStale) {
				keepNewest(earlier, key, {text, answer: () => answer});
			}

			// A stale answer is an earlier one to the same question, so it is of the same type.
			return passage.isStale && before !== undefined ? before.answer() as typeof answer : answer;
		},
		counted: () => counted,
		budget() {
			if (api === 'github' && !world.parameters.githubHasLimits) {
				return undefined;
			}

			const state = world.pipeline.limitOf(api);
			return hasAnswered ? {...state, blockedUntil: blockedUntil !== undefined && blockedUntil > world.now() ? blockedUntil : undefined} : undefined;
		},
	};
}

function unreachable(api: RequestName['api'], why: string): CallError {
	return new CallError(`${api === 'github' ? 'GitHub' : 'Hetzner'}: ${why}`, {kind: 'unreachable', status: 0, code: 'unreachable'});
}
