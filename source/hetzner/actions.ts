import * as z from 'zod';
import type {Clock, CreationEnd} from '../scaler/ports.ts';
import type {Send} from './request.ts';

/** Seconds between two requests for the actions under way. One request covers all of them: the budget refills by only one a second. */
const askSeconds = 3;
/** An action that is still running after that long is no longer asked after, seconds; the limits of a new server take over. */
const patienceSeconds = 600;
const idsAtOnce = 50;

const text = z.string().optional().catch(undefined);
const answer = z.object({
	actions: z.array(z.object({
		id: z.int(),
		status: z.enum(['running', 'success', 'error']).catch('running'), // Only what says so has ended.
		error: z.object({code: text, message: text}).optional().catch(undefined),
	}).optional().catch(undefined)),
});

type Waiting = {readonly resolve: (end: CreationEnd) => void; left: number};

/** Waits for actions; answers how one ended. Never throws: what cannot be learned is `unknown`. */
export type ActionWaiter = (id: number, signal: AbortSignal) => Promise<CreationEnd>;

/** A waiter that asks after all actions under way in one request. */
export function actionWaiter(send: Send, clock: Clock): ActionWaiter {
	const waiting = new Map<number, Waiting>();
	let isAsking = false;
	let sleeping = new AbortController();

	function settle(id: number, end: CreationEnd): void {
		waiting.get(id)?.resolve(end);
		waiting.delete(id);
		if (waiting.size === 0) {
			sleeping.abort();
		}
	}

	async function askWhileAnyWaits(): Promise<void> {
		while (waiting.size > 0) {
			// Another one each time: the next to wait may come in the moment in which the last one left.
			sleeping = new AbortController();
			try {
				await clock.sleep(askSeconds, sleeping.signal);
				await ask(waiting.keys().take(idsAtOnce).toArray());
			} catch {
				// No answer this time, or nobody waits any more.
			}
		}

		isAsking = false;
	}

	async function ask(ids: readonly number[]): Promise<void> {
		for (const id of ids) {
			const entry = waiting.get(id);
			if (entry !== undefined && --entry.left <= 0) {
				settle(id, {outcome: 'unknown'});
			}
		}

		const asked = ids.filter(id => waiting.has(id));
		if (asked.length === 0) {
			return;
		}

		const {actions} = answer.parse(await send({method: 'GET', path: '/actions', query: {id: asked, per_page: idsAtOnce}}));
		const found = new Map(actions.flatMap(action => action === undefined ? [] : [[action.id, action]]));
		for (const id of asked) {
			const action = found.get(id);
			if (action === undefined) {
				settle(id, {outcome: 'unknown'});
			} else if (action.status !== 'running') {
				settle(id, action.status === 'success' ? {outcome: 'done'} : {outcome: 'failed', answer: action.error?.message ?? action.error?.code ?? action.status});
			}
		}
	}

	return async (id, signal) => {
		if (signal.aborted) {
			return {outcome: 'unknown'};
		}

		const {promise, resolve} = Promise.withResolvers<CreationEnd>();
		const leave = () => {
			settle(id, {outcome: 'unknown'});
		};

		waiting.set(id, {resolve, left: Math.ceil(patienceSeconds / askSeconds)});
		signal.addEventListener('abort', leave, {once: true});
		if (!isAsking) {
			isAsking = true;
			void askWhileAnyWaits();
		}

		try {
			return await promise;
		} finally {
			signal.removeEventListener('abort', leave);
		}
	};
}
