import type {Job} from '../../../model/job.ts';
import {ageSeconds, type Instant} from '../../../model/time.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {byText, inOrder, type Order} from '../../components/compare.ts';
import type {Role, Sign} from '../../theme.ts';
import type {RunnerRow} from '../rows.ts';

export const runnerOrders = ['by name', 'free ones first'] as const;

/**
Runners as rows, by name; those of nobody we know last. `running`: the jobs by the runner that each is on.
*/
export function runnerRows(engine: Pick<EngineState, 'runners' | 'runnerVerdicts'>, running: ReadonlyMap<string, Job>, order: number): readonly RunnerRow[] {
	const rows = engine.runners.items.map(runner => ({
		id: String(runner.id), runner, verdict: engine.runnerVerdicts.get(runner.id), job: running.get(runner.name),
	}));
	return rows.toSorted(order % 2 === 1 ? byFreedom : byName);
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

const byName: Order<RunnerRow> = inOrder((a, b) => foreignLast(a) - foreignLast(b), (a, b) => byText(a.runner.name, b.runner.name));
const byFreedom: Order<RunnerRow> = inOrder((a, b) => foreignLast(a) - foreignLast(b), (a, b) => Number(a.runner.isBusy) - Number(b.runner.isBusy), byName);

function foreignLast(row: RunnerRow): number {
	return row.verdict?.code === 'notOurs' ? 1 : 0;
}
