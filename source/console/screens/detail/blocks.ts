import {cleanText} from '../../../model/clean-text.ts';
import {describeEvent} from '../../../model/event.ts';
import {formatJob} from '../../../model/job.ts';
import {formatMoney} from '../../../model/money.ts';
import {describeJobVerdict, describeRunnerVerdict} from '../../../model/describe-verdict.ts';
import {formatDuration} from '../../../model/time.ts';
import {earlierServerLine} from '../../../scaler/controller.ts';
import {barAgainst} from '../../components/bars.ts';
import {formatClock} from '../../components/clock.ts';
import {span, type LineContent, type Span} from '../../components/spans.ts';
import {cutTo, widthOf, wrapText} from '../../components/text.ts';
import {jobAppearance} from '../../panes/jobs/rows.ts';
import type {PaneName} from '../../panes/registry.ts';
import {
	aged, createdAtOf, costOf, paidTo, serverAppearance,
} from '../../panes/servers/rows.ts';
import {passedSince, type Context} from '../../state/context.ts';
import {serverIn} from '../../state/related.ts';
import type {Theme} from '../../theme/theme.ts';
import {describeReason, formatServer, sourceLines} from '../shared/evidence.ts';
import {
	chosenOf, scaleOf, timelineOf, type Chosen, type TimelineStep,
} from './timeline.ts';

/**
All that the details of a row tell: `above` what happens and why, its moments
and its price; `output` the server's last lines, or what happened to it.
*/
export type Blocks = {readonly title: string; readonly ids: string; readonly above: readonly LineContent[]; readonly outputTitle: string; readonly output: readonly string[]};

export function detailBlocks(theme: Theme, row: {readonly pane: PaneName; readonly id: string}, context: Context, width: number): Blocks {
	const chosen = chosenOf(row, context);
	const job = chosen.job?.job ?? chosen.server?.job;
	const {title, output} = outputOf(chosen, context);
	return {
		title: cutTo(chosen.job === undefined ? (chosen.serverName ?? (chosen.event === undefined ? 'This row is gone' : 'Activity')) : cleanText(formatJob(chosen.job.job)), Math.max(10, width - 30), 'middle'),
		ids: job === undefined ? '' : `run ${job.runId} · job ${job.id}`,
		above: [...facts(theme, chosen, context, width), ...steps(theme, chosen, context, width), ...paid(theme, chosen, context, width)].map(spans => ({spans})),
		outputTitle: title,
		output: output.flatMap(line => widthOf(line) + 2 > width ? wrapText(line, width - 2) : [line]),
	};
}

type SpanLines = ReadonlyArray<readonly Span[]>;

function facts(theme: Theme, chosen: Chosen, context: Context, width: number): SpanLines {
	const {job, server, runner, event, serverName} = chosen;
	const indented = (text: string, role: Span['role'] = 'plain'): SpanLines => wrapText(text, width - 4).map(line => [span(`   ${line}`, role)]);
	const lines: Array<readonly Span[]> = event === undefined ? [] : [[span(`   ${formatClock(event.entry.at, 'seconds')} `, 'dim')], ...indented(event.text)];

	if (job !== undefined) {
		const {sign, role} = jobAppearance(job);
		const [first = '', ...more] = wrapText(job.verdict === undefined ? 'not evaluated yet' : cleanText(describeJobVerdict(job.verdict, context.rowsNow)), width - 4);
		lines.push(
			[span(` ${theme.signs[sign]} `, role), span(first, 'strong')], ...more.map(line => [span(`   ${line}`, 'strong')]), ...indented(`wants ${cleanText(job.job.labels.join(', '))} · branch ${cleanText(job.job.branch)}`, 'dim'), [span(' '.repeat(3)), {...span(cutTo(cleanText(job.job.url), width - 3, 'middle'), 'dim'), href: job.job.url}],
		);
	}

	if (server !== undefined) {
		const {sign, role} = serverAppearance(server);
		const address = server.is.kind === 'server' && server.is.server.ip !== undefined ? ` · ${server.is.server.ip}` : '';
		const what = `${formatServer(server, context)}${address}`;
		const isOneLine = widthOf(server.name) + widthOf(what) + 5 <= width;
		const scripts = server.is.kind === 'server' ? context.engine.serverScripts.get(server.is.server.id) : undefined;
		lines.push(
			[span(` ${theme.signs[sign]} `, role), span(server.name, 'strong'), span(isOneLine ? `  ${what}` : '')],
			...(isOneLine ? [] : indented(what)),
			...indented(server.is.kind === 'creation' ? 'being created at Hetzner' : describeReason(server, context), role === 'wrong' ? 'wrong' : 'plain'),
			...(server.is.kind === 'creation' ? [] : sourceLines(server, context, width - 4).map(text => [span(`   ${text}`, 'dim')])),
			...(scripts === undefined ? [] : indented(`scripts: setup ${scripts.setup}, startup ${scripts.startup}`, 'dim')),
		);
	} else if (serverName !== undefined) {
		lines.push(...indented(`${cleanText(serverName)}: no such server now`, 'dim'));
	} else if (job !== undefined) {
		lines.push([span('   no server yet', 'dim')]);
	}

	if (runner?.verdict !== undefined && server === undefined) {
		lines.push(...indented(`runner: ${cleanText(describeRunnerVerdict(aged(runner.verdict, passedSince(context))))}`));
	}

	return lines.length === 0 ? indented('It has left the list: the job is done, or the server was deleted.', 'dim') : lines;
}

function steps(theme: Theme, chosen: Chosen, context: Context, width: number): SpanLines {
	const timeline = timelineOf(chosen, context);
	const scale = scaleOf(timeline);
	const noteOf = ({waitsFor, usualSeconds}: TimelineStep): Span => waitsFor === undefined
		? span(usualSeconds === undefined ? '' : `  usual ${formatDuration(usualSeconds)}`, 'dim')
		: span(`  ${waitsFor}`, 'waiting');
	const longestNote = Math.max(19, ...timeline.map(step => noteOf(step).text.length));
	const columns = Math.max(10, Math.min(60, width - 31 - longestNote));
	return timeline.map(step => ({...step, note: noteOf(step)})).map(({name, at, seconds, isNow, isRun, usualSeconds, note}) => [
		span(`  ${name.padEnd(11)}`, isNow ? 'working' : 'plain'),
		span(isNow ? ' '.repeat(8) : formatClock(at, 'seconds'), 'dim'),
		span('  '),
		...(seconds === undefined
			? []
			: barAgainst(theme, {
				value: seconds, usual: usualSeconds, scale: isRun ? Math.max(scale, usualSeconds ?? 0) : scale, isGoing: isNow,
			}, columns)),
		span(seconds === undefined ? '' : ` ${formatDuration(seconds).padStart(6)}`, isNow ? 'strong' : 'plain'),
		note,
	]);
}

function paid(theme: Theme, {server}: Chosen, {engine, rowsNow}: Context, width: number): SpanLines {
	if (server?.is.kind !== 'server') {
		return [];
	}

	const cost = costOf(server, engine.catalogue, rowsNow);
	const hours = Math.max(1, Math.ceil((rowsNow - createdAtOf(server)) / 3_600_000));
	const end = paidTo(createdAtOf(server), rowsNow);
	const left = Math.max(0, (end - rowsNow) / 1000);
	return [[
		span('  '),
		span(cost === undefined ? '' : `${formatMoney(cost, engine.catalogue?.currency ?? 'EUR')} so far, `, 'money'),
		span(`${hours} started ${hours === 1 ? 'hour' : 'hours'}   paid to `),
		span(formatClock(end, 'seconds')),
		span('  ['),
		span(theme.bar(1 - (left / 3600), width < 96 ? 8 : 16), 'money'),
		span(`] ${formatDuration(left)} left`),
	]];
}

// The tail of its set-up output; where there is none, the events that name it, those of an earlier server of the same name above a line.
function outputOf({serverName, server}: Chosen, {engine}: Context): {readonly title: string; readonly output: readonly string[]} {
	if (serverName === undefined) {
		return {title: '', output: []};
	}

	const output = [...engine.output].find(([name]) => name === serverName)?.[1] ?? [];
	if (output.length > 0 && output.at(-1) !== earlierServerLine) {
		return {title: 'set-up output', output: output.map(line => cleanText(line))};
	}

	const events = engine.activity.filter(({event}) => serverIn(event) === serverName);
	const created = server?.is.kind === 'server' ? server.is.server.created : -Infinity;
	const before = events.filter(({at, event}) => at < created - 60_000 && event.code !== 'serverCreated');
	const own = events.filter(entry => !before.includes(entry));
	const text = (entries: typeof events): readonly string[] => entries.map(({at, event}) => `${formatClock(at, 'seconds')}  ${cleanText(describeEvent(event))}`);
	return {title: 'what happened', output: [...text(before), ...(before.length === 0 ? [] : [earlierServerLine]), ...text(own)]};
}
