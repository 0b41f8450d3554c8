import type {ReactElement} from 'react';
import {Box} from 'ink';
import type {Frame} from '../state/context.ts';
import {inWindow, thumbOf, topOf} from '../state/cursor.ts';
import {columnsIn, rowsIn} from '../state/geometry.ts';
import {relatedTo} from '../state/related.ts';
import {cursorOf} from '../state/ui-state.ts';
import {
	paneOf, panes, type AnyRow, type PaneName,
} from '../panes/registry.ts';
import type {Theme} from '../theme/theme.ts';
import {formatClock} from './clock.ts';
import {edgeLine, type Edge} from './edges.ts';
import {Line, Lines, useTheme} from './line.tsx';
import {Region} from './region.tsx';
import {span, type Span} from './spans.ts';
import {tableLines, type TableRow} from './table.ts';

type PaneProps = {
	readonly name: PaneName;
	readonly frame: Frame;
	/**
	How it takes part in sharing the height: rows of its content to begin with, and whether it takes what others leave.
	*/
	readonly basis: number;
	readonly isHungry: boolean;
	readonly edge?: Edge;
	readonly hasSides?: boolean;
	readonly hasTitle?: boolean;
};

/**
One pane of the first screen: its title, its heading and as many of its rows as Yoga leaves it room for.
*/
export function Pane({name, frame, basis, isHungry, edge = 'middle', hasSides = true, hasTitle = true}: PaneProps): ReactElement {
	const theme = useTheme();
	const width = columnsIn(frame.context.geometry, `pane:${name}`);
	const {heading, body} = paneLines(theme, name, frame, {width, height: rowsIn(frame.context.geometry, `rows:${name}`), hasSides});
	const chrome = (hasTitle ? 1 : 0) + (heading === undefined ? 0 : 1);
	const total = frame.context.lists.ids[name].length;
	return (
		<Region
			name={`pane:${name}`} flexDirection="column" overflow="hidden" flexBasis={chrome + basis} flexGrow={isHungry ? 1 : 0} flexShrink={isHungry ? 1 : 0.001} minHeight={chrome + 2}
			{...(isHungry && name !== 'activity' && {maxHeight: chrome + Math.max(2, total)})}
		>
			{hasTitle && <Line {...edgeLine(theme, edge, width, paneTitle(name, frame), paneRight(name, frame))}/>}
			{heading !== undefined && <Line {...heading}/>}
			<Region name={`rows:${name}`} flexDirection="column" flexBasis={0} flexGrow={1} flexShrink={1} minHeight={0} overflow="hidden">
				<Box flexDirection="column" position="absolute" width={width}><Lines lines={body}/></Box>
			</Region>
		</Region>
	);
}

function paneLines(theme: Theme, name: PaneName, frame: Frame, {width, height, hasSides}: {readonly width: number; readonly height: number; readonly hasSides: boolean}): ReturnType<typeof tableLines> {
	const {ui, context} = frame;
	const pane = paneOf(name);
	const cursor = cursorOf(ui, name);
	const all: readonly AnyRow[] = context.lists.rows[name];
	const hasFocus = ui.pane === name;
	const related = hasFocus ? undefined : relatedTo(context.lists, ui.pane, cursorOf(ui, ui.pane).id).serverName;
	const isStale = context.health.is === 'gone' || context.health.is === 'blind';
	const standing = (row: AnyRow): TableRow['is'] => {
		if (hasFocus && row.id === cursor.id) {
			return 'selected';
		}

		return related !== undefined && pane.server(row) === related ? 'related' : (isStale || pane.isFaded?.(row) === true ? 'faded' : undefined);
	};

	const marked = new Set<string>(name === 'servers' ? ui.marked : []);
	return tableLines({
		theme, width, height, hasSides, hasHeading: pane.hasHeading, columns: pane.columns(width), empty: emptyText(name, frame),
		thumb: thumbOf(topOf(cursor, all.length, height), all.length, height),
		rows: inWindow(all, cursor, height).map(row => ({
			id: row.id, cells: pane.appearance(row, context, theme, width), is: standing(row), isMarked: marked.has(row.id),
		})),
	});
}

/**
A pane's title: its name, how many of what, and since when its rows are stale.
*/
export function paneTitle(name: PaneName, {ui, context}: Frame): readonly Span[] {
	const {title} = panes[name];
	return [span(ui.pane === name ? `[${title}]` : title, 'strong'), ...paneOf(name).counts(context), ...staleSpans(name, context)];
}

/**
What stands at the right of a pane's title: filter and how many match, order when it is not the usual one, where in the list one is.
*/
export function paneRight(name: PaneName, {ui, context}: Frame): readonly Span[] {
	const {orders} = panes[name];
	const order = (ui.orders[name] ?? 0) % orders.length;
	const count = context.lists.ids[name].length;
	const {index, id} = cursorOf(ui, name);
	const height = rowsIn(context.geometry, `rows:${name}`);
	const place = id !== undefined && (ui.pane === name || count > height) ? `${ui.pane === name ? index + 1 : Math.min(count, height)} of ${count}` : '';
	return [
		span(ui.query === '' ? '' : `/${ui.query} ${count} of ${context.lists.totals[name]} match  `, count === 0 ? 'waiting' : 'calm'),
		span(order === 0 ? '' : `${orders[order] ?? ''}  `, 'calm'),
		span(place, 'dim'),
	];
}

function emptyText(name: PaneName, {ui, context}: Frame): string {
	const pane = paneOf(name);
	const read = pane.read?.(context.engine);
	if (read?.at === undefined && read !== undefined) {
		return read.state === 'failed' && context.engine.nextReadAt !== undefined ? `unknown: could not be read yet: ${read.fault.reason}` : 'unknown: not read yet …';
	}

	return ui.query === '' ? pane.emptyText(context) : `nothing here contains "${ui.query}": Esc clears the filter`;
}

function staleSpans(name: PaneName, {engine}: Frame['context']): readonly Span[] {
	const read = paneOf(name).read?.(engine);
	if (read === undefined || read.state === 'whole' || read.at === undefined) {
		return [];
	}

	const text = read.state === 'partial' ? `some missing since ${formatClock(read.fault.since, 'seconds')}` : `stale since ${formatClock(read.at, 'seconds')}`;
	return [span(` · ${text}`, 'waiting')];
}

