import {cleanText} from '../model/clean-text.ts';
import {eventLevel, describeEvent} from '../model/event.ts';
import {ageSeconds, formatDuration, type Instant} from '../model/time.ts';
import {isZombie} from '../model/verdict.ts';
import type {EngineState} from '../scaler/controller.ts';
import type {InstallRecord} from './record.ts';
import {unitName} from './paths.ts';
import type {UnitState} from './unit-state.ts';

/**
Everything `service status` shows.
*/
export type ServiceStatus = {
	readonly record: InstallRecord | undefined;
	readonly unit: UnitState;
	readonly engine: EngineState | {readonly unreachable: string};
	readonly now: Instant;
};

/**
The same as plain values for programs; times are milliseconds since the epoch.
*/
export function statusValues({record, unit, engine}: ServiceStatus) {
	return {
		installed: record !== undefined,
		active: unit.active,
		sub: unit.sub,
		since: unit.since,
		restarts: unit.restarts,
		version: 'unreachable' in engine ? record?.version : engine.version,
		installedVersion: record?.version,
		repository: 'unreachable' in engine ? record?.repository : engine.repository,
		engine: 'unreachable' in engine
			? {reachable: false, reason: engine.unreachable}
			: {
				reachable: true, mode: engine.mode, startedAt: engine.startedAt, ...counts(engine), githubBudget: engine.githubBudget,
				hetznerBudget: engine.hetznerBudget, lastError: lastError(engine),
			},
	};
}

/**
The same as text.
*/
export function formatStatus(status: ServiceStatus): string {
	const {record, unit, engine, now} = status;
	if (record === undefined) {
		return 'not installed: sudo github-runners service install\n';
	}

	const since = unit.since === undefined ? '' : ` since ${localTime(unit.since)}, ${formatDuration(ageSeconds(unit.since, now))}`;
	const restarts = unit.restarts === 0 ? '' : `; restarted ${unit.restarts} times, last result: ${unit.result}`;
	const rows: Array<readonly [string, string]> = [
		[unitName, `${unit.active}${unit.sub === '' ? '' : ` (${unit.sub})`}${since}${restarts}`],
		['version', 'unreachable' in engine || engine.version === record.version ? record.version : `${engine.version} runs, ${record.version} is installed: service restart`],
		['repository', record.repository],
	];
	if ('unreachable' in engine) {
		rows.push(['engine', engine.unreachable]);
	} else {
		const {queued, running, servers, runners, zombies} = counts(engine);
		const failed = lastError(engine);
		rows.push(
			['mode', engine.mode],
			['jobs', `${queued} queued, ${running} running`],
			['servers', `${servers}${engine.policy.maxRunners === undefined ? '' : ` of ${engine.policy.maxRunners}`}, ${zombies === 1 ? '1 zombie' : `${zombies} zombies`}`],
			['runners', `${runners}`],
			['budgets', `GitHub ${formatBudget(engine.githubBudget)}, Hetzner ${formatBudget(engine.hetznerBudget)}`],
			['last error', failed === undefined ? 'none' : `${localTime(failed.at)} ${failed.words}`],
		);
	}

	const width = Math.max(...rows.map(([name]) => name.length));
	return `${rows.map(([name, words]) => `${name.padEnd(width)}  ${cleanText(words)}`).join('\n')}\n`;
}

function counts(engine: EngineState) {
	const verdicts = engine.jobVerdicts;
	const ours = engine.jobs.items.filter(job => verdicts.get(job.id)?.code !== 'notOurs');
	return {
		queued: ours.filter(job => job.status === 'queued').length,
		running: ours.filter(job => job.status === 'inProgress').length,
		servers: engine.servers.items.length,
		runners: engine.runners.items.length,
		zombies: engine.serverVerdicts.values().filter(verdict => isZombie(verdict)).toArray().length,
	};
}

function lastError(engine: EngineState): {readonly at: Instant; readonly words: string} | undefined {
	const entry = engine.activity.findLast(({event}) => eventLevel(event) === 'error');
	return entry === undefined ? undefined : {at: entry.at, words: describeEvent(entry.event)};
}

function formatBudget(budget: EngineState['githubBudget']): string {
	return budget === undefined ? 'unknown' : `${budget.remaining}/${budget.limit}`;
}

function localTime(at: Instant): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
