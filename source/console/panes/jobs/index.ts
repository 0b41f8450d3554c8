import {formatJob} from '../../../model/job.ts';
import {missingLabels} from '../../../model/labels.ts';
import {describeJobVerdict} from '../../../model/describe-verdict.ts';
import {ageSeconds, formatDuration, later} from '../../../model/time.ts';
import {calmSeconds} from '../../components/clock.ts';
import {shortNames} from '../../components/names.ts';
import {span} from '../../components/spans.ts';
import type {Column} from '../../components/table.ts';
import type {Context} from '../../state/context.ts';
import {countOf, type PaneModule} from '../pane.ts';
import type {JobRow} from '../rows.ts';
import {
	formatWait, groupOf, jobAppearance, jobOrders, jobRows,
} from './rows.ts';

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
		title: 'LABELS', min: 12, grow: 1, max: 44, from: 70,
	},
	{
		title: 'BRANCH', min: 14, grow: 1, max: 24, from: 150, cut: 'middle',
	},
	{
		title: 'WHAT HAPPENS', min: 24, grow: 4,
	},
];

/**
Queued and running jobs: how long each waits and what happens with it.
*/
export const jobs: PaneModule<JobRow> = {
	title: 'Jobs',
	orders: jobOrders,
	columns: () => columns,
	hasHeading: true,
	rows: jobRows,
	read: engine => engine.jobs,
	server: row => row.server,
	isFaded: row => groupOf(row) === 'foreign',
	tab: ({engine, lists}) => countOf(lists.counts.waiting, engine.jobs),
	counts({engine, lists}) {
		const {waiting, running, foreign, foreignHidden} = lists.counts;
		const others = foreign === 0 ? '' : (foreignHidden > 0 ? ` · ${foreignHidden} not ours, F shows` : ` · ${foreign} not ours`);
		return [
			span(` ${countOf(waiting, engine.jobs)} queued`, waiting > 0 ? 'waiting' : 'plain'), span(` · ${countOf(running, engine.jobs)} running`), span(others, 'dim'),
		];
	},
	texts: (row, engine) => [
		formatJob(row.job), ...row.job.labels, String(row.job.runId), row.job.branch, row.server ?? '', row.verdict === undefined ? '' : describeJobVerdict(row.verdict, engine.publishedAt),
	],
	appearance(row, {engine, rowsNow}, {signs}, width) {
		const {job} = row;
		const {sign, role} = jobAppearance(row);
		const isRunning = groupOf(row) === 'running';
		return [
			{text: signs[sign], role},
			{text: formatWait(row, rowsNow), role: isRunning ? 'dim' : role},
			{text: formatJob(job)},
			{text: String(job.runId), role: 'dim'},
			{text: tellingLabels(job.labels, engine.policy.withLabels).join(' '), role: 'dim'},
			{text: job.branch, role: 'dim'},
			{text: describeJob(row, {engine, rowsNow}, Math.floor(width / 3)), role: role === 'wrong' ? 'wrong' : (isRunning ? 'dim' : 'plain')},
		];
	},
	emptyText({engine, rowsNow}) {
		const last = engine.lastJobAt === undefined
			? `jobs that are labelled ${engine.policy.withLabels.join(', ')} appear here`
			: `the last one ${formatDuration(ageSeconds(engine.lastJobAt, rowsNow))} ago`;
		return `no queued jobs; ${last}`;
	},
	describe: (row, context) => `${formatJob(row.job)}, ${groupOf(row) === 'running' ? 'waited' : 'waits'} ${formatWait(row, context.rowsNow)}, ${describeJob(row, context)}`,
};

// What happens with it. How long a server boots is counted from its creation, as on every other screen.
function describeJob({verdict}: JobRow, {engine, rowsNow}: Pick<Context, 'engine' | 'rowsNow'>, room = Infinity): string {
	if (verdict === undefined) {
		return 'not evaluated yet';
	}

	if (verdict.code === 'running' && verdict.since !== undefined) {
		return shortNames(describeJobVerdict(verdict, later(verdict.since, calmSeconds(ageSeconds(verdict.since, rowsNow)))), room);
	}

	const created = verdict.code === 'serverComing' && verdict.step === 'booting' ? engine.servers.items.find(server => server.name === verdict.server)?.created : undefined;
	return shortNames(describeJobVerdict(created === undefined || verdict.code !== 'serverComing' ? verdict : {...verdict, since: created}, rowsNow), room);
}

// Labels that every job of ours has tell nothing, unless a job has no others.
function tellingLabels(labels: readonly string[], common: readonly string[]): readonly string[] {
	const telling = missingLabels(labels, common);
	return telling.length === 0 ? labels : telling;
}
