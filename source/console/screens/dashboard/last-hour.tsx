import type {ReactElement} from 'react';
import {Box} from 'ink';
import {formatDuration} from '../../../model/time.ts';
import {columnsOf} from '../../components/bars.ts';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {fitLine, span, type Span} from '../../components/spans.ts';
import type {Context} from '../../state/context.ts';
import type {Theme} from '../../theme/theme.ts';

const rows = 3;
const axisColumns = 9;
const mostColumns = 60;

/**
The last hour as two charts: how long the job that waited longest had waited, and how many servers were busy.
*/
export function LastHour({context, width}: {readonly context: Context; readonly width: number}): ReactElement {
	const theme = useTheme();
	const {history} = context.engine;
	const longest = Math.max(0, ...history.map(minute => minute.longestWaitSeconds));
	const busiest = Math.max(0, ...history.map(minute => minute.busyServers));
	const right = history.length === 0 ? 'nothing read yet' : `longest wait ${formatDuration(longest)} · most busy ${busiest}`;
	return (
		<Box flexDirection="column" flexShrink={0}>
			<Line {...edgeLine(theme, 'top', width, [span('Last hour', 'strong')], [span(right, 'dim')])}/>
			<Lines lines={chartLines(theme, context, {width, longest, busiest})}/>
		</Box>
	);
}

function chartLines(theme: Theme, {engine: {history}, now}: Context, {width, longest, busiest}: {readonly width: number; readonly longest: number; readonly busiest: number}) {
	const half = Math.floor((width - 2) / 2);
	const columns = Math.max(1, Math.min(mostColumns, half - axisColumns - 2));
	const waits = chart(theme, {values: columnsOf(history, minute => minute.longestWaitSeconds, now, columns), most: Math.max(60, longest), format: formatDuration}, 'longest wait');
	const busy = chart(theme, {values: columnsOf(history, minute => minute.busyServers, now, columns), most: Math.max(4, busiest), format: String}, 'busy servers');
	return waits.map((left, row) => betweenSides(theme, {spans: [...fitLine({spans: left}, half), ...busy[row] ?? []]}));
}

type ChartProps = {readonly values: ReadonlyArray<number | undefined>; readonly most: number; readonly format: (value: number) => string};

function chart(theme: Theme, {values, most, format}: ChartProps, name: string): ReadonlyArray<readonly Span[]> {
	const [first = '', second = ''] = name.split(' ', 2);
	const axis = [format(most), first, second];
	return theme.chart(values, most, rows).map((line, row) => [
		span(` ${(axis[row] ?? '').padStart(axisColumns - 2)} `, 'dim'), span(line, name === 'busy servers' ? 'good' : 'waiting'),
	]);
}
