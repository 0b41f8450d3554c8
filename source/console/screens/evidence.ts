import {sayJob} from '../../model/job.ts';
import {sayMoney} from '../../model/money.ts';
import {cleanText} from '../../model/clean-text.ts';
import type {Read} from '../../model/snapshot.ts';
import {ageSeconds, sayDuration} from '../../model/time.ts';
import {sayServerVerdict} from '../../model/say-verdict.ts';
import {sayAge, sayClock} from '../components/clock.ts';
import {widthOf} from '../components/text.ts';
import {passedSince, type Facts} from '../facts.ts';
import type {ServerRow} from '../panes/rows.ts';
import {
	aged,
	bornAt,
	costOf,
	paidTo,
} from '../panes/servers/state.ts';

/**
What a server is, in one line: "cx23 fsn1, up 14m".
*/
export function sayServer(row: ServerRow, {now}: Facts): string {
	if (row.is.kind === 'creation') {
		return `${row.is.creation.placement.serverType}, asked for ${sayDuration(ageSeconds(bornAt(row), now))} ago`;
	}

	const {server} = row.is;
	return `${server.serverType} ${server.location}, up ${sayAge(ageSeconds(server.created, now))}`;
}

/**
The same with what it costs: "cx23 fsn1, up 14m, paid to 15:02, €0.011".
*/
export function sayServerAndCost(row: ServerRow, facts: Facts): string {
	if (row.is.kind === 'creation') {
		return sayServer(row, facts);
	}

	const {engine, now} = facts;
	const {server} = row.is;
	const cost = costOf(row, engine.catalogue, now);
	return [
		sayServer(row, facts),
		`paid to ${sayClock(paidTo(server.created, now), 'minutes')}`,
		...(cost === undefined || engine.catalogue === undefined ? [] : [sayMoney(cost, engine.catalogue.currency)]),
	].join(', ');
}

/**
Why it may go: the engine's verdict.
*/
export function sayReason(row: ServerRow, facts: Facts): string {
	return row.verdict === undefined ? 'the engine has not judged it yet' : cleanText(sayServerVerdict(aged(row.verdict, passedSince(facts)), facts.now));
}

// What GitHub says of its runner and of its job, and how fresh that is.
function sourcesOf(row: ServerRow, {engine, now}: Facts): readonly [runner: string, job: string] {
	const runner = row.runner === undefined ? 'no runner of its name at GitHub' : `runner ${row.runner.isOnline ? 'online' : 'offline'}${row.runner.isBusy ? ' and busy' : ''}`;
	const job = row.job === undefined ? 'no job names it' : `runs ${cleanText(sayJob(row.job))}`;
	return [`${runner} (${sayFreshness(engine.runners, now)})`, `${job} (${sayFreshness(engine.jobs, now)})`];
}

/**
What GitHub says of its runner and its job, and how fresh that is.
*/
export function saySources(row: ServerRow, facts: Facts): string {
	return sourcesOf(row, facts).join('; ');
}

/**
The same for details: a line, or two where there is little room.
*/
export function sourceLines(row: ServerRow, facts: Facts): readonly string[] {
	const said = saySources(row, facts);
	return widthOf(said) <= facts.columns - 6 ? [said] : sourcesOf(row, facts);
}

function sayFreshness(read: Read<unknown>, now: Facts['now']): string {
	const when = read.at === undefined ? 'never read' : `read ${sayDuration(ageSeconds(read.at, now))} ago`;
	return read.state === 'whole' ? when : `${when}, reads fail`;
}
