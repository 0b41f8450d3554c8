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
	readonly edits: ReadonlyArray<readonly [file: string, from: string, to: string]>;
};

export const mutations: readonly Mutation[] = [
	{name: 'skip the unregister step', edits: [['scaler/delete.ts', 'return unregister(live, server, runner, isOff);', 'return undefined;']]},
	{name: 'take a refusal to unregister for a yes', edits: [['scaler/delete.ts', 'return isOff && ageSeconds(refusal.since, now) >= offRefusalSeconds ? undefined', 'return isOff || !isOff ? undefined']]},
	{
		name: 'believe busy=false at once', edits: [
			['scaler/scale-down/evidence.ts', 'readsToBelieve = 2', 'readsToBelieve = 1'],
			['scaler/delete.ts', '\'its runner is busy\' : (await jobOf(live, server, runner))', '\'its runner is busy\' : undefined'],
		],
	},
	{
		name: 'ignore whether a read is whole', edits: [
			['scaler/scale-down/plan.ts', 'if (judgement.doomed === undefined) {\n\t\treturn undefined;', 'if (snapshot.deletions.size >= 0) {\n\t\treturn undefined;'],
			['scaler/sightings.ts', 'if (servers.state !== \'whole\' || jobs.state !== \'whole\') {', 'if (servers.at === undefined || jobs.at === undefined || runners.at === undefined) {'],
			['scaler/sightings.ts', 'if (runners.state !== \'whole\') {', 'if (runners.at === undefined) {'],
			['scaler/delete.ts', 'return missing.length > 0 ?', 'return missing.length < 0 ?'],
		],
	},
	{name: 'no re-read before a deletion', edits: [['scaler/delete.ts', 'const kept = await reasonToKeep(live, order);', 'const kept = order.server.id < 0 ? await reasonToKeep(live, order) : undefined;']]},
	{name: 'treat a failed list as an empty one', edits: [['scaler/observe.ts', 'state: \'failed\', items: before.items, at: before.at, fault: {reason, since: faultBefore?.since ?? now, retryAt},', 'state: \'whole\', items: [], at: now, fault: {reason, since: faultBefore?.since ?? now, retryAt},']]},
	{
		name: 'take short lists for whole ones, in the adapter', isWired: true, edits: [
			['github/pages.ts', 'Math.max(0, Math.min(total ?? 0, list.most ?? Infinity) - rows.size - broken)', '0'],
			['github/runners.ts', 'if (read.total === runners.length) {', 'if (read.total === runners.length || read.total !== runners.length) {'],
		],
	},
	{name: 'keep an answer that broke off', isWired: true, edits: [['github/transport.ts', 'if (isJson(body)) {', 'if (isJson(body) || body.length > 0) {']]},
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
			['hetzner/servers.ts', 'query: {label_selector: ownSelector(repository), sort: \'id:asc\'}', 'query: {sort: \'id:asc\', ...(ownSelector(repository) === \'\' && {})}'],
		],
	},
	{name: 'ignore --max-runners', edits: [['scaler/scale-up/plan.ts', 'count >= policy.maxRunners', 'count < 0']]},
	{name: 'forget creations under way when counting', edits: [['scaler/scale-up/plan.ts', '?? gate(snapshot, memory, policy, stance, alive + actions.length,', '?? gate(snapshot, memory, policy, stance, alive,']]},
	{name: 'ask GitHub on before its limit resets', isWired: true, edits: [['github/request-limits.ts', 'const until = blocked();\n\t\t\tif (until !== undefined) {', 'const until = blocked();\n\t\t\tif (until !== undefined && until < 0) {']]},
	{
		name: 'ask Hetzner on after a 429', isWired: true, edits: [
			['hetzner/request.ts', 'const until = blocked();\n\t\tif (until !== undefined) {', 'const until = blocked();\n\t\tif (until !== undefined && until < 0) {'],
			['hetzner/request.ts', 'code: \'rate_limit_exceeded\', correlation, retryAt: blockedUntil,', 'code: \'rate_limit_exceeded\', correlation,'],
		],
	},
	{name: 'repeat a create whose answer was lost, under another name', edits: [['scaler/create.ts', 'return lookUp(live, name);', 'await hetzner.createServer({name: `${name}-2` as ServerName, placement, job, runnerLabels: labels});\n\t\t\treturn lookUp(live, name);']]},
	{name: 'never delete what is powered off', edits: [['scaler/scale-down/powered-off.ts', 'return forSeconds >= policy.maxPoweredOffSeconds ?', 'return forSeconds < 0 ?']]},
	{name: 'forget zombies', edits: [['scaler/scale-down/plan.ts', 'judgeBusy, judgeIdle, judgeZombie];', 'judgeBusy, judgeIdle, ...(judgeZombie.length > 5 ? [judgeZombie] : [])];']]},
	{name: 'forget idle servers', edits: [['scaler/scale-down/idle.ts', 'if (sighting === undefined || forSeconds < limitSeconds) {', 'if (sighting === undefined || forSeconds >= 0) {']]},
	{name: 'forget what was never fully deleted', edits: [['scaler/scale-down/leaving.ts', 'const isStuck = sighting !== undefined', 'const isStuck = now < 0 && sighting !== undefined']]},
	{name: 'do not follow a set-up that another run began', edits: [['scaler/attend.ts', 'if (!isSettled && ', 'if (!isSettled && now < 0 && ']]},
	{name: 'count GitHub\'s trouble against the server', edits: [['scaler/provision.ts', 'visit.since = live.ports.clock.now(); // GitHub', '// GitHub']]},
	{name: 'know servers by today\'s name', isWired: true, edits: [['hetzner/rows.ts', 'name: runnerName ?? data.name as ServerName,', 'name: (runnerName === undefined ? data.name : data.name) as ServerName,']]},
	{name: 'leave out a verdict', edits: [['scaler/scale-up/plan.ts', 'verdicts.set(job.id, supply.says);', '']]},
	{name: 'mask no token but one\'s own', edits: [['scaler/provision.ts', '.replaceAll(tokenShape, \'***\')', '']]},
	{name: 'show tokens in set-up output', edits: [['scaler/provision.ts', 'cleanText(withoutSecrets(item.text, secrets))', 'cleanText(item.text)']]},
];
