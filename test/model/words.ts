import test from 'ava';
import {cleanText} from '../../source/model/clean-text.ts';
import {
	costMicros,
	parseMicros,
	formatMoney,
	startedHours,
} from '../../source/model/money.ts';
import {
	isServerName, serverNameFor, shortenNames, shortestServerName, shortServerName,
} from '../../source/model/server-name.ts';
import {later, formatDuration} from '../../source/model/time.ts';
import {describeJobVerdict, describeServerVerdict} from '../../source/model/describe-verdict.ts';
import {missingLabels} from '../../source/model/labels.ts';
import {placementsFor} from '../../source/model/placements.ts';
import {
	at,
	givenCatalogue,
	givenJob,
	givenPolicy,
	start,
} from '../support/given.ts';

test('durations are said in two units at most', t => {
	t.deepEqual([0, 8, 59, 60, 124, 3600, 3900, 86_400, 273_600, 36_720, 1_000_000, 10_800_000].map(seconds => formatDuration(seconds)), ['0s', '8s', '59s', '1m', '2m4s', '1h', '1h 5m', '1d', '3d 4h', '10h12m', '11d13h', '125d']);
});

test('prices are read to the millionth and never lost to rounding', t => {
	t.is(parseMicros('0.0104720000000000'), 10_472);
	t.is(parseMicros('5.49'), 5_490_000);
	t.is(parseMicros('0.0000015'), 2);
	t.is(parseMicros('free'), undefined);
});

test('every started hour is paid in full, the month at most', t => {
	t.deepEqual([0, 1, 3599, 3600, 3601].map(seconds => startedHours(start, later(start, seconds))), [1, 1, 1, 1, 2]);
	t.is(costMicros({hourlyMicros: 10, monthlyMicros: 35}, start, later(start, 7200)), 20);
	t.is(costMicros({hourlyMicros: 10, monthlyMicros: 35}, start, later(start, 36_000)), 35);
});

test('money has its sign', t => {
	t.deepEqual([0, 67_000, 2_140_000].map(micros => formatMoney(micros, 'EUR')), ['€0.00', '€0.067', '€2.14']);
	t.is(formatMoney(12_500_000, 'USD'), '$12.50');
});

test('a server\'s name is its job\'s, with a count when that is taken', t => {
	const job = givenJob(9);
	t.is<string, string>(serverNameFor(job, new Set()), 'gh-actions-runner-7-9');
	t.is<string, string>(serverNameFor(job, new Set(['gh-actions-runner-7-9', 'gh-actions-runner-7-9-2'])), 'gh-actions-runner-7-9-3');
	t.true(isServerName('gh-actions-runner-7-9-3'));
	t.false(isServerName('gh-actions-runner-7'));
	t.is(shortServerName('gh-actions-runner-7-9'), '…7-9');
	t.is(shortestServerName('gh-actions-runner-7-9-2'), '…9-2');
	t.is(shortestServerName('office-mac-mini'), 'office-mac-mini');
	t.is(shortestServerName('runs on …7-9-2'), 'runs on …9-2');
	const words = 'runner gh-actions-runner-7-9-2 is registered';
	t.deepEqual([44, 43, 27, 26].map(width => shortenNames(words, shorter => shorter.length <= width)), [words, 'runner …7-9-2 is registered', 'runner …7-9-2 is registered', 'runner …9-2 is registered']);
});

test('text from outside loses what could harm a terminal or a reader', t => {
	t.is(cleanText('a\u{1B}[2Jb\u{9B}c\u{202E}d\n\u{7}'), 'a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}\u{FFFD}');
	t.is(cleanText('测试 👩‍🚀 e\u{301}'), '测试 👩‍🚀 e\u{301}');
});

test('labels match whole sets without case', t => {
	t.deepEqual(missingLabels(['Self-Hosted', 'gpu'], ['self-hosted', 'X64']), ['gpu']);
});

test('placements go through types first, then locations, in the order given', t => {
	const policy = givenPolicy({locations: ['nbg1', 'fsn1']});
	const placements = placementsFor(['self-hosted', 'server-cpx22', 'server-cx23'], policy, givenCatalogue());
	t.deepEqual('why' in placements ? [] : placements.map(({serverType, location}) => `${serverType}@${location ?? ''}`), ['cpx22@nbg1', 'cpx22@fsn1', 'cx23@nbg1', 'cx23@fsn1']);
});

test('a location that does not sell a type is left out, and said when none is left', t => {
	t.like(placementsFor(['server-cpx22'], givenPolicy({locations: ['hel1']}), givenCatalogue()), {why: 'notSoldThere', serverType: 'cpx22'});
});

test('a label that no runner can carry is said', t => {
	t.like(placementsFor(['a,b'], givenPolicy(), givenCatalogue()), {why: 'unfitLabel'});
	t.like(placementsFor(['self-hosted', 'x64', 'server-cax11'], givenPolicy(), givenCatalogue()), {why: 'wrongArchitecture'});
});

test('verdicts read as short sentences', t => {
	const placement = {
		serverType: 'cax11', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'arm64',
	} as const;
	const refused = {
		code: 'refused', cool: {
			placement, answer: 'no room', tries: 6, since: start, retryAt: at(40),
		}, next: {...placement, location: 'nbg1'}, nextAt: at(20),
	} as const;
	t.is(describeJobVerdict(refused, start), 'cax11 in fsn1 refused, nbg1 next in 20s (try 7)');
	t.is(describeJobVerdict({code: 'waitsForLimit', count: 10, limit: 10}, start), 'waits: 10 of 10 servers');
	t.is(describeJobVerdict({code: 'notOurs', missing: ['self-hosted']}, start), 'ignored: not labelled self-hosted');
	t.is(describeServerVerdict({code: 'idle', forSeconds: 95, limitSeconds: 120}, start), 'idle 1m35s of 2m');
});
