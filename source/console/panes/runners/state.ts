import {ageSeconds, type Instant} from '../../../model/time.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {byText, firstDifference} from '../../components/compare.ts';
import type {Role, Sign} from '../../theme.ts';
import type {RunnerRow} from '../rows.ts';

export const runnerOrders = ['by name', 'free ones first'] as const;

/**
Runners as rows, by name; those of nobody we know last.
*/
export function runnerRows(engine: Pick<EngineState, 'runners' | 'runnerVerdicts' | 'jobs'>, order: number): readonly RunnerRow[] {
	const running = new Map(engine.jobs.items.flatMap(job => job.status === 'inProgress' && job.runnerName !== undefined ? [[job.runnerName, job] as const] : []));
	const rows = engine.runners.items.map(runner => ({
		id: String(runner.id), runner, verdict: engine.runnerVerdicts.get(runner.id), job: running.get(runner.name),
	}));
	return rows.toSorted((a, b) => firstDifference(foreignLast(a) - foreignLast(b), order % 2 === 1 ? Number(a.runner.isBusy) - Number(b.runner.isBusy) : 0, byText(a.runner.name, b.runner.name)));
}

/**
The sign, the one word and the role that tell how a runner fares.
*/
export function runnerLook({runner, verdict}: Pick<RunnerRow, 'runner' | 'verdict'>): {readonly sign: Sign; readonly word: string; readonly role: Role} {
	if (verdict?.code === 'leftover' || verdict?.code === 'noServer') {
		return {sign: 'zombie', word: verdict.code === 'leftover' ? 'leftover' : 'no server', role: 'wrong'};
	}

	const look = plainLook(runner);
	return verdict?.code === 'notOurs' ? {...look, sign: 'none', role: 'dim'} : look;
}

function plainLook(runner: RunnerRow['runner']): {readonly sign: Sign; readonly word: string; readonly role: Role} {
	if (runner.isBusy) {
		return {sign: 'busy', word: 'busy', role: 'good'};
	}

	return runner.isOnline ? {sign: 'idle', word: 'idle', role: 'waiting'} : {sign: 'off', word: 'offline', role: 'waiting'};
}

/**
How long a runner has been in its state; undefined when nobody knows. `passed`: seconds since the verdict was said.
*/
export function runnerFor(row: RunnerRow, now: Instant, passed: number): number | undefined {
	if (row.verdict !== undefined && 'forSeconds' in row.verdict) {
		return row.verdict.forSeconds + passed;
	}

	return row.job?.startedAt === undefined ? undefined : ageSeconds(row.job.startedAt, now);
}

function foreignLast(row: RunnerRow): number {
	return row.verdict?.code === 'notOurs' ? 1 : 0;
}
