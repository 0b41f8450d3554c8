import {cleanText} from '../../../model/clean-text.ts';
import {sayJob} from '../../../model/job.ts';
import {sayMoney} from '../../../model/money.ts';
import {sayDuration} from '../../../model/time.ts';
import {sayJobVerdict, sayRunnerVerdict} from '../../../model/say-verdict.ts';
import {sayClock} from '../../components/clock.ts';
import {barAgainst} from '../../components/bars.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import {cutTo} from '../../components/text.ts';
import {passedSince, type Facts} from '../../facts.ts';
import {
	bornAt,
	paidTo,
	aged,
	costOf,
	serverLook,
} from '../../panes/servers/state.ts';
import {jobLook} from '../../panes/jobs/state.ts';
import type {Theme} from '../../theme.ts';
import {sayReason, sayServer, sourceLines} from '../evidence.ts';
import {
	detailLines,
	detailThread,
	scaleOf,
	timelineOf,
	type DetailScreen,
	type DetailThread,
} from './state.ts';

// The title, and what happens.
const facedAlways = 2;

type DetailProps = {readonly theme: Theme; readonly screen: DetailScreen; readonly facts: Facts; readonly footer: readonly Span[]};

/**
One thread of job, server and runner: what happens and why, its moments as a timeline, its price, its last output.
*/
export function drawDetail({theme, screen, facts, footer}: DetailProps): readonly string[] {
	const thread = detailThread(screen, facts);
	const {columns: width, rows} = facts;
	const inside = (spans: readonly Span[]): string => betweenSides(theme, paintSpans(theme, spans, width - 2));
	const title = thread.job === undefined ? (thread.serverName ?? 'This row is gone') : cleanText(sayJob(thread.job.job));
	const job = thread.job?.job ?? thread.server?.job;
	const numbers = job === undefined ? [] : [span(`run ${job.runId} · job ${job.id}`, 'dim')];
	const gap = rows < 30 ? [] : [inside([])];
	const top = [edgeLine(theme, 'top', width, [span(cutTo(title, width - 40, 'middle'), 'strong')], numbers), ...facing(theme, thread, facts).map(spans => inside(spans)), ...gap];
	const steps = timelineOf(thread, facts);
	const scale = scaleOf(steps);
	const barColumns = Math.max(20, Math.min(60, width - 52));
	const timeline = steps.map(({says, at, seconds, isNow, isRun, usualSeconds}) => inside([
		span(`  ${says.padEnd(11)}`, isNow ? 'working' : 'plain'),
		span(isNow ? ' '.repeat(8) : sayClock(at, 'seconds'), 'dim'),
		span('  '),
		...(seconds === undefined
			? []
			: barAgainst(theme, {
				value: seconds, usual: usualSeconds, scale, isGoing: isNow,
			}, barColumns)),
		span(seconds === undefined ? '' : ` ${sayDuration(seconds).padStart(6)}`, isNow ? 'strong' : 'plain'),
		span(usualSeconds === undefined || isRun ? '' : `  usual ${sayDuration(usualSeconds)}`, 'dim'),
	]));
	const above = [...top, ...timeline, ...gap, ...paidLine(theme, thread, facts).map(spans => inside(spans))];
	const output = detailLines(screen, facts);
	const left = Math.max(0, rows - above.length - 2);
	const from = Math.max(0, output.length - left - screen.top);
	const hasOutput = thread.serverName !== undefined && (facts.engine.output.entries().find(([name]) => name === thread.serverName)?.[1].length ?? 0) > 0;
	const heading = output.length === 0 ? [] : [span(hasOutput ? 'set-up output' : 'what happened', 'dim')];
	const place = output.length <= left ? [] : [span(screen.top === 0 ? 'follows' : `${from + left} of ${output.length}, G follows`, 'dim')];
	const body = output.slice(from, from + left).map(line => inside([span(`  ${cleanText(line)}`, 'dim')]));
	const filler = Array.from({length: Math.max(0, left - body.length)}, () => inside([]));
	const all = [...above, edgeLine(theme, 'middle', width, heading, place), ...body, ...filler, edgeLine(theme, 'bottom', width, footer)];
	return [...all.slice(0, facedAlways), ...all.slice(facedAlways).slice(facedAlways - rows)]; // On a low screen the oldest moments go first.
}

function facing(theme: Theme, thread: DetailThread, facts: Facts): ReadonlyArray<readonly Span[]> {
	const {job, server, runner} = thread;
	const lines: Array<readonly Span[]> = [];
	if (job !== undefined) {
		const look = jobLook(job);
		lines.push(
			[span(` ${theme.signs[look.sign]} `, look.role), span(job.verdict === undefined ? 'not judged yet' : cleanText(sayJobVerdict(job.verdict, facts.now)), 'strong')],
			[span(`   wants ${cleanText(job.job.labels.join(', '))} · branch ${cleanText(job.job.branch)}`, 'dim')],
			[span(' '.repeat(3)), {...span(cutTo(cleanText(job.job.url), facts.columns - 5, 'middle'), 'dim'), href: job.job.url}],
		);
	}

	if (server !== undefined) {
		const look = serverLook(server);
		const address = server.is.kind === 'server' && server.is.server.ip !== undefined ? ` · ${server.is.server.ip}` : '';
		lines.push(
			[span(` ${theme.signs[look.sign]} `, look.role), span(server.name, 'strong'), span(`  ${sayServer(server, facts)}${address}`)],
			[span(' '.repeat(3)), span(server.is.kind === 'creation' ? 'being created at Hetzner' : sayReason(server, facts), look.role === 'wrong' ? 'wrong' : 'plain')],
			...(server.is.kind === 'creation' ? [] : sourceLines(server, facts).map(text => [span(`   ${text}`, 'dim')])),
		);
	} else if (thread.serverName !== undefined) {
		lines.push([span(`   ${cleanText(thread.serverName)}: no such server now`, 'dim')]);
	} else if (job !== undefined) {
		lines.push([span('   no server yet', 'dim')]);
	}

	if (runner?.verdict !== undefined && server === undefined) {
		lines.push([span(`   runner: ${cleanText(sayRunnerVerdict(aged(runner.verdict, passedSince(facts))))}`)]);
	}

	if (thread.event !== undefined) {
		lines.push([span(`   ${sayClock(thread.event.entry.at, 'seconds')} `, 'dim'), span(thread.event.words)]);
	}

	return lines.length === 0 ? [[span('   It has left the list: the job is done, or the server was deleted.', 'dim')]] : lines;
}

function paidLine(theme: Theme, {server}: DetailThread, {engine, now, columns}: Facts): ReadonlyArray<readonly Span[]> {
	if (server?.is.kind !== 'server') {
		return [];
	}

	const cost = costOf(server, engine.catalogue, now);
	const hours = Math.max(1, Math.ceil((now - bornAt(server)) / 3_600_000));
	const end = paidTo(bornAt(server), now);
	const left = Math.max(0, (end - now) / 1000);
	return [[
		span('  '),
		span(cost === undefined ? '' : `${sayMoney(cost, engine.catalogue?.currency ?? 'EUR')} so far`, 'money'),
		span(`, ${hours} started ${hours === 1 ? 'hour' : 'hours'}   paid to `),
		span(sayClock(end, 'seconds')),
		span('  ['),
		span(theme.bar(1 - (left / 3600), columns < 100 ? 8 : 16), 'money'),
		span(`] ${sayDuration(left)} left`),
	]];
}
