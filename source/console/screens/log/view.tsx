import type {ReactElement} from 'react';
import {eventLevel} from '../../../model/event.ts';
import type {ActivityEntry} from '../../../scaler/controller.ts';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {shortNames} from '../../components/names.ts';
import {Region} from '../../components/region.tsx';
import {span, type LineContent} from '../../components/spans.ts';
import {wrapText} from '../../components/text.ts';
import {levelRoles} from '../../panes/activity/index.ts';
import type {Frame} from '../../state/context.ts';
import {thumbOf, topOf} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';
import {highlight} from '../shared/highlight.ts';
import {formatMatches} from '../shared/search.ts';
import {logRows, logText, type LogState} from './state.ts';

/**
The lines of the log, the selected one whole when that is asked for.
*/
export function Log({state, frame}: {readonly state: LogState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {columns, engine, geometry} = frame.context;
	const entries = logRows(engine.activity, state);
	const height = rowsIn(geometry, 'body');
	const top = topOf(state.cursor, entries.length, height);
	const lines = entries.slice(top, top + height).flatMap(entry => linesOf(entry, state, columns, theme.signs.cursor));
	const overflow = Math.max(0, lines.length - height);
	const empty = entries.length === 0 ? [{spans: [span(state.level === 'all' ? '  nothing happened yet' : `  no ${state.level} so far; v shows all levels`, 'dim')]}] : [];
	const shown = [...lines.slice(isLastSelected(state, entries) ? overflow : 0), ...empty];
	const thumb = thumbOf(top, entries.length, height);
	const body = Array.from({length: height}, (_, at) => betweenSides(theme, shown[at] ?? {spans: []}, thumb !== undefined && at >= thumb.from && at < thumb.to));
	const matches = formatMatches(entries.map(entry => logText(entry)), state.search.query, state.cursor.index);
	const place = state.isFollowing ? 'follows' : `line ${state.cursor.index + 1} of ${entries.length}, G follows`;
	const right = [span(matches.text, matches.role), span(`${state.level === 'all' ? 'all levels' : `${state.level} only`}, ${place}`, 'dim')];
	return (
		<>
			<Line {...edgeLine(theme, 'top', columns, [span('Log', 'strong'), span(` ${entries.length}`), span(state.about === undefined ? '' : ` of ${state.about}`)], right)}/>
			<Region name="body" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden"><Lines lines={body}/></Region>
			<Footer frame={frame} width={columns}/>
		</>
	);
}

function isLastSelected({cursor}: LogState, entries: readonly ActivityEntry[]): boolean {
	return cursor.index >= entries.length - 1;
}

function linesOf(entry: ActivityEntry, {cursor, isWhole, search: {query}}: LogState, columns: number, sign: string): readonly LineContent[] {
	const text = logText(entry);
	const role = levelRoles[eventLevel(entry.event)];
	if (String(entry.id) !== cursor.id) {
		return [{spans: [span('  '), ...highlight([span(query === '' ? shortNames(text, columns - 4) : text, role)], query)]}];
	}

	const parts = isWhole ? wrapText(text, columns - 5) : [shortNames(text, columns - 4)];
	return parts.map((part, at) => ({spans: [span(`${at === 0 ? sign : ' '} ${part}`, 'selected')], filler: span(' ', 'selected')}));
}
