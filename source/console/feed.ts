import {instant, type Instant} from '../model/time.ts';
import type {Attachment, Controller, EngineState} from '../scaler/controller.ts';
import {makeStore, type Store} from './store.ts';

/**
What the engine says, where it is, and what its clock shows now.
*/
export type World = {readonly engine: EngineState; readonly attachment: Attachment; readonly now: Instant};

export type Feed = {readonly world: Store<World>; readonly stop: () => void};

// At most so many changes of the engine a second reach the screen.
const coalesceMilliseconds = 100;
const tickMilliseconds = 1000;

/**
Follows a controller: changes that come close together are one, and each second the clock goes on.
`clockNow` is the machine's clock in milliseconds; the engine's own may run faster.
*/
export function followController(controller: Controller, clockNow: () => number): Feed {
	let engine = controller.state();
	let attachment = controller.attachment();
	let heardAt = clockNow();
	let pending: NodeJS.Timeout | undefined;
	const engineNow = (): Instant => instant(engine.publishedAt + Math.max(0, (clockNow() - heardAt) * engine.clockSpeed));
	const world = makeStore<World>({engine, attachment, now: engineNow()});
	const take = (): void => {
		pending = undefined;
		const next = controller.state();
		const nextAttachment = controller.attachment();
		if (next === engine && nextAttachment === attachment) {
			return;
		}

		if (next.publishedAt !== engine.publishedAt) {
			heardAt = clockNow();
		}

		engine = next;
		attachment = nextAttachment;
		world.set({engine, attachment, now: engineNow()});
	};

	const end = controller.subscribe(() => {
		pending ??= setTimeout(take, coalesceMilliseconds);
	});
	const tick = setInterval(() => {
		world.set({engine, attachment, now: engineNow()});
	}, tickMilliseconds);
	return {
		world,
		stop() {
			end();
			clearInterval(tick);
			clearTimeout(pending);
		},
	};
}
