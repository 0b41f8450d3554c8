import {sayJob} from '../../../model/job.ts';
import type {Instant} from '../../../model/time.ts';
import {sayRunnerVerdict} from '../../../model/say-verdict.ts';
import {sayAge} from '../../components/clock.ts';
import {drawTable, type Column, type TableRow} from '../../components/table.ts';
import {aged} from '../servers/state.ts';
import type {RunnerRow} from '../rows.ts';
import {
	isNameShort, isNameShortest, nameAt, standing, type PaneProps,
} from '../window.ts';
import {runnerFor, runnerLook} from './state.ts';

const columnsAt = (width: number): readonly Column[] => [
	{
		title: 'NAME', min: isNameShortest(width) ? 14 : 16, grow: isNameShortest(width) ? 0 : 2, max: isNameShort(width) ? 26 : 42, cut: 'middle',
	},
	{title: 'STATE', min: 11},
	{title: 'FOR', min: 6, align: 'right'},
	{
		title: 'LABELS', min: 14, grow: 3, max: 60, from: 70,
	},
	{title: 'VERSION', min: 8, from: 150},
	{title: 'JOB, OR WHAT HAPPENS', min: 16, grow: 4},
];

/**
The repository's runners: what each does, for how long, and for which job.
*/
export function drawRunners({now, passed, rows, selected, thread, ...table}: PaneProps<RunnerRow> & {readonly now: Instant; readonly passed: number}): readonly string[] {
	const toTableRow = (row: RunnerRow): TableRow => {
		const look = runnerLook(row);
		const seconds = runnerFor(row, now, passed);
		return {
			id: row.id,
			is: standing(row.id, selected, thread, row.verdict?.code === 'notOurs'),
			cells: [
				{text: nameAt(table.width, row.runner.name)},
				{text: `${table.theme.signs[look.sign]} ${look.word}`, role: look.role},
				{text: seconds === undefined ? '' : sayAge(seconds)},
				{text: row.runner.labels.join(' '), role: 'dim'},
				{text: row.runner.version ?? '', role: 'dim'},
				row.job === undefined
					? {text: row.verdict === undefined ? '' : sayRunnerVerdict(aged(row.verdict, passed)), role: look.role === 'wrong' ? 'wrong' : 'dim'}
					: {text: sayJob(row.job)},
			],
		};
	};

	return drawTable({...table, columns: columnsAt(table.width), rows: rows.map(row => toTableRow(row))});
}
