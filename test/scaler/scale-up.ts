import test from 'ava';
import type {Job} from '../../source/model/job.ts';
import type {Gap, SetUp} from '../../source/model/snapshot.ts';
import {backOff, backOffAccount} from '../../source/scaler/backoff.ts';
import {emptyMemory, type Memory} from '../../source/scaler/memory.ts';
import type {Plan} from '../../source/scaler/action.ts';
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
	start,
} from '../support/given.ts';

function created(plan: Plan): readonly string[] {
	return plan.actions.filter(action => action.type === 'createServer').map(action => action.name);
}

function verdictOf(plan: Plan, job: Job): unknown {
	return plan.jobVerdicts.get(job.id);
}

const one = givenJob(1);
const two = givenJob(2, {createdAt: at(1)});
const three = givenJob(3, {createdAt: at(2)});

test('each queued job of a run gets a server of its own name', t => {
	t.deepEqual(created(planLooks(looksUntil(0, {jobs: [one, two]}))), ['gh-actions-runner-7-1', 'gh-actions-runner-7-2']);
});

test('a job without our label, one held at GitHub and one that runs get no server', t => {
	const hosted = givenJob(4, {labels: ['ubuntu-latest']});
	const held = givenJob(5, {status: 'waiting'});
	const running = givenJob(6, {status: 'inProgress', runnerName: 'office-mac'});
	const plan = planLooks(looksUntil(0, {jobs: [hosted, held, running]}));
	t.deepEqual(created(plan), []);
	t.like(verdictOf(plan, hosted), {code: 'notOurs', missing: ['self-hosted']});
	t.like(verdictOf(plan, held), {code: 'heldAtGitHub', status: 'waiting'});
	t.like(verdictOf(plan, running), {code: 'running'});
});

test('labels are compared without case', t => {
	t.is(created(planLooks(looksUntil(0, {jobs: [givenJob(1, {labels: ['Self-Hosted', 'SERVER-CPX22']})]}))).length, 1);
});

test('a server-{type} label chooses type and architecture', t => {
	const plan = planLooks(looksUntil(0, {jobs: [givenJob(1, {labels: ['self-hosted', 'server-cax11']})]}));
	t.like(plan.actions[0], {type: 'createServer', placement: {serverType: 'cax11', architecture: 'arm64'}, labels: ['self-hosted', 'server-cax11']});
});

test('a type that Hetzner does not have is said, not tried', t => {
	const job = givenJob(1, {labels: ['self-hosted', 'server-cx11']});
	const plan = planLooks(looksUntil(0, {jobs: [job]}));
	t.deepEqual(created(plan), []);
	t.like(verdictOf(plan, job), {code: 'unservable', fault: {why: 'unknownType', serverType: 'cx11'}});
});

test('one idle runner covers one job, not all', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one, two, three], runners: [givenRunner(90)], servers: [givenServer(90)]}));
	t.is(created(plan).length, 2);
	t.like(verdictOf(plan, one), {code: 'runnerReady'});
});

test('a busy runner covers none, an unfit one neither', t => {
	const busy = planLooks([
		...looksUntil(60, {runners: [givenRunner(90, {isBusy: true})], servers: [givenServer(90)]}),
		{second: 70, snapshot: givenSnapshot(70, {jobs: [one], runners: [givenRunner(90, {isBusy: true})], servers: [givenServer(90)]})},
	]);
	t.is(created(busy).length, 1);
	const arm = planLooks(looksUntil(0, {jobs: [givenJob(1, {labels: ['self-hosted', 'server-cax11']})], runners: [givenRunner(90)], servers: [givenServer(90)]}));
	t.is(created(arm).length, 1);
});

test('a runner that just turned busy covers the job that still shows as queued', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one], runners: [givenRunner(1, {isBusy: true})], servers: [givenServer(1)]}));
	t.deepEqual(created(plan), []);
});

test('special runners are kept for special jobs', t => {
	const plain = givenJob(1);
	const special = givenJob(2, {labels: ['self-hosted', 'gpu'], createdAt: at(5)});
	const runners = [givenRunner(90), givenRunner(91, {labels: ['self-hosted', 'Linux', 'X64', 'gpu']})];
	const plan = planLooks(looksUntil(0, {jobs: [plain, special], runners, servers: [givenServer(90), givenServer(91)]}));
	t.deepEqual(created(plan), []);
});

test('a plain job takes the special runner when that frees nothing else', t => {
	const jobs = [givenJob(1), givenJob(2)];
	const runners = [givenRunner(91, {labels: ['self-hosted', 'Linux', 'X64', 'gpu']})];
	t.is(created(planLooks(looksUntil(0, {jobs, runners, servers: [givenServer(91)]}))).length, 1);
});

test('servers that boot, set up or register cover jobs; failed and finished ones do not', t => {
	const server = givenServer(1);
	const cases: ReadonlyArray<readonly [SetUp, number]> = [
		[{step: 'waitingForSsh', since: at(0), lastAnswer: undefined}, 0],
		[{step: 'setup', sshAt: at(0), since: at(0)}, 0],
		[{
			step: 'done', sshAt: at(0), setupEndedAt: at(0), endedAt: at(0),
		}, 0],
		[{
			step: 'failed', at: at(-60), reason: 'x', lastLines: [],
		}, 0],
	];
	for (const [setUp, count] of cases) {
		t.is(created(planLooks(looksUntil(0, {jobs: [one], servers: [server]}, {setUps: new Map([[server.name, setUp]])}))).length, count, setUp.step);
	}

	t.deepEqual(created(planLooks(looksUntil(0, {jobs: [one], servers: [givenServer(9, {status: 'off', jobId: undefined, startupEndedAt: at(-9)})]}))), ['gh-actions-runner-7-1']);
});

test('a creation under way covers its job', t => {
	const placement = {
		serverType: 'cx23', location: undefined, image: 'ubuntu-24.04', architecture: 'x64',
	} as const;
	const creations = [{
		name: givenServer(1).name, jobId: one.id, runId: one.runId, labels: one.labels, placement, since: start,
	}];
	const plan = planLooks(looksUntil(0, {jobs: [one]}, {creations}));
	t.deepEqual(created(plan), []);
	t.like(verdictOf(plan, one), {code: 'creating'});
});

test('when its server serves another job, the next is …-2', t => {
	const thief = givenJob(2, {status: 'inProgress', runnerName: givenServer(1).name});
	t.deepEqual(created(planLooks(looksUntil(0, {jobs: [one, thief], servers: [givenServer(1)], runners: [givenRunner(1, {isBusy: true})]}))), ['gh-actions-runner-7-1-2']);
});

test('a failed set-up holds back the next try of its label set, longer each time', t => {
	const failing = (id: number) => new Map([[givenServer(id).name, {
		step: 'failed', at: at(0), reason: 'exit code 1', lastLines: [],
	} as const]]);
	const first = planLooks(looksUntil(0, {jobs: [one], servers: [givenServer(1)]}, {setUps: failing(1)}));
	t.like(verdictOf(first, one), {code: 'afterFailures', count: 1, retryAt: at(15)});
	const later = planLooks(looksUntil(20, {jobs: [one], servers: [givenServer(1)]}, {setUps: failing(1)}));
	t.deepEqual(created(later), ['gh-actions-runner-7-1-2']);
	const second = planLooks([{second: 20, snapshot: givenSnapshot(20, {jobs: [one], servers: [givenServer(2)]}, {setUps: failing(2)})}], {memory: first.memory});
	t.like(verdictOf(second, one), {code: 'afterFailures', count: 2, retryAt: at(50)});
});

test('at --max-runners jobs wait and say so', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one, two], servers: [givenServer(90, {status: 'off', jobId: undefined, startupEndedAt: at(-9)})]}), {policy: givenPolicy({maxRunners: 2})});
	t.is(created(plan).length, 1);
	t.like(verdictOf(plan, two), {code: 'waitsForLimit', count: 2, limit: 2});
});

test('workers bound the creations at once', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one, two, three]}), {policy: givenPolicy({workers: 2})});
	t.is(created(plan).length, 2);
	t.like(verdictOf(plan, three), {code: 'waitsForWorker', workers: 2});
});

test('a refused pair is passed over for all jobs, the next location is taken', t => {
	const policy = givenPolicy({locations: ['fsn1', 'nbg1']});
	const refused = {
		serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
	} as const;
	const memory = backOff(emptyMemory, refused, 'no room', 0, start);
	const plan = planLooks(looksUntil(0, {jobs: [one, two]}), {policy, memory});
	t.deepEqual(plan.actions.map(action => action.type === 'createServer' && action.placement.location), ['nbg1', 'nbg1']);
});

test('when every pair is refused the job says which comes next and when', t => {
	const policy = givenPolicy({locations: ['fsn1', 'nbg1']});
	const pair = (location: string) => ({
		serverType: 'cx23', location, image: 'ubuntu-24.04', architecture: 'x64',
	} as const);
	const memory = backOff(backOff(emptyMemory, pair('fsn1'), 'no room', 0, start), pair('nbg1'), 'no room', 0, at(5));
	const plan = planLooks([{second: 6, snapshot: givenSnapshot(6, {jobs: [one]})}], {policy, memory});
	t.like(verdictOf(plan, one), {code: 'refused', next: pair('fsn1'), nextAt: at(20)});
	t.is(created(planLooks([{second: 21, snapshot: givenSnapshot(21, {jobs: [one]})}], {policy, memory})).length, 1);
});

test('each refusal in a row doubles the pause, up to five minutes', t => {
	const pair = {
		serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
	} as const;
	let memory = emptyMemory;
	const pauses: number[] = [];
	let now = start;
	for (let tries = 0; tries < 6; tries++) {
		memory = backOff(memory, pair, 'no room', 0, now);
		const retryAt = memory.cool.get('cx23@fsn1')?.retryAt ?? now;
		pauses.push((retryAt - now) / 1000);
		now = retryAt;
	}

	t.deepEqual(pauses, [20, 40, 80, 160, 300, 300]);
});

test('ten calls at once that are all refused make one pause, not ten', t => {
	const pair = {
		serverType: 'cx23', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
	} as const;
	let memory = emptyMemory;
	for (let call = 0; call < 10; call++) {
		memory = backOffAccount(backOff(memory, pair, 'no room', 0, at(call / 10)), 'server limit exceeded', at(call / 10));
	}

	t.like(memory.cool.get('cx23@fsn1'), {tries: 1, retryAt: at(20)});
	t.like(memory.accountLimit, {tries: 1, retryAt: at(60)});
});

test('an account limit stops all creation with one verdict', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one, two]}), {memory: backOffAccount(emptyMemory, 'server limit exceeded', start)});
	t.deepEqual(created(plan), []);
	t.like(verdictOf(plan, two), {code: 'accountLimit', answer: 'server limit exceeded', retryAt: at(60)});
});

test('nothing is created without a whole list of servers and of runners; a partial list of jobs is enough', t => {
	const bad = {
		state: 'failed', items: [], at: undefined, fault,
	} as const;
	for (const changes of [{servers: bad}, {runners: bad}]) {
		const plan = planLooks(looksUntil(0, {jobs: [one]}, changes));
		t.deepEqual(created(plan), []);
		t.like(verdictOf(plan, one), {code: 'unread', reason: 'GitHub answers 502'});
	}

	t.is(created(planLooks(looksUntil(0, {}, {
		jobs: {
			state: 'partial', items: [one], at: start, gaps: [{what: 'jobs of run 8'}], fault,
		},
	}))).length, 1);
});

test('paused, frozen and draining create nothing and say so', t => {
	for (const mode of ['paused', 'frozen', 'draining'] as const) {
		const plan = planLooks(looksUntil(0, {jobs: [one]}), {input: {mode}});
		t.deepEqual(created(plan), []);
		t.like(verdictOf(plan, one), {code: 'notScaling', mode});
	}
});

test('a dry run says what it would create', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one]}), {policy: givenPolicy({isDryRun: true})});
	t.deepEqual(plan.actions, []);
	t.like(verdictOf(plan, one), {code: 'wouldCreate', server: 'gh-actions-runner-7-1'});
});

test('every job has a verdict, and planning twice gives the same', t => {
	const jobs = [one, two, three, givenJob(4, {labels: ['ubuntu-latest']}), givenJob(5, {status: 'pending'}), givenJob(6, {labels: ['self-hosted', 'a,b']})];
	const looks = looksUntil(30, {jobs, servers: [givenServer(1)], runners: [givenRunner(1)]});
	const plan = planLooks(looks, {policy: givenPolicy({maxRunners: 2})});
	t.deepEqual([...plan.jobVerdicts.keys()].toSorted((a, b) => a - b), jobs.map(({id}) => id));
	t.deepEqual(planLooks(looks, {policy: givenPolicy({maxRunners: 2})}), plan);
});

test('an idle runner that passes over a fitting job for a minute covers it no longer, and counts as a failure of its label set (actions/runner#3872)', t => {
	const lists = {jobs: [one], servers: [givenServer(90)], runners: [givenRunner(90)]};
	t.deepEqual(created(planLooks(looksUntil(60, lists))), []);
	t.like(verdictOf(planLooks(looksUntil(70, lists)), one), {code: 'afterFailures', count: 1, retryAt: at(85)});
	t.is(created(planLooks(looksUntil(90, lists))).length, 1);
});

// One server after another that GitHub gives no job, each idle for as long as it may be.
function neverAssigned(hours: number, memoryAt: Memory = emptyMemory): {readonly made: readonly number[]; readonly memory: Memory} {
	const made: number[] = [];
	let memory = memoryAt;
	let alive: {readonly id: number; readonly since: number} | undefined;
	for (let second = 0; second <= hours * 3600; second += 10) {
		const server = alive === undefined ? [] : [givenServer(alive.id, {jobId: one.id, startupEndedAt: at(alive.since)})];
		const runners = server.map(({name}) => givenRunner(900 + made.length, {name}));
		const plan = planLooks([{second, snapshot: givenSnapshot(second, {jobs: [one], servers: server, runners})}], {memory});
		memory = plan.memory;
		for (const action of plan.actions) {
			if (action.type === 'createServer') {
				made.push(second);
				alive = {id: 100 + made.length, since: second};
			} else if (action.type === 'deleteServer') {
				alive = undefined;
			}
		}
	}

	return {made, memory};
}

test('a job that GitHub gives to no runner gets ever rarer servers, and twelve at most in a day', t => {
	const {made, memory} = neverAssigned(24);
	t.is(made.length, 12);
	const gaps = made.slice(1).map((second, index) => second - (made[index] ?? 0));
	t.true(gaps.every((gap, index) => index === 0 || gap >= (gaps[index - 1] ?? 0)), gaps.join(' '));
	const plan = planLooks([{second: 24 * 3600, snapshot: givenSnapshot(24 * 3600, {jobs: [one]})}], {memory});
	t.like(verdictOf(plan, one), {code: 'gaveUp', count: 12});
});

test('a runner that works since before a failure does not clear it; one that begins to work after it does', t => {
	const working = givenJob(9, {status: 'inProgress', runnerName: givenServer(50).name});
	const works = {jobs: [working], servers: [givenServer(50)], runners: [givenRunner(50, {isBusy: true})]};
	const failing = new Map([[givenServer(1).name, {
		step: 'failed', at: at(20), reason: 'exit code 1', lastLines: [],
	} as const]]);
	const lists = {jobs: [one, working], servers: [...works.servers, givenServer(1)], runners: works.runners};
	const plan = planLooks([...looksUntil(10, works), ...looksUntil(30, lists, {setUps: failing}).slice(2)]);
	t.like(verdictOf(plan, one), {code: 'afterFailures', count: 1});
	const newly = {jobs: [one, givenJob(8, {status: 'inProgress', runnerName: givenServer(51).name})], servers: [givenServer(51)], runners: [givenRunner(51, {isBusy: true})]};
	t.deepEqual(created(planLooks([{second: 34, snapshot: givenSnapshot(34, newly)}], {memory: plan.memory})), ['gh-actions-runner-7-1']);
});

test('what is wrong on our own side stops all creation, and is said', t => {
	const plan = planLooks(looksUntil(0, {jobs: [one]}), {input: {ownFault: 'the key cannot be read: chmod 600 it'}});
	t.deepEqual(created(plan), []);
	t.deepEqual(verdictOf(plan, one), {code: 'ownFault', reason: 'the key cannot be read: chmod 600 it'});
});

test('labels of other systems and architectures, and labels no runner can carry, are never claimed (open-msupply#12548)', t => {
	for (const label of ['Windows', 'macOS', 'windows-2025', 'MACOS-15-xlarge', 'X86', 'ARM', 'x'.repeat(257)]) {
		const plan = planLooks(looksUntil(0, {jobs: [givenJob(1, {labels: ['self-hosted', label]})]}));
		t.deepEqual(created(plan), [], label);
		t.like(plan.jobVerdicts.get(one.id), {code: 'unservable'}, label);
	}

	for (const label of ['Linux', 'X64', 'windowsill', 'army', 'x'.repeat(256)]) {
		t.is(created(planLooks(looksUntil(0, {jobs: [givenJob(1, {labels: ['self-hosted', label]})]}))).length, 1, label);
	}
});

test('a limit on one type holds that type everywhere, and no other', t => {
	const large = givenJob(2, {labels: ['self-hosted', 'server-cpx22']});
	const memory = backOff(emptyMemory, {
		serverType: 'cpx22', location: 'fsn1', image: 'ubuntu-24.04', architecture: 'x64',
	}, 'dedicated core limit exceeded', 0, start, 'type');
	const plan = planLooks(looksUntil(0, {jobs: [one, large]}), {memory, policy: givenPolicy({locations: ['fsn1', 'nbg1']})});
	t.deepEqual(created(plan), ['gh-actions-runner-7-1']);
	t.like(verdictOf(plan, large), {code: 'refused'});
});

test('a job whose server could not be made waits for the next read of jobs', t => {
	const waits = {...emptyMemory, untilPoll: new Map([[one.id, {readAt: at(0), reason: 'its name is taken'}]])};
	t.like(verdictOf(planLooks(looksUntil(0, {jobs: [one]}), {memory: waits}), one), {code: 'waitsForPoll'});
	t.is(created(planLooks(looksUntil(10, {jobs: [one]}), {memory: waits})).length, 1);
});

test('a record that a gone runner left keeps its name from the next server: it would be taken for the new runner\'s', t => {
	const {actions} = planLooks(looksUntil(10, {jobs: [givenJob(1)], runners: [givenRunner(1, {isOnline: false})]}));
	t.like(actions[0], {type: 'createServer', name: `${givenServer(1).name}-2`});
});

test('--max-runners counts servers that could not be read, and waits while nobody knows which there are', t => {
	const busyOne = givenServer(90, {status: 'deleting'});
	const gaps = (gap: Gap) => ({
		servers: {
			state: 'partial', items: [busyOne], at: at(0), gaps: [gap], fault,
		} as const,
	});
	const planWith = (gap: Gap, maxRunners?: number) => planLooks([{second: 0, snapshot: givenSnapshot(0, {jobs: [one]}, gaps(gap))}], {policy: givenPolicy({maxRunners})});
	const unread = {what: 'server 91', serverId: givenServer(91).id};
	t.like(verdictOf(planWith(unread, 2), one), {code: 'waitsForLimit', count: 2});
	t.is(created(planWith(unread, 3)).length, 1);
	const others = {what: 'the list of servers', hidesOthers: true};
	t.like(verdictOf(planWith(others, 50), one), {code: 'unread', what: 'servers'});
	t.is(created(planWith(others)).length, 1, 'without a limit the name alone keeps two engines apart');
});
