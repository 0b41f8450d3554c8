import type {Catalogue} from '../../../model/catalogue.ts';
import {sayJob} from '../../../model/job.ts';
import {sayMoney} from '../../../model/money.ts';
import {ageSeconds, type Instant} from '../../../model/time.ts';
import {sayServerVerdict} from '../../../model/say-verdict.ts';
import {sayAge, sayClock} from '../../components/clock.ts';
import {drawTable, type Column, type TableRow} from '../../components/table.ts';
import type {Theme} from '../../theme.ts';
import {runnerLook} from '../runners/state.ts';
import type {ServerRow} from '../rows.ts';
import {
	isNameShort, isNameShortest, nameAt, type PaneProps,
} from '../window.ts';
import {
	aged,
	bornAt,
	costOf,
	paidTo,
	serverLook,
} from './state.ts';

const columnsAt = (width: number): readonly Column[] => [
	{
		title: 'NAME', min: isNameShortest(width) ? 14 : 25, grow: isNameShortest(width) ? 0 : 1, max: isNameShort(width) ? 26 : 42, cut: 'middle',
	},
	{title: 'STATE', min: 13},
	{title: 'TYPE', min: 6, from: 70},
	{title: 'LOC', min: 4, from: 90},
	{title: 'AGE', min: 6, align: 'right'},
	{
		title: 'COST', min: 6, align: 'right', from: 84,
	},
	{
		title: 'PAID TO', min: width < 112 ? 7 : 10, align: 'right', from: 90,
	},
	{title: 'RUNNER', min: 8, from: 105},
	{title: 'ADDRESS', min: 15, from: 150},
	{title: 'JOB, OR WHAT HAPPENS', min: 20, grow: 3},
];

const paidColumns = 4;

type ServersProps = PaneProps<ServerRow> & {
	readonly now: Instant; readonly passed: number; readonly catalogue: Catalogue | undefined; readonly marked: ReadonlySet<string>;
};

/**
Servers and those just asked for: state, price, the end of the paid hour, and which job has each.
*/
export function drawServers({now, passed, catalogue, marked, rows, selected, thread, ...table}: ServersProps): readonly string[] {
	const toTableRow = (row: ServerRow): TableRow => {
		const look = serverLook(row);
		const cost = costOf(row, catalogue, now);
		const runner = row.runner === undefined ? undefined : runnerLook({runner: row.runner, verdict: undefined});
		return {
			id: row.id,
			is: row.id === selected ? 'selected' : (row.id === thread ? 'thread' : undefined),
			isMarked: marked.has(row.name),
			cells: [
				{text: nameAt(table.width, row.name)},
				{text: `${table.theme.signs[look.sign]} ${look.word}`, role: look.role},
				{text: row.is.kind === 'server' ? row.is.server.serverType : row.is.creation.placement.serverType},
				{text: (row.is.kind === 'server' ? row.is.server.location : row.is.creation.placement.location) ?? '', role: 'dim'},
				{text: sayAge(ageSeconds(bornAt(row), now))},
				{text: cost === undefined || catalogue === undefined ? '' : sayMoney(cost, catalogue.currency), role: 'money'},
				{text: row.is.kind === 'server' ? sayPaid(table.theme, row.is.server.created, now, table.width) : '', role: 'dim'},
				{text: runner?.word ?? (row.is.kind === 'server' ? 'none' : ''), role: runner === undefined ? 'dim' : runner.role},
				{text: (row.is.kind === 'server' ? row.is.server.ip : undefined) ?? '', role: 'dim'},
				sayServer(row, now, passed),
			],
		};
	};

	return drawTable({...table, columns: columnsAt(table.width), rows: rows.map(row => toTableRow(row))});
}

// The hour that is paid for as a bar, and the minute at which it ends.
function sayPaid(theme: Theme, created: Instant, now: Instant, width: number): string {
	const end = paidTo(created, now);
	const clock = sayClock(end, 'minutes');
	return width < 112 ? clock : `${theme.bar(1 - ((end - now) / 3_600_000), paidColumns).replaceAll(' ', '░')} ${clock}`;
}

function sayServer(row: ServerRow, now: Instant, passed: number): {readonly text: string; readonly role: 'plain' | 'dim' | 'wrong' | 'waiting'} {
	if (row.deletion?.state === 'kept') {
		return {text: `kept: ${row.deletion.reason}`, role: 'waiting'};
	}

	if (row.job !== undefined) {
		return {text: sayJob(row.job), role: 'plain'};
	}

	if (row.is.kind === 'creation') {
		return {text: row.madeFor === undefined ? 'asked Hetzner for it' : `for ${sayJob(row.madeFor)}`, role: 'dim'};
	}

	return row.verdict === undefined ? {text: 'not judged yet', role: 'dim'} : {text: sayServerVerdict(aged(row.verdict, passed), now), role: serverLook(row).role === 'wrong' ? 'wrong' : 'dim'};
}
