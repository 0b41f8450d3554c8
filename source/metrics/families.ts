import {
	collectDefaultMetrics,
	Counter,
	Gauge,
	Histogram,
	Registry,
} from 'prom-client';
import type {EngineEvent} from '../model/event.ts';
import {secondsBetween, type Instant} from '../model/time.ts';
import {isZombie} from '../model/verdict.ts';
import type {EngineState} from '../scaler/controller.ts';

/**
The metrics of one engine: `note` is told each event, everything else is read from the engine's state when somebody scrapes.
*/
export type Metrics = {
	readonly note: (event: EngineEvent) => void;
	/**
	In Prometheus' text format, with the content type that goes with it.
	*/
	readonly scrape: () => Promise<{readonly text: string; readonly contentType: string}>;
};

const prefix = 'hetzner_runners_';
// Gauges that end like counters: Prometheus' own linter objects to them.
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];
const micros = 1_000_000;
const minutes = [5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 3600];

type SetValue<Label extends string> = (value: number, labels: Record<Label, string>) => void;
type Reading<Label extends string> = (
	known: EngineState,
	set: (value: number | undefined, labels?: Partial<Record<Label, string>>) => void,
) => void;

/**
Families with names of our own. Amounts of money are in the currency of the account, times in seconds.
*/
export function createMetrics(state: () => EngineState, now: () => Instant): Metrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({register: registry});
	for (const name of misnamed) {
		registry.removeSingleMetric(name);
	}

	const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[], read: Reading<Label>): void => {
		const made = new Gauge<Label>({
			name: `${prefix}${name}`, help, labelNames, registers, collect() {
				made.reset();
				read(state(), (value, labels = {}) => {
					if (value !== undefined) {
						made.set(labels, value);
					}
				});
			},
		});
	};

	const tally = <Label extends string>(set: SetValue<Label>, label: Label, values: Iterable<string>): void => {
		const counts = new Map<string, number>();
		for (const value of values) {
			counts.set(value, (counts.get(value) ?? 0) + 1);
		}

		for (const [value, count] of counts) {
			set(count, {[label]: value} as Record<Label, string>);
		}
	};

	gauge('info', 'The engine: always 1.', ['version', 'repository'], ({version, repository}, set) => {
		set(1, {version, repository});
	});
	gauge('start_time_seconds', 'When the engine started, seconds since the epoch.', [], ({startedAt}, set) => {
		set(startedAt / 1000);
	});
	gauge('mode', 'The mode it is in: 1 for that, 0 for the others.', ['mode'], ({mode}, set) => {
		for (const each of ['scaling', 'paused', 'frozen', 'draining']) {
			set(each === mode ? 1 : 0, {mode: each});
		}
	});
	gauge('servers', 'Servers of ours, by their state at Hetzner.', ['status'], ({servers}, set) => {
		tally(set, 'status', servers.items.map(({status}) => status));
	});
	if (state().policy.maxRunners !== undefined) {
		gauge('servers_max', 'Most servers at once; absent when unlimited.', [], ({policy}, set) => {
			set(policy.maxRunners);
		});
	}

	gauge('zombies', 'Servers past their limits.', [], ({serverVerdicts}, set) => {
		set(serverVerdicts.values().filter(verdict => isZombie(verdict)).toArray().length);
	});
	gauge('runners', 'Runners of ours.', ['state'], ({runners, runnerVerdicts}, set) => {
		const found = runners.items.filter(({id}) => runnerVerdicts.get(id)?.code !== 'notOurs');
		set(found.filter(({isOnline, isBusy}) => isOnline && !isBusy).length, {state: 'idle'});
		set(found.filter(({isBusy}) => isBusy).length, {state: 'busy'});
		set(found.filter(({isOnline, isBusy}) => !isOnline && !isBusy).length, {state: 'offline'});
	});
	gauge('jobs', 'Jobs that are ours to serve.', ['status'], (known, set) => {
		const jobs = oursOf(known);
		set(jobs.filter(({status}) => status === 'queued').length, {status: 'queued'});
		set(jobs.filter(({status}) => status === 'inProgress').length, {status: 'running'});
	});
	gauge('longest_wait_seconds', 'How long the job that waits longest has been queued, from its creation; 0 when none waits.', [], (known, set) => {
		set(Math.max(0, ...oursOf(known).filter(({status}) => status === 'queued').map(({createdAt}) => secondsBetween(createdAt, now()))));
	});
	gauge('job_verdicts', 'What happens with jobs, by code.', ['code'], ({jobVerdicts}, set) => {
		tally(set, 'code', jobVerdicts.values().map(({code}) => code));
	});
	gauge('server_verdicts', 'What happens with servers, by code.', ['code'], ({serverVerdicts}, set) => {
		tally(set, 'code', serverVerdicts.values().map(({code}) => code));
	});
	gauge('runner_verdicts', 'What happens with runners, by code.', ['code'], ({runnerVerdicts}, set) => {
		tally(set, 'code', runnerVerdicts.values().map(({code}) => code));
	});
	gauge('last_read_age_seconds', 'Age of the last good list; absent before the first.', ['list'], ({jobs, servers, runners}, set) => {
		for (const [list, {at}] of Object.entries({jobs, servers, runners})) {
			set(at === undefined ? undefined : secondsBetween(at, now()), {list});
		}
	});
	gauge('api_requests_remaining', 'Requests left of an API\'s budget.', ['api'], ({githubBudget, hetznerBudget}, set) => {
		set(githubBudget?.remaining, {api: 'github'});
		set(hetznerBudget?.remaining, {api: 'hetzner'});
	});
	gauge('api_requests_limit', 'An API\'s whole budget of requests.', ['api'], ({githubBudget, hetznerBudget}, set) => {
		set(githubBudget?.limit, {api: 'github'});
		set(hetznerBudget?.limit, {api: 'hetzner'});
	});
	gauge('api_reset_time_seconds', 'When the whole budget is there again, seconds since the epoch.', ['api'], ({githubBudget, hetznerBudget}, set) => {
		set(githubBudget === undefined ? undefined : githubBudget.resetAt / 1000, {api: 'github'});
		set(hetznerBudget === undefined ? undefined : hetznerBudget.resetAt / 1000, {api: 'hetzner'});
	});
	gauge('cost_per_hour', 'What the living servers cost an hour, VAT included; absent while prices are unknown.', ['currency'], ({hourlyMicros, catalogue}, set) => {
		set(hourlyMicros === undefined ? undefined : hourlyMicros / micros, {currency: catalogue?.currency ?? 'EUR'});
	});
	gauge('cost_today', 'What was spent since midnight UTC, as far as this engine saw or those before it wrote down, VAT included.', ['currency'], ({todayMicros, catalogue}, set) => {
		set(todayMicros === undefined ? undefined : todayMicros / micros, {currency: catalogue?.currency ?? 'EUR'});
	});

	gauge('cost_this_month', 'What was spent since the first of the month, as far as this engine saw or those before it wrote down, VAT included.', ['currency'], ({monthMicros, catalogue}, set) => {
		set(monthMicros === undefined ? undefined : monthMicros / micros, {currency: catalogue?.currency ?? 'EUR'});
	});

	return {note: countEvents(registers), scrape: async () => ({text: await registry.metrics(), contentType: registry.contentType})};
}

function oursOf({jobs, jobVerdicts}: EngineState): EngineState['jobs']['items'] {
	return jobs.items.filter(job => jobVerdicts.get(job.id)?.code !== 'notOurs');
}

// What only events tell: how often, and how long it took.
function countEvents(registers: Registry[]): (event: EngineEvent) => void {
	const events = new Counter({
		name: `${prefix}events_total`, help: 'What the engine did or met, by code.', labelNames: ['code'], registers,
	});
	const created = new Counter({
		name: `${prefix}servers_created_total`, help: 'Servers created.', labelNames: ['type', 'location'], registers,
	});
	const refused = new Counter({
		name: `${prefix}creates_refused_total`, help: 'Creations that Hetzner refused.', labelNames: ['type', 'location'], registers,
	});
	const deleted = new Counter({
		name: `${prefix}servers_deleted_total`, help: 'Servers deleted, by whom.', labelNames: ['by'], registers,
	});
	const failedReads = new Counter({
		name: `${prefix}reads_failed_total`, help: 'Lists that could not be read.', labelNames: ['list'], registers,
	});
	const started = new Counter({name: `${prefix}jobs_started_total`, help: 'Jobs of ours seen to start.', registers});
	const done = new Counter({name: `${prefix}jobs_done_total`, help: 'Jobs of ours seen to end.', registers});
	const seconds = (name: string, help: string) => new Histogram({
		name: `${prefix}${name}`, help, buckets: minutes, registers,
	});
	const wait = seconds('queue_wait_seconds', 'From a job\'s creation to its start.');
	const ssh = seconds('ssh_ready_seconds', 'From the create call to the first SSH answer.');
	const setup = seconds('setup_seconds', 'How long the setup script took.');
	const startup = seconds('startup_seconds', 'How long the startup script took.');

	return event => {
		events.inc({code: event.code});
		switch (event.code) { // eslint-disable-line @typescript-eslint/switch-exhaustiveness-check -- most events are only counted
			case 'serverCreated': {
				created.inc({type: event.placement.serverType, location: event.placement.location ?? 'any'});
				break;
			}

			case 'createRefused': {
				refused.inc({type: event.placement.serverType, location: event.placement.location ?? 'any'});
				break;
			}

			case 'serverDeleted': {
				deleted.inc({by: event.by.kind});
				break;
			}

			case 'readFailed': {
				failedReads.inc({list: event.what});
				break;
			}

			case 'jobStarted': {
				started.inc();
				wait.observe(event.waitSeconds);
				break;
			}

			case 'jobDone': {
				done.inc();
				break;
			}

			case 'sshAnswered': {
				ssh.observe(event.afterSeconds);
				break;
			}

			case 'setupEnded': {
				setup.observe(event.tookSeconds);
				break;
			}

			case 'startupEnded': {
				startup.observe(event.tookSeconds);
				break;
			}

			default: {
				break; // Counted above, like all.
			}
		}
	};
}
