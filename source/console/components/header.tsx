import type {ReactElement} from 'react';
import {cleanText} from '../../model/clean-text.ts';
import {formatMoney} from '../../model/money.ts';
import {ageSeconds, formatDuration} from '../../model/time.ts';
import type {Mode} from '../../scaler/controller.ts';
import type {Budget} from '../../scaler/ports.ts';
import {countOf} from '../panes/pane.ts';
import type {Context} from '../state/context.ts';
import {startCommand} from '../state/health.ts';
import type {Role, Sign, Theme} from '../theme/theme.ts';
import {columnsOf} from './bars.ts';
import {formatAge, formatClock} from './clock.ts';
import {Line, useTheme} from './line.tsx';
import {
	joinFitting, span, widthOfSpans, type LineContent, type Span,
} from './spans.ts';
import {cutTo} from './text.ts';

const modes: Readonly<Record<Mode, {readonly word: string; readonly sign: Sign; readonly role: Role}>> = {
	scaling: {word: 'SCALING', sign: 'runs', role: 'good'},
	paused: {word: 'PAUSED', sign: 'waits', role: 'waiting'},
	frozen: {word: 'FROZEN', sign: 'cannot', role: 'wrong'},
	draining: {word: 'DRAINING', sign: 'off', role: 'waiting'},
};

/**
The two lines on top: is scaling on, how many servers, what they cost, how near the
limits are, how long jobs wait. `hasHour`: the last hour has charts of its own below.
*/
export function Header({context, hasHour}: {readonly context: Context; readonly hasHour: boolean}): ReactElement {
	const theme = useTheme();
	return <>{headerLines(theme, context, hasHour).map((line, at) => <Line key={String(at)} {...line}/>)}</>;
}

function headerLines(theme: Theme, context: Context, hasHour: boolean): readonly LineContent[] {
	const {engine, columns: width, health} = context;
	const name = cutTo(cleanText(engine.repository), Math.max(12, Math.floor(width / 3)), 'middle');
	const left = [span(width >= 100 ? ' hetzner-runners  ' : ' ', 'dim'), span(name, 'strong'), span('  '), ...stateSpans(theme, context)];
	const groups = health.is === 'gone' ? [] : [slowPoll(context), longestWait(context), moneyNow(context), servers(context), nextPoll(context), money(engine.todayMicros, 'today UTC', context), money(engine.monthMicros, 'this month', context)];
	const right = joinFitting(groups, width - widthOfSpans(left) - 3);
	const second = health.is === 'gone'
		? [span('To start it: ', 'wrong'), span(startCommand(health.where), 'strong'), span(`   ${cleanText(health.where)} does not answer: shown as it was then`, 'wrong')]
		: joinFitting([simulated(context), budget('GitHub', engine.githubBudget, context), budget('Hetzner', engine.hetznerBudget, context), waits(theme, context, hasHour), busy(theme, context, hasHour), engineSpans(context), jobsDone(context)], width - 2);
	return [{spans: left, right: [...right, span(' ')]}, {spans: [span(' '), ...second]}];
}

// The truth first: what nobody reads is no state of affairs.
function stateSpans({signs}: Theme, {engine, health, isReadOnly, attachment}: Context): readonly Span[] {
	const extra = [
		...(engine.policy.isDryRun ? [span(' dry run', 'waiting')] : []),
		...(isReadOnly ? [span(' read-only', 'dim')] : []),
		...(attachment.at === 'socket' ? [span(' attached', 'dim')] : []),
	];
	switch (health.is) {
		case 'gone': {
			return [span(`${signs.cannot} NO ENGINE since ${formatClock(health.at, 'minutes')}`, 'wrong')];
		}

		case 'blind': {
			const what = {both: 'BLIND', GitHub: 'GITHUB UNREAD', Hetzner: 'HETZNER UNREAD'}[health.what];
			return [span(`${signs.notice} ${what} since ${formatClock(health.at, 'minutes')}`, 'wrong'), span(engine.mode === 'scaling' ? '' : ` ${engine.mode.toUpperCase()}`, 'waiting'), ...extra];
		}

		case 'slow': {
			const what = {both: 'BLIND', GitHub: 'GITHUB UNREAD', Hetzner: 'HETZNER UNREAD'}[health.what];
			const text = health.isFailing ? `${what} for ${formatDuration(health.seconds)}` : `SLOW: reading for ${formatDuration(health.seconds)}`;
			return [span(`${signs.notice} ${text}`, 'waiting'), span(engine.mode === 'scaling' ? '' : ` ${engine.mode.toUpperCase()}`, 'waiting'), ...extra];
		}

		case 'nothing read':
		case 'well': {
			if (engine.phase !== 'running') {
				return [span(`${signs.coming} ${engine.phase.toUpperCase()}`, 'waiting'), ...extra];
			}

			const {word, sign, role} = modes[engine.mode];
			return health.is === 'well' ? [span(`${signs[sign]} ${word}`, role), ...extra] : [span(`${signs.coming} NOTHING READ YET`, 'waiting'), ...extra];
		}
	}
}

function simulated({engine}: Context): readonly Span[] {
	return engine.clockSpeed === 1 ? [] : [span(`SIMULATED, ${Math.round(engine.clockSpeed * 10) / 10}x speed`, 'waiting')];
}

const slowReadSeconds = 5;

// What takes longer than it should comes before all else.
function slowPoll({engine, now, health}: Context): readonly Span[] {
	if (health.is === 'slow' && !health.isFailing) {
		return []; // That is what comes first.
	}

	const seconds = engine.nextReadAt === undefined ? 0 : Math.floor((now - engine.nextReadAt) / 1000);
	return seconds >= slowReadSeconds * engine.clockSpeed ? [span(`polling for ${formatDuration(seconds)}`, 'waiting')] : [];
}

function nextPoll({engine, now, attachment}: Context): readonly Span[] {
	if (attachment.at === 'socket' && attachment.coming !== undefined) {
		return [span(`first of ${attachment.coming} rows …`, 'waiting')];
	}

	if (engine.nextReadAt === undefined) {
		return [];
	}

	const seconds = Math.ceil((engine.nextReadAt - now) / 1000);
	return seconds <= -slowReadSeconds * engine.clockSpeed ? [] : [span('next poll '), span(seconds <= 0 ? 'now' : formatDuration(seconds))];
}

function servers({engine, lists}: Context): readonly Span[] {
	const count = lists.counts.servers + lists.counts.creations;
	const limit = engine.policy.maxRunners;
	const shown = countOf(count, engine.servers);
	return [span(limit === undefined ? `${shown} ${shown === '1' ? 'server' : 'servers'}` : `${shown}/${limit} servers`, limit !== undefined && count >= limit ? 'waiting' : 'plain')];
}

function longestWait({lists, rowsNow, attentionSeconds}: Context): readonly Span[] {
	const [oldest] = lists.waiting;
	const seconds = oldest === undefined ? 0 : ageSeconds(oldest.job.createdAt, rowsNow);
	return oldest === undefined ? [] : [span('max wait '), span(formatAge(seconds), seconds >= attentionSeconds ? 'waiting' : 'plain')];
}

function moneyNow({engine}: Context): readonly Span[] {
	return engine.hourlyMicros === undefined || engine.servers.at === undefined ? [] : [span(`${formatMoney(engine.hourlyMicros, engine.catalogue?.currency ?? 'EUR')}/h`, 'money')];
}

function money(micros: number | undefined, when: string, {engine}: Context): readonly Span[] {
	return micros === undefined ? [] : [span(`${formatMoney(micros, engine.catalogue?.currency ?? 'EUR')} ${when}`, 'money')];
}

// Requests left of the hour. While the API takes none though some are left, it is its secondary limit: that many seconds.
function budget(api: string, left: Budget | undefined, {now}: Context): readonly Span[] {
	if (left === undefined) {
		return [];
	}

	if (left.blockedUntil !== undefined && left.blockedUntil > now) {
		const seconds = formatDuration((left.blockedUntil - now) / 1000);
		return [span(`${api} `), span(left.remaining > 0 ? `secondary limit, ${seconds}` : `limit used up, ${seconds}`, 'wrong')];
	}

	return [span(`${api} `), span(`${left.remaining}/${left.limit}`, left.remaining < left.limit * 0.15 ? 'waiting' : 'plain')];
}

const sparkColumns = 8;

// The longest wait of the last hour's minutes, as high as it was, and what is usual.
function waits(theme: Theme, {engine, now}: Context, hasHour: boolean): readonly Span[] {
	const longest = Math.max(60, ...engine.history.map(minute => minute.longestWaitSeconds));
	const [spark = ''] = theme.chart(columnsOf(engine.history, minute => minute.longestWaitSeconds, now, sparkColumns), longest, 1);
	return engine.waits === undefined
		? [span('no job started yet', 'dim')]
		: [span('waits'), span(hasHour ? '' : ` ${spark}`, 'waiting'), span(` p50 ${formatDuration(engine.waits.p50Seconds)}  p95 ${formatDuration(engine.waits.p95Seconds)}`)];
}

function busy(theme: Theme, {engine, lists, now}: Context, hasHour: boolean): readonly Span[] {
	const most = Math.max(4, ...engine.history.map(minute => minute.busyServers));
	const [spark = ''] = theme.chart(columnsOf(engine.history, minute => minute.busyServers, now, sparkColumns), most, 1);
	return engine.history.length === 0 || hasHour ? [] : [span('busy '), span(spark, 'good'), span(` ${lists.counts.busyServers}`)];
}

function engineSpans({engine, now, attachment}: Context): readonly Span[] {
	return [span(`engine: ${attachment.at === 'here' ? 'here' : cleanText(attachment.where)}, up ${formatDuration(ageSeconds(engine.startedAt, now))}`, 'dim')];
}

function jobsDone({engine}: Context): readonly Span[] {
	return [span(`${engine.jobsDone} jobs done`, 'dim')];
}
