import test from 'ava';
import type {ServerId} from '../../source/model/server.ts';
import type {SetUp} from '../../source/model/snapshot.ts';
import type {Plan} from '../../source/scaler/action.ts';
import {emptyMemory} from '../../source/scaler/memory.ts';
import {
	at,
	fault,
	givenJob,
	givenPolicy,
	givenRunner,
	givenServer,
	givenSnapshot,
	looksUntil,
	planLooks,
} from '../support/given.ts';

const server = givenServer(1);
const done: SetUp = {
	step: 'done', sshAt: at(0), setupEndedAt: at(0), endedAt: at(0),
};
const setUps = new Map([[server.name, done]]);

function verdictOf(plan: Plan): unknown {
	return plan.serverVerdicts.get(server.id);
}

function deletedBy(plan: Plan): readonly string[] {
	return plan.actions.filter(action => action.type === 'deleteServer').map(action => action.reason.kind);
}

test('a server that is off is kept for 20 s and then deleted', t => {
	const off = givenServer(1, {status: 'off', startupEndedAt: at(0)});
	const young = planLooks(looksUntil(10, {servers: [off]}));
	t.like(verdictOf(young), {code: 'off', forSeconds: 10, limitSeconds: 20});
	t.deepEqual(deletedBy(young), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(20, {servers: [off]}))), ['off']);
});

test('a server that was off and runs again starts anew', t => {
	const off = givenServer(1, {status: 'off', startupEndedAt: at(0)});
	const plan = planLooks([
		...looksUntil(10, {servers: [off]}),
		{second: 20, snapshot: givenSnapshot(20, {servers: [server], runners: [givenRunner(1)]})},
		{second: 30, snapshot: givenSnapshot(30, {servers: [off]})},
	]);
	t.like(verdictOf(plan), {code: 'off', forSeconds: 0});
});

test('a server that is off is deleted although GitHub cannot be read', t => {
	const plan = planLooks(looksUntil(20, {servers: [givenServer(1, {status: 'off', startupEndedAt: at(0)})]}, {
		runners: {
			state: 'failed', items: [], at: undefined, fault,
		}, jobs: {
			state: 'failed', items: [], at: undefined, fault,
		},
	}));
	t.deepEqual(deletedBy(plan), ['off']);
});

test('a deletion that Hetzner does not bring to an end is asked for again', t => {
	const leaving = {servers: [givenServer(1, {status: 'deleting'})]};
	t.like(verdictOf(planLooks(looksUntil(170, leaving))), {code: 'leaving'});
	t.deepEqual(deletedBy(planLooks(looksUntil(170, leaving))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(180, leaving))), ['zombie']);
});

test('an idle runner\'s server is deleted after 120 s, not before', t => {
	const lists = {servers: [server], runners: [givenRunner(1)]};
	t.like(verdictOf(planLooks(looksUntil(110, lists, {setUps}))), {code: 'idle', forSeconds: 110, limitSeconds: 120});
	t.deepEqual(deletedBy(planLooks(looksUntil(110, lists, {setUps}))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(120, lists, {setUps}))), ['idle']);
});

test('past --max-server-life a busy server says that it gets no other job, an idle one goes at once, and one in its set-up is left to its own limits', t => {
	const policy = givenPolicy({maxServerLifeSeconds: 600});
	const idle = {servers: [server], runners: [givenRunner(1)]};
	const busy = {servers: [server], runners: [givenRunner(1, {isBusy: true})]};
	const atWork = planLooks(looksUntil(700, busy, {setUps}), {policy});
	t.like(verdictOf(atWork), {code: 'busy', lifeSeconds: 600});
	t.deepEqual(deletedBy(atWork), []);
	t.like(verdictOf(planLooks(looksUntil(590, busy, {setUps}), {policy})), {code: 'busy', lifeSeconds: undefined});
	const ended = planLooks([...looksUntil(700, busy, {setUps}), ...looksUntil(720, idle, {setUps}).filter(({second}) => second > 700)], {policy});
	t.like(verdictOf(ended), {code: 'outlived', limitSeconds: 600});
	t.deepEqual(ended.actions.flatMap(action => action.type === 'deleteServer' ? [action.reason.words] : []), ['older than 10m (--max-server-life) and idle']);
	const once = planLooks([...looksUntil(700, busy, {setUps}), ...looksUntil(710, idle, {setUps}).filter(({second}) => second > 700)], {policy});
	t.deepEqual(deletedBy(once), [], 'one read is not believed');
	const job = givenJob(9, {labels: ['self-hosted']});
	const wanting = planLooks([...looksUntil(700, busy, {setUps}), ...looksUntil(710, {...idle, jobs: [job]}, {setUps}).filter(({second}) => second > 700)], {policy});
	t.is(wanting.jobVerdicts.get(job.id)?.code, 'toCreate', 'it is no runner for another job');
	const settingUp = new Map([[server.name, {step: 'startup', sshAt: at(600), since: at(610)} as const]]);
	t.like(verdictOf(planLooks(looksUntil(700, {servers: [server]}, {setUps: settingUp}), {policy})), {code: 'settingUp'});
});

test('an idle runner is kept while a job that it could take has been queued for less than a minute (actions/runner#4422)', t => {
	const alone = {servers: [server], runners: [givenRunner(1)]};
	const joined = {...alone, jobs: [givenJob(9)]};
	const idleThenJob = (queuedAt: number, until: number) => [
		...looksUntil(queuedAt - 10, alone, {setUps}),
		...looksUntil(until, joined, {setUps}).filter(({second}) => second >= queuedAt),
	];
	t.deepEqual(deletedBy(planLooks(idleThenJob(110, 160))), [], 'the job came just before the limit');
	t.deepEqual(deletedBy(planLooks(idleThenJob(110, 170))), ['idle']);
	t.deepEqual(deletedBy(planLooks(idleThenJob(10, 120))), ['idle'], 'a job that waited for long is not its own');
	const foreign = {...alone, jobs: [givenJob(9, {labels: ['self-hosted', 'gpu']})]};
	t.deepEqual(deletedBy(planLooks([...looksUntil(100, alone, {setUps}), ...looksUntil(120, foreign, {setUps}).slice(-2)])), ['idle'], 'it could not take that one');
});

test('one look that calls a busy runner idle does not count', t => {
	const idle = {servers: [server], runners: [givenRunner(1)]};
	const busy = {servers: [server], runners: [givenRunner(1, {isBusy: true})]};
	const plan = planLooks([
		{second: 0, snapshot: givenSnapshot(0, busy, {setUps})},
		{second: 500, snapshot: givenSnapshot(500, idle, {setUps})},
	], {policy: givenPolicy({maxIdleRunnerSeconds: 0})});
	t.like(verdictOf(plan), {code: 'idleUnproven', reads: 1});
	t.deepEqual(deletedBy(plan), []);
});

test('a runner that GitHub calls idle, but that a running job names, is busy', t => {
	const job = givenJob(1, {status: 'inProgress', runnerName: server.name, startedAt: at(0)});
	const plan = planLooks(looksUntil(900, {servers: [server], runners: [givenRunner(1)], jobs: [job]}, {setUps}));
	t.like(verdictOf(plan), {code: 'busy', forSeconds: 900});
	t.deepEqual(deletedBy(plan), []);
});

test('an offline runner with a job is kept for ever', t => {
	const job = givenJob(1, {status: 'inProgress', runnerName: server.name, startedAt: at(0)});
	t.deepEqual(deletedBy(planLooks(looksUntil(900, {servers: [server], runners: [givenRunner(1, {isOnline: false})], jobs: [job]}, {setUps}))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(900, {servers: [server], runners: [givenRunner(1, {isOnline: false, isBusy: true})]}, {setUps}))), []);
});

test('a server whose runner never registers is a zombie 60 s after its startup script', t => {
	const early = planLooks(looksUntil(50, {servers: [server]}, {setUps}));
	t.like(verdictOf(early), {code: 'registering', forSeconds: 50, limitSeconds: 60});
	const late = planLooks(looksUntil(60, {servers: [server]}, {setUps}));
	t.like(verdictOf(late), {code: 'zombie', reason: {why: 'neverRegistered'}});
	t.deepEqual(deletedBy(late), ['zombie']);
});

test('the registration limit does not run while the scripts do', t => {
	const running = new Map([[server.name, {step: 'startup', sshAt: at(0), since: at(5)} as const]]);
	const plan = planLooks(looksUntil(590, {servers: [server]}, {setUps: running}));
	t.like(verdictOf(plan), {
		code: 'settingUp', script: 'startup', forSeconds: 590, limitSeconds: 600,
	});
	t.deepEqual(deletedBy(planLooks(looksUntil(630, {servers: [server]}, {setUps: running}))), ['zombie']);
});

test('a server that SSH never reaches is a zombie after 180 s', t => {
	const waiting = new Map([[server.name, {step: 'waitingForSsh', since: at(0), lastAnswer: 'Connection refused'} as const]]);
	t.like(verdictOf(planLooks(looksUntil(170, {servers: [server]}, {setUps: waiting}))), {code: 'booting', forSeconds: 170, limitSeconds: 180});
	const late = planLooks(looksUntil(180, {servers: [server]}, {setUps: waiting}));
	t.like(verdictOf(late), {code: 'zombie', reason: {why: 'notReady', lastAnswer: 'Connection refused'}});
	t.deepEqual(deletedBy(late), ['zombie']);
});

test('a set-up that failed is kept for a minute to be looked at, then deleted', t => {
	const failed = new Map([[server.name, {
		step: 'failed', at: at(0), reason: 'startup script: exit code 1', lastLines: [],
	} as const]]);
	t.like(verdictOf(planLooks(looksUntil(50, {servers: [server]}, {setUps: failed}))), {code: 'zombie', reason: {why: 'setUpFailed'}, forSeconds: 50});
	t.deepEqual(deletedBy(planLooks(looksUntil(50, {servers: [server]}, {setUps: failed}))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(60, {servers: [server]}, {setUps: failed}))), ['zombie']);
});

test('a server whose runner is gone, yet runs on, is deleted a minute after the last sight of it', t => {
	const plan = planLooks([
		...looksUntil(30, {servers: [server], runners: [givenRunner(1, {isBusy: true})]}, {setUps}),
		...looksUntil(100, {servers: [server]}, {setUps}).slice(4),
	]);
	t.like(verdictOf(plan), {code: 'zombie', reason: {why: 'runnerGone'}, forSeconds: 60});
	t.deepEqual(deletedBy(plan), ['zombie']);
});

const failedRead = {state: 'failed', fault} as const;

test('nothing but what is off is deleted on a list of runners or servers that failed, though all reads before were whole', t => {
	for (const list of ['runners', 'servers'] as const) {
		const last = givenSnapshot(130, {servers: [server], runners: [givenRunner(1)]}, {setUps});
		const before = looksUntil(110, {servers: [server], runners: [givenRunner(1)]}, {setUps});
		t.deepEqual(deletedBy(planLooks([...before, {second: 130, snapshot: last}])), ['idle']);
		const plan = planLooks([...before, {second: 130, snapshot: {...last, [list]: {...last[list], ...failedRead}}}]);
		t.deepEqual(deletedBy(plan), []);
		t.like(verdictOf(plan), {code: 'keptUnread', missing: list});
	}
});

// A list of jobs that cannot be read from that second on: in part (one run, actions/runner#3872), or not at all.
function unreadFrom(begin: number, state: 'partial' | 'failed', until: number, lists: Parameters<typeof givenSnapshot>[1]): Parameters<typeof planLooks>[0] {
	const since = {...fault, since: at(begin)};
	return looksUntil(until, lists, {setUps}).map(({second, snapshot}) => second < begin
		? {second, snapshot}
		: {
			second, snapshot: {
				...snapshot, jobs: state === 'partial'
					? {
						...snapshot.jobs, state, at: at(second), gaps: [{what: 'jobs of run 9'}], fault: since,
					}
					: {...snapshot.jobs, state, fault: since},
			},
		});
}

for (const [state, patience] of [['partial', 180], ['failed', 240]] as const) {
	test(`while jobs are ${state}, an idle server goes once its runner's own record has said so for ${patience} s, and no sooner`, t => {
		const lists = {servers: [server], runners: [givenRunner(1)]};
		t.like(verdictOf(planLooks(unreadFrom(110, state, 110 + patience - 10, lists))), {code: 'keptUnread'});
		t.deepEqual(deletedBy(planLooks(unreadFrom(110, state, 110 + patience - 10, lists))), []);
		t.deepEqual(deletedBy(planLooks(unreadFrom(110, state, 110 + patience, lists))), ['idle']);
		t.deepEqual(deletedBy(planLooks(unreadFrom(0, state, 3600, {...lists, runners: [givenRunner(1, {isBusy: true})]}))), [], 'a busy one never');
	});
}

test('a gap names a runner: that one is left alone, the others are not', t => {
	const lists = {servers: [server, givenServer(2)], runners: [givenRunner(2)]};
	const gaps = [{what: `runner ${server.name}`, runnerName: server.name}];
	const plan = planLooks(looksUntil(900, lists, {setUps}).map(({second, snapshot}) => ({
		second, snapshot: {
			...snapshot, runners: {
				...snapshot.runners, state: 'partial', at: at(second), gaps, fault,
			},
		},
	})));
	t.deepEqual(plan.actions.map(action => action.type === 'deleteServer' && action.server.id), [givenServer(2).id]);
});

test('a job that can no longer be read protects the runner it was last seen on for an hour against the runner\'s own record', t => {
	const job = givenJob(1, {status: 'inProgress', runnerName: server.name, startedAt: at(0)});
	const lists = {servers: [server], runners: [givenRunner(1)]};
	const unread = (until: number) => planLooks(unreadFrom(0, 'partial', until, lists).map(({second, snapshot}) => ({second, snapshot: {...snapshot, unreadJobs: [job]}})));
	t.like(verdictOf(unread(3590)), {code: 'busy'});
	t.deepEqual(deletedBy(unread(3590)), []);
	t.deepEqual(deletedBy(unread(3600)), ['idle']);
});

test('a job in a state that we do not know protects the runner that it names', t => {
	const job = givenJob(1, {status: 'unknown', runnerName: server.name});
	t.like(verdictOf(planLooks(looksUntil(900, {servers: [server], runners: [givenRunner(1)], jobs: [job]}, {setUps}))), {code: 'busy'});
});

test('a server that is off before it ever ran is on its way to its first start (terraform-provider-hcloud#505)', t => {
	const off = {servers: [givenServer(1, {status: 'off'})]};
	t.like(verdictOf(planLooks(looksUntil(170, off))), {code: 'booting', forSeconds: 170, limitSeconds: 180});
	t.deepEqual(deletedBy(planLooks(looksUntil(170, off))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(180, off))), ['off']);
});

test('a runner that is registered but never connects, on a server that SSH cannot reach, does not keep it', t => {
	const waiting = new Map([[server.name, {step: 'waitingForSsh', since: at(0), lastAnswer: 'Connection refused'} as const]]);
	const lists = {servers: [server], runners: [givenRunner(1, {isOnline: false})]};
	t.deepEqual(deletedBy(planLooks(looksUntil(180, lists, {setUps: waiting}))), ['zombie']);
});

test('another engine\'s server is left alone until nobody can be looking after it any more', t => {
	const others = givenServer(1, {engineSet: 'other'});
	const lists = {servers: [others], runners: [givenRunner(1)]};
	const limit = 180 + 600 + 60 + 120 + 600;
	t.like(verdictOf(planLooks(looksUntil(limit - 10, lists))), {code: 'otherEngine', limitSeconds: limit});
	t.deepEqual(deletedBy(planLooks(looksUntil(limit - 10, lists))), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(limit, lists))), ['zombie']);
	t.deepEqual(deletedBy(planLooks(looksUntil(30, {servers: [{...others, status: 'off', startupEndedAt: at(0)}]}))), ['off'], 'what is off is anybody\'s');
	t.deepEqual(deletedBy(planLooks(looksUntil(3600, {servers: [others], runners: [givenRunner(1, {isBusy: true})]}))), []);
});

test('delete protection is said, and asked about again only after its time', t => {
	const off = {servers: [givenServer(1, {status: 'off', startupEndedAt: at(0)})]};
	const memory = {...emptyMemory, protected: new Map([[server.id, {answer: 'server deletion is protected', retryAt: at(3600)}]])};
	t.like(verdictOf(planLooks(looksUntil(60, off), {memory})), {code: 'keptProtected'});
	t.deepEqual(deletedBy(planLooks(looksUntil(60, off), {memory})), []);
	t.deepEqual(deletedBy(planLooks(looksUntil(3600, off), {memory})), ['off']);
});

test('paused still deletes; frozen does not, and what a server is stays to be seen', t => {
	const lists = {servers: [server], runners: [givenRunner(1)]};
	t.deepEqual(deletedBy(planLooks(looksUntil(120, lists, {setUps}), {input: {mode: 'paused'}})), ['idle']);
	const frozen = planLooks(looksUntil(120, lists, {setUps}), {input: {mode: 'frozen'}});
	t.deepEqual(deletedBy(frozen), []);
	t.deepEqual(verdictOf(frozen), {code: 'idle', forSeconds: 120, limitSeconds: 120});
	const off = {servers: [{...server, status: 'off'} as const]};
	const still = planLooks(looksUntil(400, off, {setUps}), {input: {mode: 'frozen'}});
	t.deepEqual(deletedBy(still), []);
	t.like(verdictOf(still), {code: 'off', forSeconds: 400});
});

test('draining deletes idle servers as soon as two looks agree, busy ones never', t => {
	t.deepEqual(deletedBy(planLooks(looksUntil(10, {servers: [server], runners: [givenRunner(1)]}, {setUps}), {input: {mode: 'draining'}})), ['drain']);
	t.deepEqual(deletedBy(planLooks(looksUntil(900, {servers: [server], runners: [givenRunner(1, {isBusy: true})]}, {setUps}), {input: {mode: 'draining'}})), []);
});

test('a dry run says what it would delete', t => {
	const plan = planLooks(looksUntil(20, {servers: [givenServer(1, {status: 'off', startupEndedAt: at(0)})]}), {policy: givenPolicy({isDryRun: true})});
	t.like(verdictOf(plan), {code: 'wouldDelete'});
	t.deepEqual(plan.actions, []);
});

test('a runner record of ours without a server is removed after a minute, others never', t => {
	const memory = {...emptyMemory, ownNames: new Set([givenServer(5).name])};
	const removed = (second: number, runner = givenRunner(5, {isOnline: false})) => planLooks(looksUntil(second, {runners: [runner]}), {memory}).actions.map(action => action.type);
	t.deepEqual(removed(50), []);
	t.deepEqual(removed(60), ['removeRunner']);
	t.deepEqual(removed(900, givenRunner(5, {isOnline: false, name: 'office-mac'})), []);
	t.deepEqual(removed(900, givenRunner(6, {isOnline: false})), [], 'a name of our form is no proof: an engine on another project gives the same (pytorch/test-infra#5384)');
	t.deepEqual(removed(900, givenRunner(5, {isOnline: false, isEphemeral: false})), [], 'a machine that somebody keeps');
	t.deepEqual(removed(900, givenRunner(5, {isOnline: true})), []);
	t.deepEqual(removed(900, givenRunner(5, {isOnline: false, isBusy: true})), []);
});

test('every server and runner has a verdict at every look', t => {
	const servers = [server, givenServer(2, {status: 'off'}), givenServer(3, {status: 'unknown'}), givenServer(4, {status: 'deleting'}), givenServer(5, {status: 'initializing', ip: undefined})];
	const runners = [givenRunner(1), givenRunner(8, {name: 'office-mac'})];
	const plan = planLooks(looksUntil(0, {servers, runners}));
	t.deepEqual([...plan.serverVerdicts.keys()], servers.map(({id}) => id));
	t.deepEqual([...plan.runnerVerdicts.keys()], runners.map(({id}) => id));
});

test('a name that comes back with another server brings nothing of what was known of the first', t => {
	const first = {servers: [givenServer(1)], runners: [givenRunner(1)]};
	const second = {servers: [givenServer(1, {id: 2 as ServerId, created: at(20)})], setUps: new Map()};
	const {actions} = planLooks([{second: 0, snapshot: givenSnapshot(0, first)}, ...[20, 30, 90, 100].map(now => ({second: now, snapshot: givenSnapshot(now, second)}))]);
	t.deepEqual(actions, []);
});

test('the end of a startup script that another machine dates into the future is counted from the first sight', t => {
	const lists = {servers: [givenServer(1, {startupEndedAt: at(600)})]};
	const {actions} = planLooks(looksUntil(70, lists));
	t.like(actions[0], {type: 'deleteServer', reason: {words: 'its runner never registered'}});
});

test('a clock that was put right shortens no limit: a server is waited for since it was made, when that is later than it was first seen', t => {
	const made = givenServer(1, {created: at(600)});
	const memory = {...emptyMemory, firstSeen: new Map([[made.id, at(-100)]])};
	t.like(verdictOf(planLooks([{second: 610, snapshot: givenSnapshot(610, {servers: [made]})}], {memory})), {code: 'booting', forSeconds: 10});
	const tomorrow = givenServer(1, {created: at(90_000)});
	t.like(verdictOf(planLooks([{second: 610, snapshot: givenSnapshot(610, {servers: [tomorrow]})}], {memory})), {code: 'zombie', forSeconds: 710}, 'a date that is still to come protects nothing');
});
