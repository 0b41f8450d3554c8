import {cleanText} from '../../model/clean-text.ts';
import {sayMoney} from '../../model/money.ts';
import {ageSeconds, sayDuration, type Instant} from '../../model/time.ts';
import type {Attachment, EngineState, Mode} from '../../scaler/controller.ts';
import type {Budget} from '../../scaler/ports.ts';
import {
	joinFitting,
	paintSides,
	paintSpans,
	span,
	widthOfSpans,
	type Span,
} from '../components/line.ts';
import {columnsOf} from '../components/bars.ts';
import {cutTo, widthOf} from '../components/text.ts';
import type {KeyRow} from '../keymap.ts';
import type {Notice} from '../notices.ts';
import type {Lists} from '../panes/rows.ts';
import type {Role, Sign, Theme} from '../theme.ts';

type HeaderProps = {
	readonly theme: Theme; readonly engine: EngineState; readonly lists: Lists; readonly now: Instant;
	readonly width: number; readonly attachment: Attachment; readonly isReadOnly: boolean;
	/**
	Whether the last hour has charts of its own below.
	*/
	readonly hasHour: boolean;
};

const modes: Readonly<Record<Mode, {readonly word: string; readonly sign: Sign; readonly role: Role}>> = {
	scaling: {word: 'SCALING', sign: 'runs', role: 'good'},
	paused: {word: 'PAUSED', sign: 'waits', role: 'waiting'},
	frozen: {word: 'FROZEN', sign: 'cannot', role: 'wrong'},
	draining: {word: 'DRAINING', sign: 'off', role: 'waiting'},
};

/**
The two lines on top: is scaling on, how many servers, what they cost, how near the limits are, how long jobs wait.
*/
export function headerLines(props: HeaderProps): readonly string[] {
	const {theme, engine, width} = props;
	const name = cutTo(cleanText(engine.repository), Math.max(12, Math.floor(width / 3)), 'middle');
	const left = [span(width >= 100 ? ' hetzner-runners  ' : ' ', 'dim'), span(name, 'strong'), span('  '), ...stateSpans(props)];
	const right = joinFitting([moneyNow(props), servers(props), nextRead(props), moneyToday(props), moneyThisMonth(props)], width - widthOfSpans(left) - 3);
	const second = joinFitting([budget('GitHub', engine.githubBudget), budget('Hetzner', engine.hetznerBudget), waits(props), busy(props), engineSpans(props), jobsDone(props)], width - 2);
	return [paintSides(theme, left, [...right, span(' ')], width), paintSpans(theme, [span(' '), ...second], width)];
}

// With fewer columns a notice says since when and why, and leaves the rest to the screen that its key leads to.
const roomToTellAll = 70;

/**
The line that says what needs a person, with the key that leads there and the one that hides it. `keys`: those that count now.
*/
export function noticeLine(theme: Theme, notices: readonly Notice[], keys: readonly KeyRow[], width: number): string {
	const [first] = notices;
	if (first === undefined) {
		return ' '.repeat(width);
	}

	const more = notices.length > 1 ? `+${notices.length - 1} more  ` : '';
	const words = {z: 'zombies', l: 'log', w: 'why'}[first.press];
	const right = [span(`  ${more}`, 'dim'), ...[[first.press, words] as const, ['i', 'hide'] as const]
		.filter(([press]) => keys.some(row => row.press === press))
		.flatMap(([press, word]) => [span(press, 'strong'), span(` ${word}  `, 'dim')])];
	const room = width - 3 - widthOfSpans(right);
	const text = cutTo(room < roomToTellAll && widthOf(first.text) > room ? first.brief ?? first.text : first.text, room);
	return paintSides(theme, [span(` ${theme.signs.notice} `, first.role), span(text, first.role)], right, width);
}

function stateSpans({theme, engine, isReadOnly}: HeaderProps): readonly Span[] {
	const extra = [...(engine.policy.isDryRun ? [span(' dry run', 'waiting')] : []), ...(isReadOnly ? [span(' read-only', 'dim')] : [])];
	if (engine.phase !== 'running') {
		return [span(`${theme.signs.coming} ${engine.phase.toUpperCase()}`, 'waiting'), ...extra];
	}

	const {word, sign, role} = modes[engine.mode];
	return [span(`${theme.signs[sign]} ${word}`, role), ...extra];
}

const slowReadSeconds = 5;

function nextRead({engine, now, attachment}: HeaderProps): readonly Span[] {
	if (attachment.at === 'socket' && attachment.coming !== undefined) {
		return [span(`first of ${attachment.coming} rows …`, 'waiting')];
	}

	if (engine.nextReadAt === undefined) {
		return [];
	}

	const seconds = Math.ceil((engine.nextReadAt - now) / 1000);
	return seconds <= -slowReadSeconds ? [span(`reading for ${sayDuration(-seconds)}`, 'waiting')] : [span('next read '), span(seconds <= 0 ? 'now' : sayDuration(seconds))];
}

function servers({engine, lists}: HeaderProps): readonly Span[] {
	const count = lists.counts.servers + lists.counts.creations;
	const limit = engine.policy.maxRunners;
	return [span(limit === undefined ? `${count} ${count === 1 ? 'server' : 'servers'}` : `${count}/${limit} servers`, limit !== undefined && count >= limit ? 'waiting' : 'plain')];
}

function moneyNow({engine}: HeaderProps): readonly Span[] {
	return engine.hourlyMicros === undefined ? [] : [span(`${sayMoney(engine.hourlyMicros, engine.catalogue?.currency ?? 'EUR')}/h`, 'money')];
}

function moneyToday({engine}: HeaderProps): readonly Span[] {
	return engine.todayMicros === undefined ? [] : [span(`${sayMoney(engine.todayMicros, engine.catalogue?.currency ?? 'EUR')} today`, 'money')];
}

function moneyThisMonth({engine}: HeaderProps): readonly Span[] {
	return engine.monthMicros === undefined ? [] : [span(`${sayMoney(engine.monthMicros, engine.catalogue?.currency ?? 'EUR')} this month`, 'money')];
}

function budget(api: string, left: Budget | undefined): readonly Span[] {
	if (left === undefined) {
		return [];
	}

	const isLow = left.remaining < left.limit * 0.15;
	return [span(`${api} `), span(`${left.remaining}/${left.limit}`, isLow ? 'waiting' : 'plain')];
}

const sparkColumns = 8;

// The longest wait of the last hour's minutes, as high as it was, and what is usual.
function waits({theme, engine, now, hasHour}: HeaderProps): readonly Span[] {
	const longest = Math.max(60, ...engine.history.map(minute => minute.longestWaitSeconds));
	const [spark = ''] = theme.chart(columnsOf(engine.history, minute => minute.longestWaitSeconds, now, sparkColumns), longest, 1);
	return engine.waits === undefined
		? [span('no job started yet', 'dim')]
		: [span('waits'), span(hasHour ? '' : ` ${spark}`, 'waiting'), span(` p50 ${sayDuration(engine.waits.p50Seconds)}  p95 ${sayDuration(engine.waits.p95Seconds)}`)];
}

function busy({theme, engine, lists, now, hasHour}: HeaderProps): readonly Span[] {
	const most = Math.max(4, ...engine.history.map(minute => minute.busyServers));
	const [spark = ''] = theme.chart(columnsOf(engine.history, minute => minute.busyServers, now, sparkColumns), most, 1);
	return engine.history.length === 0 || hasHour ? [] : [span('busy '), span(spark, 'good'), span(` ${lists.counts.busyServers}`)];
}

function engineSpans({engine, now, attachment}: HeaderProps): readonly Span[] {
	return [span(`engine: ${attachment.at === 'here' ? 'here' : cleanText(attachment.where)}, up ${sayDuration(ageSeconds(engine.startedAt, now))}`, 'dim')];
}

function jobsDone({engine}: HeaderProps): readonly Span[] {
	return [span(`${engine.jobsDone} jobs done`, 'dim')];
}
