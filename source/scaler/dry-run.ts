import type {Live} from './live.ts';

/** In a dry run: tells, once each, which servers would be created and deleted now. `told` holds what has been told. */
export function tellDryRun(live: Live, told: Set<string>): void {
	if (!live.policy.isDryRun || live.latest === undefined) {
		return;
	}

	const once = (key: string, tell: () => void) => {
		if (told.has(key)) {
			return;
		}

		told.add(key);
		tell();
	};

	for (const job of live.reads.jobs.items) {
		const verdict = live.latest.jobVerdicts.get(job.id);
		if (verdict?.code === 'wouldCreate') {
			once(`create ${verdict.server}`, () => {
				live.note({
					code: 'wouldCreate', server: verdict.server, placement: verdict.placement, job,
				});
			});
		}
	}

	for (const server of live.reads.servers.items) {
		const verdict = live.latest.serverVerdicts.get(server.id);
		if (verdict?.code === 'wouldDelete') {
			once(`delete ${server.name}`, () => {
				live.note({code: 'wouldDelete', server: server.name, reason: verdict.reason});
			});
		}
	}
}
