import type {Engine} from '../scaler/engine.ts';
import type {Clock, Journal} from '../scaler/ports.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {parseListen} from '../metrics/serve.ts';

/** Metrics of an engine that is made with `journal`: it passes events on, and counts them once they are opened. */
export type Measured = {readonly journal: Journal; readonly open: (engine: Engine) => Promise<() => Promise<void>>};

/**
What --metrics asks for; nothing is counted or served without it. Throws
UsageError, from `open` too, when the address cannot be listened on.
*/
export function measure({metrics: asked}: Pick<Settings, 'metrics'>, journal: Journal, clock: Clock, print: (words: string) => void): Measured {
	if (asked === undefined) {
		return {
			journal, async open() {
				return async () => {/* Nothing was opened. */};
			},
		};
	}

	const address = parseListen(asked);
	if (address === undefined) {
		throw new UsageError(`--metrics is ${JSON.stringify(asked)}, but must be a port or HOST:PORT, such as 9090 or 0.0.0.0:9090.`);
	}

	let note: ((event: Parameters<Journal['record']>[0]) => void) | undefined;
	return {
		journal: {
			...journal,
			record(event, at) {
				journal.record(event, at);
				note?.(event);
			},
		},
		async open(engine) {
			const {createMetrics} = await import('../metrics/families.ts');
			const {serveMetrics} = await import('../metrics/serve.ts');
			const metrics = createMetrics(engine.state, clock.now);
			note = metrics.note;
			try {
				const served = await serveMetrics(metrics, address);
				print(`metrics at ${served.url}`);
				return served.close;
			} catch (error) {
				throw new UsageError(`--metrics ${asked} cannot be served: ${error instanceof Error ? error.message : String(error)}.`);
			}
		},
	};
}
