import {sayJob} from '../../../model/job.ts';
import {missingLabels} from '../../../model/labels.ts';
import type {Instant} from '../../../model/time.ts';
import {sayJobVerdict} from '../../../model/say-verdict.ts';
import {drawTable, type Column, type TableRow} from '../../components/table.ts';
import type {JobRow} from '../rows.ts';
import {nameAt, standing, type PaneProps} from '../window.ts';
import {groupOf, jobLook, sayWait} from './state.ts';

const columns: readonly Column[] = [
	{title: '', min: 1},
	{title: 'WAIT', min: 6, align: 'right'},
	{
		title: 'WORKFLOW / JOB', min: 18, grow: 2, max: 60, cut: 'middle',
	},
	{
		title: 'RUN', min: 11, from: 110, cut: 'middle',
	},
	{
		title: 'LABELS', min: 12, grow: 0.5, max: 44, from: 70,
	},
	{
		title: 'BRANCH', min: 14, grow: 1, max: 24, from: 150, cut: 'middle',
	},
	{
		title: 'WHAT HAPPENS', min: 24, grow: 3, max: 90,
	},
];

type JobsProps = PaneProps<JobRow> & {
	readonly now: Instant;
	/**
	The labels that a job must have to be ours.
	*/
	readonly commonLabels: readonly string[];
};

/**
Queued and running jobs: how long each waits and what happens with it.
*/
export function drawJobs({now, rows, selected, thread, commonLabels, ...table}: JobsProps): readonly string[] {
	const toTableRow = (row: JobRow): TableRow => {
		const {job, verdict} = row;
		const {sign, role} = jobLook(row);
		const isRunning = groupOf(row) === 'running';
		return {
			id: row.id,
			is: standing(row.id, selected, thread, groupOf(row) === 'foreign'),
			cells: [
				{text: table.theme.signs[sign], role},
				{text: sayWait(row, now), role: isRunning ? 'dim' : role},
				{text: sayJob(job)},
				{text: String(job.runId), role: 'dim'},
				{text: tellingLabels(job.labels, commonLabels).join(' '), role: 'dim'},
				{text: job.branch, role: 'dim'},
				{text: verdict === undefined ? 'not judged yet' : nameAt(table.width, sayJobVerdict(verdict, now)), role: role === 'wrong' ? 'wrong' : (isRunning ? 'dim' : 'plain')},
			],
		};
	};

	return drawTable({...table, columns, rows: rows.map(row => toTableRow(row))});
}

// Labels that every job of ours has tell nothing, unless a job has no others.
function tellingLabels(labels: readonly string[], common: readonly string[]): readonly string[] {
	const telling = missingLabels(labels, common);
	return telling.length === 0 ? labels : telling;
}
