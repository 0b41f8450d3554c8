/* eslint-disable no-template-curly-in-string -- Source text. */
/**
A fault put into the engine on purpose: texts of its source that are replaced, each of which must be there.
*/
export type Mutation = {
	readonly name: string;
	/**
	Over the real adapters; what is broken there is not seen over ports in process.
	*/
	readonly isWired?: true;
	/**
	Groups of troubles that it takes; see groups.ts.
	*/
	readonly groups?: string;
	/**
	The test that finds what no soak day can see.
	*/
	readonly test?: string;
	readonly edits: ReadonlyArray<readonly [file: string, from: string, to: string]>;
};

export const mutations: readonly Mutation[] = [
	{name: 'skip the unregister step', edits: [['scaler/deletion-evidence.ts', 'return unregister(engine, server, runner, isOff);', 'return undefined;']]},
	{name: 'take a refusal to unregister for a yes', edits: [['scaler/deletion-evidence.ts', 'return isOff && ageSeconds(since, now) >= offRefusalSeconds ? undefined', 'return isOff || !isOff ? undefined']]},
	{
		name: 'believe busy=false at once', edits: [
			['scaler/trust.ts', 'readsToBelieve = 2', 'readsToBelieve = 1'],
			['scaler/deletion-evidence.ts', ' ?? await jobOf(engine, request, runner);', ';'],
		],
	},
	{
		name: 'ignore whether a read is whole', edits: [
			['scaler/scale-down/plan.ts', 'if (judgement.toDelete === undefined) {\n\t\treturn undefined;', 'if (snapshot.deletions.size >= 0) {\n\t\treturn undefined;'],
			['scaler/update-memory.ts', 'if (servers.state === \'failed\') {\n\t\treturn memory;', 'if (servers.at === undefined) {\n\t\treturn memory;'],
			['scaler/update-memory.ts', 'if (runners.state === \'failed\') {\n\t\treturn memory;', 'if (runners.at === undefined) {\n\t\treturn memory;'],
			['scaler/deletion-evidence.ts', 'return read.gaps.length > 0 &&', 'return read.gaps.length < 0 &&'],
		],
	},
	{name: 'no re-read before a deletion', edits: [['scaler/delete.ts', 'const kept = await reasonToKeep(engine, request) ?? countermand(engine, request) ?? newSetUp(engine, request);', 'const kept = order.server.id < 0 ? await reasonToKeep(engine, request) : countermand(engine, request);']]},
	{name: 'treat a failed list as an empty one', edits: [['scaler/observe.ts', 'state: \'failed\', items: before.items, at: before.at, fault: {reason, since: since ?? now, retryAt},', 'state: \'whole\', items: [], at: now, fault: {reason, since: since ?? now, retryAt},']]},
	{
		name: 'take short lists for whole ones, in the adapter', isWired: true, edits: [
			['github/pages.ts', 'return mostPages !== undefined || isPartlyKept || ', 'return mostPages !== undefined || isPartlyKept || count >= 0 || '],
			['github/runners.ts', 'const unseen = isExact ? [] : ', 'const unseen = isExact || tally.counted >= 0 ? [] : '],
		],
	},
	{name: 'keep an answer that broke off', isWired: true, edits: [['github/pages.ts', 'throw client.broken(asked, typeof answer.data === \'string\' ? ', 'if (typeof answer.data === \'string\') {\n\t\t\treturn {etag: undefined, items: new Map(), broken: 0, count: 0, total: 0};\n\t\t}\n\n\t\tthrow client.broken(asked, typeof answer.data === \'string\' ? ']]},
	{name: 'take an action without a status for failed', isWired: true, edits: [['hetzner/actions.ts', '.catch(\'running\')', '.catch(\'error\')']]},
	{
		name: 'ignore the owner label', isWired: true, edits: [
			['hetzner/ownership.ts', 'return Object.entries(ownLabels(repository)).every(([key, value]) => labels[key] === value);', 'return labels[\'managed-by\'] === ownLabels(repository)[\'managed-by\'];'],
			['hetzner/ownership.ts', '.map(([key, value]) => `${key}==${value}`).join(\',\')', '.map(([key, value]) => `${key}==${value}`)[0] ?? \'\''],
		],
	},
	{
		name: 'know our servers by the prefix of their names', isWired: true, edits: [
			['hetzner/rows.ts', 'if (!isOurs(labels, repository)) {', 'if (!isOurs(labels, repository) && !JSON.stringify(row).includes(\'"gh-actions-runner-\')) {'],
			['hetzner/server-reads.ts', 'query: {label_selector: ownSelector(repository), sort: \'id:asc\'}', 'query: {sort: \'id:asc\', ...(ownSelector(repository) === \'\' && {})}'],
		],
	},
	{name: 'ignore --max-runners', edits: [['scaler/scale-up/plan.ts', 'count >= policy.maxRunners', 'count < 0']]},
	{name: 'ignore limits of cost', groups: 'money', edits: [['scaler/money-limits.ts', 'if (spentMicros + price > limitMicros) {', 'if (spentMicros + price < 0) {']]},
	{name: 'forget creations under way in limits of cost', groups: 'money', edits: [['scaler/money-limits.ts', 'hour: since(hourAgo) + coming,', 'hour: since(hourAgo),'], ['scaler/money-limits.ts', 'const spentMicros = spending.micros[period] + planned;', 'const spentMicros = spending.micros[period];']]},
	{name: 'forget creations under way when counting', edits: [['scaler/scale-up/plan.ts', '?? gate(snapshot, memory, policy, input, alive + actions.length,', '?? gate(snapshot, memory, policy, input, alive,']]},
	{name: 'ask GitHub on before its limit resets', isWired: true, edits: [['github/request-limits.ts', 'const until = blocked();\n\t\t\tif (until !== undefined) {', 'const until = blocked();\n\t\t\tif (until !== undefined && until < 0) {']]},
	{
		name: 'ask Hetzner on after a 429', isWired: true, edits: [
			['hetzner/request.ts', 'const until = blocked();\n\t\tif (until !== undefined) {', 'const until = blocked();\n\t\tif (until !== undefined && until < 0) {'],
			['hetzner/request.ts', 'code: \'rate_limit_exceeded\', correlation, retryAt: blockedUntil,', 'code: \'rate_limit_exceeded\', correlation,'],
		],
	},
	{name: 'repeat a create whose answer was lost, under another name', edits: [['scaler/create.ts', 'const found = await lookUp(engine, name);', 'await hetzner.createServer({name: `${name}-2` as ServerName, placement, job, runnerLabels: labels, engineSet: engine.policy.engineSet});\n\t\t\tconst found = await lookUp(engine, name);']]},
	{name: 'never delete what is powered off', edits: [['scaler/scale-down/powered-off.ts', 'return forSeconds >= policy.maxPoweredOffSeconds ?', 'return forSeconds < 0 ?']]},
	{name: 'forget zombies', edits: [['scaler/scale-down/plan.ts', 'judgeBusy, judgeOtherEngine, judgeDrained, judgeIdle, judgeZombie];', 'judgeBusy, judgeOtherEngine, judgeDrained, judgeIdle, ...(judgeZombie.length > 5 ? [judgeZombie] : [])];']]},
	{name: 'forget idle servers', edits: [['scaler/scale-down/idle.ts', 'if (streak === undefined || forSeconds < limitSeconds || (', 'if (streak === undefined || forSeconds >= 0 || (']]},
	{name: 'forget what was never fully deleted', edits: [['scaler/scale-down/deleting.ts', 'const isStuck = streak !== undefined', 'const isStuck = now < 0 && streak !== undefined']]},
	{name: 'do not follow a set-up that another run began', edits: [['scaler/reconcile.ts', 'if (isOwnSet && !isSettled && ', 'if (isOwnSet && !isSettled && now < 0 && ']]},
	{name: 'count GitHub\'s trouble against the server', edits: [['scaler/provision.ts', 'visit.since = engine.ports.clock.now(); // GitHub', '// GitHub']]},
	{name: 'know servers by today\'s name', isWired: true, edits: [['hetzner/rows.ts', 'name: runnerName ?? (data.name ?? ', 'name: (data.name ?? runnerName ?? ']]},
	{name: 'leave out a verdict', edits: [['scaler/scale-up/plan.ts', 'verdicts.set(job.id, supply.says);', '']]},
	{name: 'mask no token but one\'s own', edits: [['scaler/set-up-news.ts', 'hideTokenShapes(hideSecrets(text, secrets))', 'hideSecrets(text, secrets)']]},
	{name: 'show tokens in set-up output', edits: [['scaler/set-up-news.ts', 'cleanText(withoutSecrets(item.text, visit.secrets))', 'cleanText(item.text)']]},
	// The rule of partial knowledge, and what counts as a failure.
	{name: 'act on gaps at once', test: 'test/scaler/properties.ts', edits: [['scaler/trust.ts', 'gapSeconds = {partial: 180, failed: 240}', 'gapSeconds = {partial: 0, failed: 0}']]},
	{
		name: 'wait for gaps to close for ever', groups: 'lists', isWired: true, edits: [['scaler/trust.ts', 'gapSeconds = {partial: 180, failed: 240}', 'gapSeconds = {partial: 1e9, failed: 1e9}']],
	},
	{name: 'forget jobs that cannot be read again', test: 'test/scaler/scale-down.ts', edits: [['scaler/trust.ts', 'return streak === undefined || ageSeconds(streak.since, now) < unreadJobSeconds;', 'return streak === undefined;']]},
	{name: 'protect by a run that cannot be read for ever', test: 'test/scaler/properties.ts', edits: [['scaler/trust.ts', 'unreadJobSeconds = 3600', 'unreadJobSeconds = 1e9']]},
	{name: 'delete what a gap names', test: 'test/scaler/properties.ts', edits: [['scaler/scale-down/plan.ts', 'if (gap !== undefined) {', 'if (gap !== undefined && now < 0) {']]},
	{name: 'take gaps of jobs for whole lists in the last check', test: 'test/scaler/orders.ts', edits: [['scaler/deletion-evidence.ts', 'return reads.jobs.state !== \'whole\' && isEnough(', 'return reads.jobs.state !== \'whole\' || isEnough(']]},
	{name: 'clear failures at every poll', test: 'test/scaler/scale-up.ts', edits: [['scaler/failures.ts', 'failures === undefined || failures.lastAt >= workedAt', 'failures === undefined || failures.lastAt < 0']]},
	{name: 'never give up on a job', groups: 'unassigned', edits: [['scaler/failures.ts', 'serversPerJob = 10;', 'serversPerJob = 10_000;'], ['scaler/failures.ts', 'longestPauseSeconds = 600', 'longestPauseSeconds = 30'], ['scaler/failures.ts', 'longestPauseForOneCause = 3600', 'longestPauseForOneCause = 30']]},
	{name: 'ten servers at a time after failures', test: 'test/scaler/properties.ts', edits: [['scaler/failures.ts', 'return rounds > 1 || count >= 3;', 'return rounds < 0 && count < 0;']]},
	{name: 'count no passed-over runner', test: 'test/scaler/scale-up.ts', edits: [['scaler/passed-over.ts', 'const patience = isOurs ? assignmentLagSeconds : othersSeconds;', 'const patience = isOurs ? Infinity : othersSeconds;']]},
	{name: 'wait for a reset, however far', test: 'test/scaler/match.ts', edits: [['scaler/polling-interval.ts', 'cost === 0 ? longestFreeSeconds : longestSeconds,', 'Infinity,']]},
	{name: 'let idle servers go though a job has just come, in the plan', test: 'test/scaler/scale-down.ts', edits: [['scaler/scale-down/idle.ts', '|| (youngest !== undefined && ageSeconds(youngest, now) < assignmentLagSeconds)', '']]},
	{
		name: 'let idle servers go though a job has just come, in plan and last check', edits: [
			['scaler/scale-down/idle.ts', '|| (youngest !== undefined && ageSeconds(youngest, now) < assignmentLagSeconds)', ''],
			['scaler/deletion-evidence.ts', 'if (arrived !== undefined) {', 'if (arrived !== undefined && now < 0) {'],
		],
	},
	{name: 'delete what another engine sets up', test: 'test/scaler/scale-down.ts', edits: [['scaler/scale-down/other-engine.ts', 'if (server.engineSet === undefined || server.engineSet === policy.engineSet) {', 'if (server.engineSet !== policy.engineSet || server.engineSet === policy.engineSet) {']]},
	{name: 'leave what another engine made for ever', test: 'test/scaler/scale-down.ts', edits: [['scaler/scale-down/other-engine.ts', 'graceSeconds = 600', 'graceSeconds = 1e9']]},
	{name: 'take a server before its first start for one that is done', groups: 'hetzner', edits: [['scaler/scale-down/powered-off.ts', 'if (!hasEverRun(server, memory) && ', 'if (now < 0 && ']]},
	{
		name: 'know leftover records by the form of their names', test: 'test/scaler/scale-down.ts', edits: [
			['scaler/update-memory.ts', 'return memory.ownNames.has(runner.name) && ', 'return isServerName(runner.name) && '],
			['scaler/scale-down/leftovers.ts', 'if (!hasServer && !memory.ownNames.has(runner.name)) {', 'if (!hasServer && !runner.name.startsWith(\'gh-actions-runner-\')) {'],
		],
	},
	{name: 'ask about delete protection at every poll', test: 'test/scaler/scale-down.ts', edits: [['scaler/scale-down/plan.ts', 'const kept = memory.protected.get(server.id);', 'const kept = now < 0 ? memory.protected.get(server.id) : undefined;'], ['scaler/scale-down/plan.ts', 'const settled = settle(judgement, server, memory, policy, input);', 'const settled = settle(judgement, server, memory, policy, input, now);'], ['scaler/scale-down/plan.ts', 'policy: Policy, input: PlanInput): NonNullable<Judgement> {', 'policy: Policy, input: PlanInput, now: number): NonNullable<Judgement> {']]},
	{name: 'finish deletions after a freeze', test: 'test/scaler/orders.ts', edits: [['scaler/deletion-evidence.ts', 'return engine.mode === \'frozen\' ? \'frozen\' : (', 'return engine.mode === \'starting\' ? \'frozen\' : (']]},
	{name: 'finish deletions of what is kept', test: 'test/scaler/orders.ts', edits: [['scaler/deletion-evidence.ts', 'until !== undefined && until > engine.ports.clock.now() ? \'kept by an operator\' : undefined', 'until !== undefined && until < 0 ? \'kept by an operator\' : undefined']]},
	{name: 'scale again after a restart', test: 'test/scaler/orders.ts', edits: [['scaler/engine-state.ts', 'mode: saved?.mode ?? \'scaling\'', 'mode: \'scaling\'']]},
	{name: 'forget failures with a restart', test: 'test/scaler/orders.ts', edits: [['scaler/saved-state.ts', 'failures: new Map(failures), jobFailures', 'failures: new Map(), jobFailures']]},
	{name: 'take a limit on one type for one on all', test: 'test/scaler/orders.ts', edits: [['scaler/create.ts', 'case \'accountLimit\': {', 'case \'typeLimit\':\n\t\tcase \'accountLimit\': {']]},
	{name: 'hold a type in one place only', test: 'test/scaler/scale-up.ts', edits: [['scaler/backoff.ts', 'scope === \'pair\' ? pairKey(placement) : typeKey(placement)', 'scope === \'pair\' ? pairKey(placement) : pairKey(placement)']]},
	{name: 'claim labels of other systems', test: 'test/scaler/scale-up.ts', edits: [['model/placements.ts', 'if (foreign !== undefined) {', 'if (foreign === \'\') {']]},
	{name: 'create though our own side is at fault', test: 'test/scaler/scale-up.ts', edits: [['scaler/scale-up/plan.ts', 'if (input.ownFault !== undefined) {', 'if (input.ownFault === \'\') {']]},
	// Runners with a configuration of their own.
	{name: 'take a record that nobody has connected with for a runner', test: 'test/scaler/jit.ts', edits: [['model/runner.ts', 'return isUnused !== true || isOnline || isBusy;', 'return isUnused !== true || isOnline || !isBusy;']]},
	{name: 'ask for a runner\'s name twice', test: 'test/scaler/jit.ts', edits: [['scaler/mint.ts', 'while (taken.has(runnerNameFor(name, turn))) {', 'while (taken.has(runnerNameFor(name, turn)) && turn < 0) {']]},
	{name: 'know a server\'s runner by the server\'s name alone', test: 'test/scaler/jit.ts', edits: [['model/server-name.ts', 'return isServerName(server) ? server : name;', 'return isServerName(server) && server === name ? server : name;']]},
	{name: 'leave unused records behind', test: 'test/scaler/jit.ts', edits: [['scaler/update-memory.ts', 'return memory.ownNames.has(server) && runner.isEphemeral !== false', 'return memory.ownNames.has(server) && runner.isEphemeral !== false && runner.isUnused !== true'], ['scaler/deletion-evidence.ts', 'return found.filter(record => record !== undefined);', 'return found.filter(record => record !== undefined && record.isUnused !== true);']]},
	{name: 'register with a token while GitHub has a bad moment', test: 'test/scaler/jit.ts', edits: [['scaler/register.ts', 'const answer = await engine.shareQuestion(\'mint\', async () => github.mayMint());', 'const answer = await engine.shareQuestion(\'mint\', async () => github.mayMint().catch(() => \'noEndpoint\'));'], ['scaler/register.ts', 'if (isGithubsOwn(engine.policy.githubUrl)) {', 'if (isGithubsOwn(engine.policy.githubUrl) && clock.now() < 0) {']]},
	{name: 'show a configuration that comes in pieces', groups: 'registration', edits: [['scaler/set-up-news.ts', 'whole.replaceAll(runs, run => holdsPiece(run, long) ? \'***\' : run)', 'whole.replaceAll(runs, run => holdsPiece(run, long) ? run : run)'], ['scaler/set-up-news.ts', '.replaceAll(configurationShape, \'***\')', '']]},
	// What holds between one failure and the next.
	{name: 'hand out a token that a startup script failed with', test: 'test/scaler/registration.ts', edits: [['scaler/script-variables.ts', 'return token === suspectToken ? ', 'return token === suspectToken && minimumSeconds < 0 ? ']]},
	{name: 'try a deletion that came to nothing again at every poll', test: 'test/scaler/short-budget.ts', edits: [['scaler/changes/deleting.ts', 'firstPauseSeconds = 5', 'firstPauseSeconds = 0'], ['scaler/delete.ts', '\taskOnlyWhenAllowed(engine, request);', '\tif (order.server.id < 0) {\n\t\taskOnlyWhenAllowed(engine, request);\n\t}']]},
	{name: 'ask Hetzner about deletions that GitHub cannot be asked about', test: 'test/scaler/short-budget.ts', edits: [['scaler/delete.ts', '\taskOnlyWhenAllowed(engine, request);', '\tif (order.server.id < 0) {\n\t\taskOnlyWhenAllowed(engine, request);\n\t}']]},
	{name: 'let jobs that are held back take servers of others', test: 'test/scaler/after-failures.ts', edits: [['scaler/scale-up/plan.ts', 'isHeld(job) ? \'held\' : \'free\'', 'isHeld(job) && queued.length < 0 ? \'held\' : \'free\'']]},
	{name: 'create beyond a list of servers that nobody could read', test: 'test/scaler/scale-up.ts', edits: [['scaler/scale-up/plan.ts', 'if (others !== undefined) {', 'if (others !== undefined && count < 0) {']]},
	{name: 'count no server that could not be read', test: 'test/scaler/scale-up.ts', edits: [['scaler/scale-up/plan.ts', '.size + unreadServers(snapshot);', '.size;']]},
	{name: 'forget with a restart which servers were reached', test: 'test/scaler/orders.ts', edits: [['scaler/saved-state.ts', 'reached: new Map(reached),', '']]},
	{name: 'count a server\'s time from before it was made', test: 'test/scaler/scale-down.ts', edits: [['scaler/trust.ts', 'return ageSeconds(server.created > seen && server.created <= now ? server.created : seen, now);', 'return ageSeconds(seen, now);']]},
	{name: 'believe Hetzner\'s clock', test: 'test/hetzner/servers.ts', edits: [['hetzner/request.ts', 'aheadSeconds = Math.abs(ahead) > clocksAgreeSeconds ? ahead : 0;', 'aheadSeconds = Math.abs(ahead) < 0 ? ahead : 0;']]},
	{name: 'take in a limit after the queue has gone on', test: 'test/github/limits.ts', edits: [['github/client.ts', 'refused.set(error, limits.noteRefusal(failure.headers));', 'setTimeout(() => limits.noteRefusal(failure.headers)); refused.set(error, options.clock.now());']]},
	{name: 'pay for images that no script can set up', test: 'test/scaler/orders.ts', edits: [['scaler/readiness.ts', 'if (here !== undefined || ofImage !== undefined) {', 'if (here !== undefined) {']]},
	{name: 'tell of a short list at every other poll', test: 'test/scaler/read-notes.ts', edits: [['scaler/read-notes.ts', 'quietSeconds = 60', 'quietSeconds = 0']]},
];
