import type {Rng} from '../../source/simulator/chance.ts';
import type {Fault, HostOutcome, Corruption} from '../../source/simulator/faults.ts';

/**
Everything that can go wrong for a while, by name.
*/
export const troubles: Readonly<Record<string, (rng: Rng) => Fault>> = {
	'GitHub down': () => ({kind: 'down', api: 'github'}),
	'Hetzner down': () => ({kind: 'down', api: 'hetzner'}),
	'GitHub 502 page': () => ({
		kind: 'answer', api: 'github', status: 502, isHtml: true,
	}),
	'Hetzner 503 page': () => ({
		kind: 'answer', api: 'hetzner', status: 503, isHtml: true,
	}),
	'runners 500': () => ({
		kind: 'answer', api: 'github', operation: 'listRunners', status: 500,
	}),
	'jobs of runs 502': () => ({
		kind: 'answer', api: 'github', operation: 'listJobs', status: 502, isHtml: true,
	}),
	'runs 502': () => ({
		kind: 'answer', api: 'github', operation: 'listRuns', status: 502, isHtml: true,
	}),
	'servers 500': () => ({
		kind: 'answer', api: 'hetzner', operation: 'listServers', status: 500,
	}),
	'a server unreadable': () => ({
		kind: 'answer', api: 'hetzner', operation: 'readServer', status: 504,
	}),
	'registration 500': () => ({
		kind: 'answer', api: 'github', operation: 'registrationToken', status: 500,
	}),
	'mint 500': () => ({
		kind: 'answer', api: 'github', operation: 'jitConfig', status: 500,
	}),
	'mint worked, answers 502': () => ({
		kind: 'answerAfterwards', api: 'github', operation: 'jitConfig', status: 502,
	}),
	'list by name misses': () => ({kind: 'nameFilterMisses'}),
	locked: () => ({
		kind: 'answer', api: 'hetzner', operation: 'deleteServer', status: 423, code: 'locked',
	}),
	'create worked, answers 504': () => ({
		kind: 'answerAfterwards', api: 'hetzner', operation: 'createServer', status: 504,
	}),
	'create fails 500': () => ({
		kind: 'answer', api: 'hetzner', operation: 'createServer', status: 500,
	}),
	'delete worked, answers 502': () => ({
		kind: 'answerAfterwards', api: 'hetzner', operation: 'deleteServer', status: 502,
	}),
	'runner removed, answers 502': () => ({
		kind: 'answerAfterwards', api: 'github', operation: 'removeRunner', status: 502,
	}),
	'GitHub truncated': () => ({kind: 'cut', api: 'github'}),
	'Hetzner truncated': () => ({kind: 'cut', api: 'hetzner'}),
	'stale runners': () => ({kind: 'stale', api: 'github', operation: 'listRunners'}),
	'stale jobs': () => ({kind: 'stale', api: 'github', operation: 'listJobs'}),
	'stale runs': () => ({kind: 'stale', api: 'github', operation: 'listRuns'}),
	'stale servers': () => ({kind: 'stale', api: 'hetzner', operation: 'listServers'}),
	'GitHub 401': () => ({kind: 'badCredentials', api: 'github'}),
	'Hetzner 401': () => ({kind: 'badCredentials', api: 'hetzner'}),
	'GitHub slow': rng => ({kind: 'slow', api: 'github', seconds: rng.between([3, 25])}),
	'Hetzner slow': rng => ({kind: 'slow', api: 'hetzner', seconds: rng.between([3, 25])}),
	'secondary limit': rng => ({kind: 'secondaryLimit', retryAfterSeconds: rng.pick([20, 60, 120])}),
	'Hetzner 429': () => ({
		kind: 'answer', api: 'hetzner', status: 429, code: 'rate_limit_exceeded',
	}),
	'cx23 gone in fsn1': () => ({
		kind: 'pairRefused', serverType: 'cx23', location: 'fsn1', form: 'placement',
	}),
	'cx23 disabled': () => ({kind: 'pairRefused', serverType: 'cx23', form: 'disabled'}),
	'cx23 unavailable': () => ({kind: 'pairRefused', serverType: 'cx23', form: 'unavailable'}),
	'cax11 unsupported in fsn1': () => ({
		kind: 'pairRefused', serverType: 'cax11', location: 'fsn1', form: 'unsupported',
	}),
	'server limit': rng => ({kind: 'serverLimit', limit: 3 + rng.below(5)}),
	'primary IP limit': rng => ({kind: 'serverLimit', limit: 3 + rng.below(5), what: 'Primary IP'}),
	'create action fails': () => ({kind: 'actionFails', command: 'create_server'}),
	'delete action fails': () => ({kind: 'actionFails', command: 'delete_server'}),
	'busy reads as idle': () => ({kind: 'saysIdle'}),
	'busy runners let go': () => ({kind: 'letsGoOfBusyRunners'}),
	'at work reads as offline': () => ({kind: 'saysOffline'}),
	'idle reads as busy': () => ({kind: 'saysBusy'}),
};

const corruptions: readonly Corruption[] = ['lostRows', 'doubledRows', 'nullFields', 'wrongTypes', 'unknownFields'];

/**
What only an answer over HTTP can have wrong.
*/
export const troublesOverHttp: typeof troubles = {
	'repository renamed': () => ({kind: 'moved'}),
	...Object.fromEntries((['github', 'hetzner'] as const).flatMap(api => corruptions.map(how => [`${api}: ${how}`, () => ({kind: 'corrupted', api, how})] as const))),
};

/**
How a new server may turn out badly.
*/
export const badOutcomes = [
	'setupFails',
	'configFails',
	'runShFails',
	'neverRegisters',
	'wrongLabels',
	'neverGetsJob',
	'neverPowersOff',
	'sshNeverUp',
	'hangsMidScript',
	'freezes',
	'dropsConnection',
	'hostKeyChanges',
	'floods',
	'fillsDisk',
	'noAddress',
	'deprecatedRunner',
	'registersTwice',
	'oldName',
	'ghost',
	'losesAssignment',
] as const satisfies readonly HostOutcome[];
