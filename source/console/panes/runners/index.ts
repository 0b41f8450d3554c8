import {formatJob} from '../../../model/job.ts';
import {serverOfRunner} from '../../../model/server-name.ts';
import {describeRunnerVerdict} from '../../../model/describe-verdict.ts';
import {formatAge} from '../../components/clock.ts';
import {shortNames} from '../../components/names.ts';
import {span} from '../../components/spans.ts';
import type {Column} from '../../components/table.ts';
import {passedSince, type Context} from '../../state/context.ts';
import {countOf, type PaneModule} from '../pane.ts';
import type {RunnerRow} from '../rows.ts';
import {aged} from '../servers/rows.ts';
import {
	runnerAppearance, runnerFor, runnerOrders, runnerRows,
} from './rows.ts';

const columns: readonly Column[] = [
	{
		title: 'NAME', min: 14, grow: 2, max: 42, cut: 'name',
	},
	{title: 'STATE', min: 11},
	{title: 'FOR', min: 6, align: 'right'},
	{
		title: 'LABELS', min: 14, grow: 2, max: 60, from: 70,
	},
	{title: 'VERSION', min: 8, from: 150},
	{title: 'JOB, OR WHAT HAPPENS', min: 16, grow: 4},
];

/**
The repository's runners: what each does, for how long, and for which job.
*/
export const runners: PaneModule<RunnerRow> = {
	title: 'Runners',
	orders: runnerOrders,
	columns: () => columns,
	hasHeading: true,
	rows: runnerRows,
	read: engine => engine.runners,
	server: row => serverOfRunner(row.runner.name),
	isFaded: row => row.verdict?.code === 'notOurs',
	tab: ({engine, lists}) => countOf(lists.counts.runners, engine.runners),
	counts: ({engine, lists}) => [
		span(` ${countOf(lists.counts.runners, engine.runners)}`), span(lists.counts.foreignRunners > 0 ? ` · ${lists.counts.foreignRunners} not ours` : '', 'dim'),
	],
	texts: row => [row.runner.name, runnerAppearance(row).word, ...row.runner.labels, row.job === undefined ? '' : formatJob(row.job)],
	appearance(row, context, {signs}) {
		const {sign, word, role} = runnerAppearance(row);
		const seconds = runnerFor(row, context.rowsNow, passedSince(context));
		return [
			{text: shortNames(row.runner.name)},
			{text: `${signs[sign]} ${word}`, role},
			{text: seconds === undefined ? '' : formatAge(seconds)},
			{text: row.runner.labels.join(' '), role: 'dim'},
			{text: row.runner.version ?? '', role: 'dim'},
			{text: shortNames(whatHappens(row, context)), role: row.job === undefined ? (role === 'wrong' ? 'wrong' : 'dim') : 'plain'},
		];
	},
	emptyText: () => 'no runners; each server registers one when it is set up',
	describe: (row, context) => `${row.runner.name}, ${runnerAppearance(row).word}, ${whatHappens(row, context)}`,
};

function whatHappens(row: RunnerRow, context: Context): string {
	return row.job === undefined ? (row.verdict === undefined ? '' : describeRunnerVerdict(aged(row.verdict, passedSince(context)))) : formatJob(row.job);
}
