import {sayDuration} from '../../../model/time.ts';
import {columnsOf} from '../../components/bars.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSides,
	span,
	type Span,
} from '../../components/line.ts';
import type {Facts} from '../../facts.ts';
import {hourRows} from '../../layout.ts';
import type {Theme} from '../../theme.ts';

const axisColumns = 9;
const mostColumns = 60;

/**
The last hour as two charts: how long the job that waited longest had waited, and how many servers were busy.
*/
export function drawHour({theme, facts}: {readonly theme: Theme; readonly facts: Facts}): readonly string[] {
	const {engine, now, columns: width} = facts;
	const {history} = engine;
	const half = Math.floor((width - 2) / 2);
	const longest = Math.max(0, ...history.map(minute => minute.longestWaitSeconds));
	const busiest = Math.max(0, ...history.map(minute => minute.busyServers));
	const columns = Math.min(mostColumns, half - axisColumns - 2);
	const waits = chart(theme, {values: columnsOf(history, minute => minute.longestWaitSeconds, now, columns), most: Math.max(60, longest), says: sayDuration}, 'longest wait');
	const busy = chart(theme, {values: columnsOf(history, minute => minute.busyServers, now, columns), most: Math.max(4, busiest), says: String}, 'busy servers');
	const lines = waits.map((left, row) => betweenSides(theme, paintSides(theme, left, [], half) + paintSides(theme, busy[row] ?? [], [], width - 2 - half)));
	const right = history.length === 0 ? 'nothing read yet' : `longest wait ${sayDuration(longest)} · most busy ${busiest}`;
	return [edgeLine(theme, 'top', width, [span('Last hour', 'strong')], [span(right, 'dim')]), ...lines];
}

function chart(theme: Theme, {values, most, says}: {readonly values: ReadonlyArray<number | undefined>; readonly most: number; readonly says: (value: number) => string}, name: string): ReadonlyArray<readonly Span[]> {
	const lines = theme.chart(values, most, hourRows);
	const [first = '', second = ''] = name.split(' ', 2);
	const axis = [says(most), first, second];
	return lines.map((line, row) => [
		span(` ${(axis[row] ?? '').padStart(axisColumns - 2)} `, 'dim'), span(line, name === 'busy servers' ? 'good' : 'waiting'),
	]);
}
