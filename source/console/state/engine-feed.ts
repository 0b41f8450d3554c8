import {instant, type Instant} from '../../model/time.ts';
import type {Attachment, Controller, EngineState} from '../../scaler/controller.ts';
import {makeValue, type Value} from './value.ts';

/**
What the engine says, where it is, and what its clock shows now. The clock stops with an engine that is gone.
*/
export type EngineMoment = {readonly engine: EngineState; readonly attachment: Attachment; readonly now: Instant};

export type EngineFeed = {readonly moment: Value<EngineMoment>; readonly stop: () => void};

// At most so many changes of the engine a second reach the screen.
const coalesceMilliseconds = 100;
const tickMilliseconds = 1000;

/**
Follows a controller: changes that come close together are one, and each second the clock goes on.
`clockNow` is the machine's clock in milliseconds; the engine's own may run faster.
*/
export function followController(controller: Controller, clockNow: () => number): EngineFeed {
	let engine = controller.state();
	let attachment = controller.attachment();
	let publishedAt = clockNow();
	let pending: NodeJS.Timeout | undefined;
	const now = (): Instant => {
		const end = attachment.at === 'socket' && attachment.lost !== undefined ? attachment.lost.since : clockNow();
		return instant(engine.publishedAt + Math.max(0, (end - publishedAt) * engine.clockSpeed));
	};

	const moment = makeValue<EngineMoment>({engine, attachment, now: now()});
	const take = (): void => {
		pending = undefined;
		const next = controller.state();
		const nextAttachment = controller.attachment();
		if (next.publishedAt !== engine.publishedAt) {
			publishedAt = clockNow();
		}

		const isSame = next === engine && isSameAttachment(nextAttachment, attachment);
		engine = next;
		attachment = nextAttachment;
		if (!isSame) {
			moment.set({engine, attachment, now: now()});
		}
	};

	const end = controller.subscribe(() => {
		pending ??= setTimeout(take, coalesceMilliseconds);
	});
	const tick = setInterval(() => {
		moment.set({engine, attachment, now: now()});
	}, tickMilliseconds);
	return {
		moment,
		stop() {
			end();
			clearInterval(tick);
			clearTimeout(pending);
		},
	};
}

function isSameAttachment(one: Attachment, other: Attachment): boolean {
	return one === other || (one.at === 'socket' && other.at === 'socket' && one.where === other.where && one.lost === other.lost && one.coming === other.coming);
}
