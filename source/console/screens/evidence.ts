import {sayJob} from '../../model/job.ts';
import {sayMoney} from '../../model/money.ts';
import {cleanText} from '../../model/clean-text.ts';
import type {Read} from '../../model/snapshot.ts';
import {ageSeconds, sayDuration} from '../../model/time.ts';
import {sayServerVerdict} from '../../model/say-verdict.ts';
import {sayAge, sayClock} from '../components/clock.ts';
import {passedSince, type Facts} from '../facts.ts';
import type {ServerRow} from '../panes/rows.ts';
import {
	aged,
	bornAt,
	costOf,
	paidTo,
} from '../panes/servers/state.ts';

/**
What a server is and costs, in one line: "cx23 fsn1, up 14m, paid to 15:02, €0.011".
*/
export function sayServer(row: ServerRow, {engine, now}: Facts): string {
	if (row.is.kind === 'creation') {
		return `${row.is.creation.placement.serverType}, asked for ${sayDuration(ageSeconds(bornAt(row), now))} ago`;
	}

	const {server} = row.is;
	const cost = costOf(row, engine.catalogue, now);
	return [
		`${server.serverType} ${server.location}`,
		`up ${sayAge(ageSeconds(server.created, now))}`,
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

/**
What GitHub says of its runner and its job, and how fresh that is.
*/
export function saySources(row: ServerRow, {engine, now}: Facts): string {
	const runner = row.runner === undefined ? 'no runner of its name at GitHub' : `runner ${row.runner.isOnline ? 'online' : 'offline'}${row.runner.isBusy ? ' and busy' : ''}`;
	const job = row.job === undefined ? 'no job names it' : `runs ${cleanText(sayJob(row.job))}`;
	return `${runner} (${sayFreshness(engine.runners, now)}); ${job} (${sayFreshness(engine.jobs, now)})`;
}

function sayFreshness(read: Read<unknown>, now: Facts['now']): string {
	const when = read.at === undefined ? 'never read' : `read ${sayDuration(ageSeconds(read.at, now))} ago`;
	return read.state === 'whole' ? when : `${when}, reads fail`;
}
