import type {VirtualClock} from '../../source/simulator/virtual-clock.ts';

/**
Has this process live by a virtual clock: timers, `Date.now` and `fetch` are the simulation's until the returned function is called.
So the real adapters run, their queues, pauses and retries with them, and a day of them takes a second. One day at a time in a process.
*/
export function liveBy(clock: VirtualClock, wire: typeof fetch): () => void {
	const real = {
		setTimeout, clearTimeout, now: Date.now, fetch, timeout: AbortSignal.timeout,
	};
	const running = new Map<number, AbortController>();
	let count = 0;

	function setVirtualTimeout(act: (...given: unknown[]) => void, milliseconds = 0, ...given: unknown[]): number {
		const id = ++count;
		const end = new AbortController();
		running.set(id, end);
		void ring(id, milliseconds / 1000, end.signal, () => {
			act(...given);
		});
		return id;
	}

	async function ring(id: number, seconds: number, signal: AbortSignal, act: () => void): Promise<void> {
		try {
			await clock.sleep(Math.max(0, seconds), signal);
		} catch {
			return; // Cleared.
		}

		running.delete(id);
		act();
	}

	function clearVirtualTimeout(id: unknown): void {
		const key = Number(id);
		running.get(key)?.abort(new Error('cleared'));
		running.delete(key);
	}

	Object.assign(globalThis, {setTimeout: setVirtualTimeout, clearTimeout: clearVirtualTimeout, fetch: wire});
	Date.now = () => clock.now();
	AbortSignal.timeout = milliseconds => {
		const end = new AbortController();
		setVirtualTimeout(() => {
			end.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
		}, milliseconds);
		return end.signal;
	};

	return () => {
		Object.assign(globalThis, {setTimeout: real.setTimeout, clearTimeout: real.clearTimeout, fetch: real.fetch});
		Date.now = real.now;
		AbortSignal.timeout = real.timeout;
	};
}
