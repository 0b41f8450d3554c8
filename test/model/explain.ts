import test from 'ava';
import {describeExplanation, explain, type Known} from '../../source/model/explain.ts';
import {
	at, givenCatalogue, givenPolicy, start,
} from '../support/given.ts';

const known: Known = {
	policy: givenPolicy({serverTypes: []}), catalogue: givenCatalogue(), refusals: new Map(), servers: [], mode: 'scaling', now: start,
};

const lines = (labels: readonly string[], changes: Partial<Known> = {}) => describeExplanation(explain(labels, {...known, ...changes}), start);

test('what a job gets, by which rule, at which price', t => {
	t.deepEqual(lines(['self-hosted']), [
		'labels   self-hosted',
		'rules    its labels name no type and no size: the cheapest with 2 cores, 4 GB of memory, 40 GB of disk, then dearer ones',
		'         nothing that costs more than ten times the cheapest (--max-price-per-hour sets another limit)',
		'         Hetzner picks the location where a type costs the same everywhere',
		'         with --image ubuntu-24.04',
		'tries    1. cx23, x64, ubuntu-24.04, €0.011 a started hour',
		'         2. cpx22, x64, ubuntu-24.04, €0.011 a started hour',
	]);
	t.deepEqual(lines(['self-hosted', 'type-cpx22-cx23', 'in-nbg1', 'net-ipv4']).slice(1), [
		'rules    its labels name cpx22, cx23: tried in that order',
		'         its labels name the location nbg1',
		'         with --image ubuntu-24.04',
		'         with IPv4 only',
		'tries    1. cpx22 in nbg1, x64, ubuntu-24.04, €0.011 a started hour',
		'         2. cx23 in nbg1, x64, ubuntu-24.04, €0.011 a started hour',
	]);
});

const obstacles: ReadonlyArray<readonly [labels: readonly string[], changes: Partial<Known>, words: readonly string[]]> = [
	[['big'], {}, ['it lacks the label self-hosted (--with-label), so it is ignored']],
	[['self-hosted'], {mode: 'paused'}, ['the engine is paused']],
	[['self-hosted', 'cpu-64'], {}, ['no server type has 64 cores, x64']],
	[['self-hosted', 'arm64', 'type-cx23'], {}, ['label arm64 never fits an x64 server']],
	[['self-hosted', 'type-nope'], {}, ['Hetzner has no server type nope']],
	[['self-hosted'], {policy: givenPolicy({maxRunners: 1}), servers: [{runnerLabels: []}]}, ['there are 1 of 1 servers (--max-runners)']],
	[['self-hosted', 'GPU'], {policy: givenPolicy({labelLimits: [{labels: ['gpu'], limit: 1}]}), servers: [{runnerLabels: ['gpu']}]}, ['there are 1 of 1 servers with gpu (--max-runners-for-label)']],
	[['self-hosted'], {catalogue: undefined}, ['what Hetzner sells could not be read yet']],
];

for (const [labels, changes, words] of obstacles) {
	test(`what holds it back: ${words.join(', ')}`, t => {
		t.deepEqual(explain(labels, {...known, ...changes}).obstacles, words);
	});
}

test('a refused type is shown with how long and why, and what comes next', t => {
	const placement = {
		serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
	} as const;
	const refusals = new Map([['cx23@', {
		placement, answer: 'no room', tries: 3, since: at(-7200), retryAt: at(80),
	}]]);
	const [first, second] = lines(['self-hosted'], {refusals}).slice(-2);
	t.is(first, 'tries    1. cx23, x64, ubuntu-24.04, €0.011 a started hour; refused for 2h (no room), again in 1m20s');
	t.is(second, '         2. cpx22, x64, ubuntu-24.04, €0.011 a started hour');
	t.deepEqual(explain(['self-hosted', 'type-cx23'], {...known, refusals}).obstacles, ['Hetzner refuses all of them at the moment']);
});
