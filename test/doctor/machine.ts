import test from 'ava';
import {
	judgeBudget, judgeClock, judgeRunners, judgeToken,
} from '../../source/doctor/github.ts';
import {judgeLimit} from '../../source/doctor/hetzner.ts';
import {judgeFolder, judgeService, judgeSocket} from '../../source/doctor/machine.ts';
import {instant, later} from '../../source/model/time.ts';

const now = instant(Date.UTC(2026, 10, 24));

test('a full disk and a folder that cannot be written are found', t => {
	const folder = (freeMegabytes: number, isWritable = true) => judgeFolder({path: '/var/lib/x', isWritable, freeBytes: freeMegabytes * 1_048_576}).level;
	t.is(folder(5000), 'ok');
	t.is(folder(400), 'warning');
	t.is(folder(20), 'fault');
	t.is(folder(5000, false), 'fault');
});

test('a service that does not run, and one of another version, are found', t => {
	const installed = {version: '1.0.0', repository: 'acme/widgets'};
	t.is(judgeService({hasSystemd: false, installed: undefined, active: 'unknown'}, '1.0.0').level, 'ok');
	t.is(judgeService({hasSystemd: true, installed, active: 'active'}, '1.0.0').level, 'ok');
	t.like(judgeService({hasSystemd: true, installed, active: 'failed'}, '1.0.0'), {level: 'fault', message: 'installed for acme/widgets, but failed'});
	t.like(judgeService({hasSystemd: true, installed, active: 'active'}, '1.1.0'), {level: 'warning', message: 'version 1.0.0 is installed, this is 1.1.0'});
});

test('an engine of another version, and one that may not be reached, are found', t => {
	t.is(judgeSocket(undefined, '1.0.0').level, 'skipped');
	t.is(judgeSocket({socketPath: '/run/x.sock', version: '1.0.0'}, '1.0.0').level, 'ok');
	t.is(judgeSocket({socketPath: '/run/x.sock', version: '0.9.0'}, '1.0.0').level, 'warning');
	t.is(judgeSocket({problem: 'only its group may use it'}, '1.0.0').level, 'warning');
});

test('budgets, clock, limits and kinds of tokens have their levels', t => {
	const budget = (remaining: number) => judgeBudget('GitHub', {
		remaining, limit: 5000, resetAt: later(now, 60), blockedUntil: undefined,
	}, now).level;
	t.deepEqual([budget(4000), budget(900), budget(0)], ['ok', 'warning', 'fault']);
	t.deepEqual([0, 1, 30, 600].map(seconds => judgeClock(now, later(now, seconds)).level), ['ok', 'ok', 'warning', 'fault']);
	t.is(judgeClock(undefined, now).level, 'warning');
	t.deepEqual([judgeLimit(3, 10).level, judgeLimit(10, 10).level, judgeLimit(3, undefined).level], ['ok', 'warning', 'ok']);
	const token = (text: string) => judgeToken(text, {scopes: undefined, ends: undefined, now}, 'https://github.com')[0];
	t.like(token('github_pat_x'), {level: 'ok', message: 'a fine-grained token, without an end'});
	t.is(token('ghs_x')?.level, 'warning');
});

test('a runner that GitHub offers below its own floor, and a pinned one that ends, are found', t => {
	t.is(judgeRunners('2.338.0', [], now)[0]?.level, 'ok');
	t.is(judgeRunners('2.320.1', [], now)[0]?.level, 'warning');
	const pinned = (days: number) => judgeRunners('2.338.0', [{flag: '--startup-x64-script', version: '2.335.1', ends: later(now, days * 86_400)}], now)[0]?.level;
	t.deepEqual([pinned(10), pinned(-10)], ['warning', 'fault']);
});
