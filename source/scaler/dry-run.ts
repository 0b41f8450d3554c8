import type {EngineInternals} from './engine-state.ts';

/** In a dry run: tells, once each, which servers would be created and deleted now. `told` holds what has been told. */
export function tellDryRun(engine: EngineInternals, told: Set<string>): void {
	if (!engine.policy.isDryRun || engine.latest === undefined) {
		return;
	}

	const once = (key: string, tell: () => void) => {
		if (told.has(key)) {
			return;
		}

		told.add(key);
		tell();
	};

	for (const job of engine.reads.jobs.items) {
		const verdict = engine.latest.jobVerdicts.get(job.id);
		if (verdict?.code === 'wouldCreate') {
			once(`create ${verdict.server}`, () => {
				engine.record({
					code: 'wouldCreate', server: verdict.server, placement: verdict.placement, job,
				});
			});
		}
	}

	for (const server of engine.reads.servers.items) {
		const verdict = engine.latest.serverVerdicts.get(server.id);
		if (verdict?.code === 'wouldDelete') {
			once(`delete ${server.name}`, () => {
				engine.record({code: 'wouldDelete', server: server.name, reason: verdict.reason});
			});
		}
	}
}
