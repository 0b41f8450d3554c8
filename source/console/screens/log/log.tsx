import type {ReactElement} from 'react';
import {eventLevel, sayEvent, type EventLevel} from '../../../model/event.ts';
import {cleanText} from '../../../model/clean-text.ts';
import {sayClock} from '../../components/clock.ts';
import {topOf} from '../../components/cursor.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	Lines,
	paintSpans,
	span,
	type Span,
} from '../../components/line.tsx';
import type {ActivityEntry} from '../../../scaler/controller.ts';
import type {Role, Theme} from '../../theme.ts';
import type {Screen} from '../../view.ts';
import {logRows} from './state.ts';

type LogProps = {
	readonly theme: Theme; readonly screen: Extract<Screen, {readonly at: 'log'}>; readonly activity: readonly ActivityEntry[];
	readonly columns: number; readonly rows: number; readonly footer: readonly Span[];
};

const roles: Readonly<Record<EventLevel, Role>> = {
	info: 'plain', good: 'good', warning: 'waiting', error: 'wrong',
};

/**
All of the activity on the whole screen; it follows the newest line until somebody moves up.
*/
export function Log({theme, screen, activity, columns: width, rows, footer}: LogProps): ReactElement {
	const entries = logRows(activity, screen.level);
	const height = rows - 2;
	const top = topOf(screen.cursor, entries.length, height);
	const lines = entries.slice(top, top + height).map(({id, at, event}) => {
		const level = eventLevel(event);
		const isSelected = String(id) === screen.cursor.id;
		const words = `${sayClock(at, 'seconds')}  ${level.padEnd(7)}  ${cleanText(sayEvent(event))}`;
		return isSelected
			? theme.paint('selected', paintSpans({...theme, paint: (_role, text) => text}, [span(`${theme.signs.cursor} ${words}`)], width - 2))
			: paintSpans(theme, [span('  '), span(words, roles[level])], width - 2);
	});
	const empty = entries.length === 0 ? [paintSpans(theme, [span(screen.level === 'all' ? '  nothing happened yet' : `  no ${screen.level} so far`, 'dim')], width - 2)] : [];
	const filler = Array.from({length: Math.max(0, height - lines.length - empty.length)}, () => ' '.repeat(width - 2));
	const levels = screen.level === 'all' ? 'all levels' : `${screen.level} only`;
	const place = screen.isFollowing ? 'follows' : `line ${screen.cursor.index + 1} of ${entries.length}, G follows`;
	const right = [span(`${levels}, ${place}`, 'dim')];
	return (
		<Lines lines={[
			edgeLine(theme, 'top', width, [span('Log', 'strong'), span(` ${entries.length}`)], right),
			...[...lines, ...empty, ...filler].map(line => betweenSides(theme, line)),
			edgeLine(theme, 'bottom', width, footer),
		]}/>
	);
}
