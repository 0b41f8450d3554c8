import {formatJob} from '../../../model/job.ts';
import {formatMoney} from '../../../model/money.ts';
import {cleanText} from '../../../model/clean-text.ts';
import type {Read} from '../../../model/snapshot.ts';
import {ageSeconds, formatDuration} from '../../../model/time.ts';
import {describeServerVerdict} from '../../../model/describe-verdict.ts';
import {formatAge, formatClock} from '../../components/clock.ts';
import {widthOf, wrapText} from '../../components/text.ts';
import type {ServerRow} from '../../panes/rows.ts';
import {
	aged,
	createdAtOf,
	costOf,
	paidTo,
} from '../../panes/servers/rows.ts';
import {passedSince, type Context} from '../../state/context.ts';

/**
What a server is, in one line: "cx23 fsn1, up 14m".
*/
export function formatServer(row: ServerRow, {rowsNow: now}: Context): string {
	if (row.is.kind === 'creation') {
		return `${row.is.creation.placement.serverType}, requested ${formatDuration(ageSeconds(createdAtOf(row), now))} ago`;
	}

	const {server} = row.is;
	return `${server.serverType} ${server.location}, up ${formatAge(ageSeconds(server.created, now))}`;
}

/**
The same with what it costs: "cx23 fsn1, up 14m, paid to 15:02, €0.011".
*/
export function formatServerAndCost(row: ServerRow, context: Context): string {
	if (row.is.kind === 'creation') {
		return formatServer(row, context);
	}

	const {engine, rowsNow: now} = context;
	const {server} = row.is;
	const cost = costOf(row, engine.catalogue, now);
	return [
		formatServer(row, context),
		`paid to ${formatClock(paidTo(server.created, now), 'minutes')}`,
		...(cost === undefined || engine.catalogue === undefined ? [] : [formatMoney(cost, engine.catalogue.currency)]),
	].join(', ');
}

/**
Why it may go: the engine's verdict.
*/
export function describeReason(row: ServerRow, context: Context): string {
	return row.verdict === undefined ? 'not evaluated yet' : cleanText(describeServerVerdict(aged(row.verdict, passedSince(context), createdAtOf(row), context.rowsNow), context.rowsNow));
}

// What GitHub says of its runner and of its job, and how fresh that is.
function sourcesOf(row: ServerRow, {engine, now}: Context): readonly [runner: string, job: string] {
	const runner = row.runner === undefined ? 'no runner of its name at GitHub' : `runner ${row.runner.isOnline ? 'online' : 'offline'}${row.runner.isBusy ? ' and busy' : ''}`;
	const job = row.job === undefined ? 'no job on it' : `runs ${cleanText(formatJob(row.job))}`;
	return [`${runner} (${describeFreshness(engine.runners, now)})`, `${job} (${describeFreshness(engine.jobs, now)})`];
}

/**
What GitHub says of its runner and its job, and how fresh that is.
*/
export function describeSources(row: ServerRow, context: Context): string {
	return sourcesOf(row, context).join('; ');
}

/**
The same in lines of at most that width.
*/
export function sourceLines(row: ServerRow, context: Context, width: number): readonly string[] {
	const text = describeSources(row, context);
	return widthOf(text) <= width ? [text] : sourcesOf(row, context).flatMap(source => wrapText(source, width));
}

/**
A server in sentences: what it is, why it may go, what GitHub says of it.
*/
export function describeServer(name: string, context: Context): string {
	const row = context.lists.byName.get(name);
	return row === undefined ? `${name}, gone.` : `${name}, ${formatServerAndCost(row, context)}. ${describeReason(row, context)}. ${describeSources(row, context)}.`;
}

function describeFreshness(read: Read<unknown>, now: Context['now']): string {
	const when = read.at === undefined ? 'never read' : `read ${formatDuration(ageSeconds(read.at, now))} ago`;
	return read.state === 'whole' ? when : `${when}, reads fail`;
}
