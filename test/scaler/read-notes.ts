// What the log says of lists that fail or come short: when it begins, when it changes materially, when it is over.
import test from 'ava';
import {describeEvent} from '../../source/model/event.ts';
import {
	extentOf, noteRead, type ReadOutcome, type LoggedTrouble,
} from '../../source/scaler/read-notes.ts';
import {at} from '../support/given.ts';

const whole: ReadOutcome = {state: 'whole'};
const short = (extent: number): ReadOutcome => ({state: 'partial', extent, reason: `could not read ${extent} of the queued runs`});
const failed = (reason: string): ReadOutcome => ({state: 'failed', reason});

// A read every ten seconds; answers the lines with their second.
function log(outcomes: readonly ReadOutcome[]): readonly string[] {
	let logged: LoggedTrouble | undefined;
	return outcomes.flatMap((outcome, index) => {
		const noted = noteRead('jobs', logged, outcome, at(index * 10));
		logged = noted.logged;
		return noted.event === undefined ? [] : [`${index * 10}: ${describeEvent(noted.event).split(';', 1)[0]}`];
	});
}

test('a list that comes short in every other poll, or by a little more or less each time, is logged of once', t => {
	const flapping = Array.from({length: 60}, (_, index) => index % 2 === 0 ? short(140 + index) : whole);
	t.deepEqual(log(flapping), ['0: reading some jobs failed: could not read 140 of the queued runs']);
	t.is(log(Array.from({length: 60}, (_, index) => short(150 - (index % 7)))).length, 1);
});

test('it is logged of again when twice as much is missing, or half as much, and when all is read again', t => {
	t.deepEqual(log([short(150), short(200), short(300), short(290), short(140), ...Array.from({length: 12}, () => whole)]), [
		'0: reading some jobs failed: could not read 150 of the queued runs',
		'20: reading some jobs failed: could not read 300 of the queued runs',
		'40: reading some jobs failed: could not read 140 of the queued runs',
		'110: reading jobs works again after 50s',
	]);
});

test('a list that fails is logged at once, with each new reason, and so is its end; one that only comes short between failures is not', t => {
	t.deepEqual(log([whole, failed('limited, again in 54 s'), failed('limited, again in 44 s'), failed('no answer'), whole, whole]), [
		'10: reading jobs failed: limited, again in 54 s', '30: reading jobs failed: no answer', '40: reading jobs works again after 30s',
	]);
	t.deepEqual(log([short(3), failed('no answer'), short(3), failed('no answer'), short(4), whole]), [
		'0: reading some jobs failed: could not read 3 of the queued runs', '10: reading jobs failed: no answer', '50: reading jobs works again after 50s',
	]);
});

test('an extent is the sum of what gaps say', t => {
	t.is(extentOf([{what: '150 of the queued runs'}, {what: 'jobs of run 7'}, {what: 'the newest runs'}]), 152);
});

test('what the log says of a partial list is what is done with it: only a list that failed decides nothing', t => {
	const said = (outcome: ReadOutcome) => {
		const {event} = noteRead('jobs', undefined, outcome, at(0));
		return event === undefined ? '' : describeEvent(event);
	};

	t.is(said(short(3)), 'reading some jobs failed: could not read 3 of the queued runs; what could not be read is left alone, all else is decided');
	t.is(said(failed('no answer')), 'reading jobs failed: no answer; no decisions are based on it');
});
