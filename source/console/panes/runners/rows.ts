import {serverOfRunner} from '../../../model/server-name.ts';
import {ageSeconds, type Instant} from '../../../model/time.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {byText, inOrder, type Order} from '../../components/compare.ts';
import type {Role, Sign} from '../../theme/theme.ts';
import {jobsOnRunners} from '../jobs/rows.ts';
import type {RunnerRow} from '../rows.ts';

export const runnerOrders = ['by name', 'free ones first'] as const;

/**
Runners as rows, by name; those of nobody we know last.
*/
export function runnerRows(engine: Pick<EngineState, 'jobs' | 'runners' | 'runnerVerdicts'>, order: number): readonly RunnerRow[] {
	const running = jobsOnRunners(engine);
	const rows = engine.runners.items.map(runner => ({
		id: String(runner.id), runner, verdict: engine.runnerVerdicts.get(runner.id), job: running.get(serverOfRunner(runner.name)),
	}));
	return rows.toSorted(order % 2 === 1 ? byFreedom : byName);
}

/**
The sign, the one word and the role that tell how a runner fares.
*/
export function runnerAppearance({runner, verdict}: Pick<RunnerRow, 'runner' | 'verdict'>): {readonly sign: Sign; readonly word: string; readonly role: Role} {
	if (verdict?.code === 'leftover' || verdict?.code === 'noServer') {
		return {sign: 'zombie', word: verdict.code === 'leftover' ? 'leftover' : 'no server', role: 'wrong'};
	}

	const appearance = plainAppearance(runner);
	return verdict?.code === 'notOurs' ? {...appearance, sign: 'none', role: 'dim'} : appearance;
}

function plainAppearance(runner: RunnerRow['runner']): {readonly sign: Sign; readonly word: string; readonly role: Role} {
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
