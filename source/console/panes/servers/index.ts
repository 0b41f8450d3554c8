import {formatJob} from '../../../model/job.ts';
import {formatMoney} from '../../../model/money.ts';
import {describeServerVerdict} from '../../../model/describe-verdict.ts';
import {ageSeconds, type Instant} from '../../../model/time.ts';
import {formatAge, formatClock} from '../../components/clock.ts';
import {shortNames} from '../../components/names.ts';
import {span} from '../../components/spans.ts';
import type {Cell, Column} from '../../components/table.ts';
import {toAscii} from '../../components/text.ts';
import {describeReason, formatServerAndCost} from '../../screens/shared/evidence.ts';
import {passedSince, type Context} from '../../state/context.ts';
import type {Theme} from '../../theme/theme.ts';
import {countOf, isUnread, type PaneModule} from '../pane.ts';
import type {ServerRow} from '../rows.ts';
import {runnerAppearance} from '../runners/rows.ts';
import {
	aged, createdAtOf, costOf, paidTo, serverAppearance, serverOrders, serverRows,
} from './rows.ts';

// From here on the paid hour is a bar, too.
const paidBarFrom = 112;
const paidColumns = 4;

const columnsAt = (width: number): readonly Column[] => [
	{
		title: 'NAME', min: 14, grow: 3, max: 42, cut: 'name',
	},
	{title: 'STATE', min: 13},
	{title: 'TYPE', min: 6, from: 70},
	{title: 'LOC', min: 4, from: 90},
	{title: 'AGE', min: 6, align: 'right'},
	{
		title: 'COST', min: 6, grow: 1, max: 9, align: 'right', from: 84,
	},
	{
		title: 'PAID TO', min: width < paidBarFrom ? 7 : 10, align: 'right', from: 90,
	},
	{title: 'RUNNER', min: 8, from: 105},
	{title: 'ADDRESS', min: 15, from: 150},
	{title: 'JOB, OR WHAT HAPPENS', min: 20, grow: 4},
];

/**
Servers and those just asked for: state, price, the end of the paid hour, and which job has each.
*/
export const servers: PaneModule<ServerRow> = {
	title: 'Servers',
	orders: serverOrders,
	columns: columnsAt,
	hasHeading: true,
	rows: serverRows,
	read: engine => engine.servers,
	server: row => row.name,
	tab: ({engine, lists}) => countOf(lists.counts.servers + lists.counts.creations, engine.servers),
	counts({engine, lists}) {
		const {servers: count, creations, busyServers, zombies} = lists.counts;
		return [
			span(` ${countOf(count, engine.servers)}`),
			span(isUnread(engine.servers) ? '' : ` · ${busyServers} busy`),
			span(creations > 0 ? ` · ${creations} being created` : ''),
			span(zombies === 0 ? '' : ` · ${zombies} ${zombies === 1 ? 'zombie' : 'zombies'}`, 'wrong'),
		];
	},
	texts: (row, engine) => [
		row.name,
		...(row.is.kind === 'server' ? [row.is.server.serverType, row.is.server.location, row.is.server.ip ?? ''] : []),
		row.job === undefined ? '' : formatJob(row.job),
		serverAppearance(row).word,
		row.verdict === undefined ? '' : describeServerVerdict(row.verdict, engine.publishedAt),
	],
	appearance(row, context, theme, width) {
		const {sign, word, role} = serverAppearance(row);
		const {rowsNow, engine: {catalogue}} = context;
		const cost = costOf(row, catalogue, rowsNow);
		const runner = row.runner === undefined ? undefined : runnerAppearance({runner: row.runner, verdict: undefined});
		return [
			{text: shortNames(row.name)},
			{text: `${theme.signs[sign]} ${word}`, role},
			{text: row.is.kind === 'server' ? row.is.server.serverType : row.is.creation.placement.serverType},
			{text: (row.is.kind === 'server' ? row.is.server.location : row.is.creation.placement.location) ?? '', role: 'dim'},
			{text: formatAge(ageSeconds(createdAtOf(row), rowsNow))},
			{text: cost === undefined || catalogue === undefined ? '' : (theme.isUnicode ? formatMoney(cost, catalogue.currency) : toAscii(formatMoney(cost, catalogue.currency))), role: 'money'},
			{text: row.is.kind === 'server' ? formatPaid(theme, row.is.server.created, rowsNow, width) : '', role: 'dim'},
			{text: runner?.word ?? (row.is.kind === 'server' ? 'none' : ''), role: runner === undefined ? 'dim' : runner.role},
			{text: (row.is.kind === 'server' ? row.is.server.ip : undefined) ?? '', role: 'dim'},
			whatHappens(row, context),
		];
	},
	emptyText: ({engine}) => engine.mode === 'scaling' ? 'no servers; one is created for each queued job' : 'no servers, and none is created now: p resumes',
	describe: (row, context) => `${row.name}, ${serverAppearance(row).word}, ${formatServerAndCost(row, context)}, ${describeReason(row, context)}`,
};

// The hour that is paid for as a bar, and the minute at which it ends.
function formatPaid(theme: Theme, created: Instant, now: Instant, width: number): string {
	const end = paidTo(created, now);
	const clock = formatClock(end, 'minutes');
	return width < paidBarFrom ? clock : `${theme.bar(1 - ((end - now) / 3_600_000), paidColumns).replaceAll(' ', '░')} ${clock}`;
}

function whatHappens(row: ServerRow, context: Context): Cell {
	if (row.deletion?.state === 'kept') {
		return {text: shortNames(`kept: ${row.deletion.reason}`), role: 'waiting'};
	}

	if (row.job !== undefined) {
		return {text: formatJob(row.job), role: 'plain'};
	}

	if (row.is.kind === 'creation') {
		return {text: row.madeFor === undefined ? 'requested from Hetzner' : `for ${formatJob(row.madeFor)}`, role: 'dim'};
	}

	return row.verdict === undefined
		? {text: 'not evaluated yet', role: 'dim'}
		: {text: shortNames(describeServerVerdict(aged(row.verdict, passedSince(context), row.is.server.created, context.rowsNow), context.rowsNow)), role: serverAppearance(row).role === 'wrong' ? 'wrong' : 'dim'};
}
