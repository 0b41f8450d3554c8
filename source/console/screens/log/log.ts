import {eventLevel, sayEvent, type EventLevel} from '../../../model/event.ts';
import {cleanText} from '../../../model/clean-text.ts';
import {shortenNames} from '../../../model/server-name.ts';
import {sayClock} from '../../components/clock.ts';
import {topOf} from '../../components/cursor.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import {widthOf} from '../../components/text.ts';
import type {Facts} from '../../facts.ts';
import type {Role, Theme} from '../../theme.ts';
import type {LogScreen} from '../../view.ts';
import {markFound} from '../found.ts';
import {countHits} from '../searching.ts';
import {logRows} from './state.ts';

type LogProps = {readonly theme: Theme; readonly screen: LogScreen; readonly find: string; readonly facts: Facts; readonly footer: readonly Span[]};

const roles: Readonly<Record<EventLevel, Role>> = {
	info: 'plain', good: 'good', warning: 'waiting', error: 'wrong',
};

/**
All of the activity on the whole screen; it follows the newest line until somebody moves up.
*/
export function drawLog({theme, screen, find, facts, footer}: LogProps): readonly string[] {
	const {columns: width, rows} = facts;
	const entries = logRows(facts.engine.activity, screen);
	const height = rows - 2;
	const top = topOf(screen.cursor, entries.length, height);
	const lines = entries.slice(top, top + height).map(({id, at, event}) => {
		const level = eventLevel(event);
		const isSelected = String(id) === screen.cursor.id;
		const before = `${sayClock(at, 'seconds')}  ${level.padEnd(7)}  `;
		const what = cleanText(sayEvent(event));
		const words = before + (find === '' ? shortenNames(what, shorter => widthOf(before + shorter) <= width - 4) : what);
		return isSelected
			? theme.paint('selected', paintSpans({...theme, paint: (_role, text) => text}, [span(`${theme.signs.cursor} ${words}`)], width - 2))
			: paintSpans(theme, [span('  '), ...markFound([span(words, roles[level])], find)], width - 2);
	});
	const empty = entries.length === 0 ? [paintSpans(theme, [span(screen.level === 'all' ? '  nothing happened yet' : `  no ${screen.level} so far; v shows all levels`, 'dim')], width - 2)] : [];
	const filler = Array.from({length: Math.max(0, height - lines.length - empty.length)}, () => ' '.repeat(width - 2));
	const levels = screen.level === 'all' ? 'all levels' : `${screen.level} only`;
	const place = screen.isFollowing ? 'follows' : `line ${screen.cursor.index + 1} of ${entries.length}, G follows`;
	const hits = countHits(screen, find, facts);
	const found = find === '' ? '' : `/${find}: ${hits.of === 0 ? 'not found' : (hits.at === 0 ? `${hits.of} found` : `${hits.at} of ${hits.of}`)}   `;
	const right = [span(found, hits.of === 0 ? 'waiting' : 'calm'), span(`${levels}, ${place}`, 'dim')];
	return [
		edgeLine(theme, 'top', width, [span('Log', 'strong'), span(` ${entries.length}`), span(screen.about === undefined ? '' : ` of ${screen.about}`)], right),
		...[...lines, ...empty, ...filler].map(line => betweenSides(theme, line)),
		edgeLine(theme, 'bottom', width, footer),
	];
}
