import {secondsBetween} from '../../source/model/time.ts';
import {auditWorld} from '../../source/simulator/audit.ts';
import type {RunSpec} from '../../source/simulator/github-jobs.ts';
import type {World} from '../../source/simulator/world.ts';
import type {Row} from './rows.ts';
import {inBenchWorld} from './world.ts';

const hour = 3600;

// What servers of ours have been there in all, hours.
function serverHours(world: World): number {
	const now = world.now();
	return [...world.hetzner.servers.values(), ...world.hetzner.gone].filter(server => !server.isForeign)
		.reduce((sum, {createdAt, deletedAt}) => sum + (secondsBetween(createdAt, deletedAt ?? now) / hour), 0);
}

/**
A day on which one run of others can never be read (actions/runner#3872) costs what it costs without.
*/
export async function measureUnreadRun(): Promise<readonly Row[]> {
	const day = async (isUnread: boolean) => inBenchWorld({
		seed: 21,
		prepare(world) {
			const {id} = world.addRun({workflow: 'of others', jobs: [{name: 'theirs', labels: ['someone-else'], isCounted: false}]});
			if (isUnread) {
				world.faults.inject({
					kind: 'answer', api: 'github', operation: 'listJobs', subject: id, status: 502, isHtml: true,
				});
			}
		},
	}, async ({world, pass, rng}) => {
		for (let number = 0; number < 72; number++) {
			world.addRun({workflow: `run ${number}`, afterSeconds: (number * 600) + rng.between([5, 500]), jobs: [0, 1].map(index => ({name: `job ${index}`, durationSeconds: rng.between([60, 500])}))});
		}

		await pass(12.5 * hour);
		return {hours: serverHours(world), done: auditWorld(world).jobs.done};
	});
	const [unread, usual] = [await day(true), await day(false)];
	const ratio = unread.hours / usual.hours;
	return [{
		work: 'one unreadable run for 12 h: server-hours against the same day without it', goal: 'at most 1.05, all 144 jobs', figure: `${ratio.toFixed(2)} (${unread.hours.toFixed(1)} h, ${unread.done} jobs; ${usual.hours.toFixed(1)} h, ${usual.done} jobs)`,
		isMet: ratio <= 1.05 && unread.done === usual.done, values: {ratio, unreadHours: unread.hours, usualHours: usual.hours},
	}];
}

/**
A job that GitHub gives to no runner of ours, for a day.
*/
export async function measureUnassigned(): Promise<readonly Row[]> {
	return inBenchWorld({seed: 22, isWired: false}, async ({world, pass}) => {
		world.addRun({workflow: 'another group', jobs: [{name: 'for another group', group: 'gpu', isCounted: false}]});
		await pass(24 * hour);
		const made = world.hetzner.createdCount();
		return [{
			work: 'a job that GitHub never assigns, 24 h: servers made', goal: 'at most 12', figure: String(made), isMet: made <= 12, values: {servers: made},
		}];
	});
}

/**
Set-up that always fails for jobs whose label set one old server works for all the time.
*/
export async function measureFailingSetUp(): Promise<readonly Row[]> {
	const labels = ['self-hosted', 'linux'];
	const failing = (number: number): RunSpec => ({
		workflow: `fails ${number}`, afterSeconds: 200, jobs: [{
			name: `fails ${number}`, labels, isCounted: false, outcome: Array.from({length: 50}, () => 'setupFails' as const),
		}],
	});
	return inBenchWorld({seed: 23, isWired: false}, async ({world, pass}) => {
		world.addRun({workflow: 'long', jobs: [{name: 'long', labels, durationSeconds: 3 * hour}]});
		for (let number = 0; number < 6; number++) {
			world.addRun(failing(number));
		}

		await pass(200 + (2 * hour));
		const made = world.hetzner.createdCount() - 1;
		return [{
			work: 'set-up always fails for six jobs while another server with their labels works, 2 h', goal: 'at most 16 servers', figure: `${made} servers`, isMet: made <= 16, values: {servers: made},
		}];
	});
}
