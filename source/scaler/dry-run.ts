import type {EngineInternals} from './engine-state.ts';

/** In a dry run: records, once each, which servers would be created and deleted now. `recorded` holds what has been recorded. */
export function recordDryRun(engine: EngineInternals, recorded: Set<string>): void {
	if (!engine.policy.isDryRun || engine.latest === undefined) {
		return;
	}

	const once = (key: string, record: () => void) => {
		if (recorded.has(key)) {
			return;
		}

		recorded.add(key);
		record();
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
