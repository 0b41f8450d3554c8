import type {ReactElement} from 'react';
import {cleanText} from '../../../model/clean-text.ts';
import type {ServerName} from '../../../model/server-name.ts';
import {formatDuration} from '../../../model/time.ts';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {Region} from '../../components/region.tsx';
import {span, type LineContent, type Span} from '../../components/spans.ts';
import type {Context, Frame} from '../../state/context.ts';
import {topOf} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';
import type {Theme} from '../../theme/theme.ts';
import {describeReason, describeSources, formatServerAndCost} from '../shared/evidence.ts';
import {
	progressOf, zombieCursor, zombieIds, zombiesShown, type ZombiesState,
} from './state.ts';

/**
Servers that have outlived their reason, each with the evidence; and how the deletions that were asked for go.
*/
export function Zombies({state, frame}: {readonly state: ZombiesState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {context} = frame;
	const {columns, lists, engine, geometry} = context;
	const ids = zombieIds(state, context);
	const cursor = zombieCursor(state, context);
	const height = zombiesShown(context);
	const top = topOf(cursor, ids.length, height);
	const {done, of} = progressOf(state, context);
	const count = engine.servers.at === undefined ? 'servers unknown: none was ever read' : `${lists.zombies.length} of ${engine.servers.items.length} servers`;
	const place = ids.length > height ? `   ${cursor.index + 1} of ${ids.length}` : '';
	const right = [span(state.marked.size === 0 ? '' : `${state.marked.size} marked   `, 'strong'), ...byItself(context), span(place, 'dim')];
	const body = ids.length === 0 ? emptyLines(context) : ids.slice(top, top + height).flatMap(name => zombieLines(theme, name, name === cursor.id, state, context));
	const filled = Array.from({length: rowsIn(geometry, 'body')}, (_, at) => body[at] ?? {spans: []});
	return (
		<>
			<Line {...edgeLine(theme, 'top', columns, [span('Zombies', 'strong'), span(` ${count}`)], right)}/>
			<Region name="body" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden">
				<Lines lines={filled.map(line => betweenSides(theme, line))}/>
			</Region>
			<Line {...betweenSides(theme, {spans: of === 0 ? [] : [span('  ['), span(theme.bar(done / of, 20), 'working'), span(`] ${done} of ${of} done`)]})}/>
			<Footer frame={frame} width={columns}/>
		</>
	);
}

// Only what was read is said to be well, and what is past its limit but not a zombie yet is no server within its limits.
function emptyLines({engine, lists}: Context): readonly LineContent[] {
	const isPast = lists.byName.values().some(({verdict}) => verdict?.code === 'off' && verdict.forSeconds > verdict.limitSeconds);
	const text = engine.servers.at === undefined ? 'Unknown: no list of servers was ever read.' : (isPast ? 'No zombies: what is past its limit is being deleted.' : 'No zombies: every server is within its limits.');
	return ['', `  ${text}`, '  The engine deletes zombies by itself; here they can be deleted sooner.'].map(line => ({spans: [span(line, 'dim')]}));
}

// When the engine deletes them without being asked, or why it does not.
function byItself({engine, lists, now, health}: Context): readonly Span[] {
	if (health.is === 'gone') {
		return [span('no engine: nothing is deleted', 'wrong')];
	}

	if (engine.mode === 'frozen') {
		return [span('frozen: nothing is deleted automatically', 'waiting')];
	}

	if (engine.policy.isDryRun) {
		return [span('dry run: nothing is deleted automatically', 'waiting')];
	}

	if ([engine.jobs, engine.runners, engine.servers].some(read => read.state !== 'whole')) {
		return [span('nothing is deleted until all lists can be read', 'waiting')];
	}

	return lists.zombies.length === 0 || engine.nextReadAt === undefined ? [] : [span(`deleted automatically ${engine.nextReadAt <= now ? 'now' : `in ${formatDuration(Math.ceil((engine.nextReadAt - now) / 1000))}`}`, 'dim')];
}

function zombieLines(theme: Theme, name: ServerName, isSelected: boolean, state: ZombiesState, context: Context): readonly LineContent[] {
	const row = context.lists.byName.get(name);
	const mark = state.marked.has(name) ? `[${theme.signs.mark}]` : (row === undefined ? ' '.repeat(3) : '[ ]');
	const role = isSelected ? 'selected' : undefined;
	const first: LineContent = {
		spans: [span(isSelected ? theme.signs.cursor : ' ', role), span(mark, role), span(` ${name}`, role ?? 'strong'), span(row === undefined ? '' : `  ${formatServerAndCost(row, context)}`, role)], filler: span(' ', role),
	};
	const result = describeResult(name, context, row !== undefined && state.asked.includes(name));
	const indent = span(' '.repeat(6));
	return row === undefined
		? [first, {spans: [indent, result ?? span('gone', 'dim')]}, {spans: []}]
		: [first, {spans: [indent, result ?? span(describeReason(row, context), 'wrong')]}, {spans: [indent, span(describeSources(row, context), 'dim')]}];
}

function describeResult(name: ServerName, {engine}: Context, isAsked: boolean): Span | undefined {
	const deletion = engine.deletions.get(name);
	switch (deletion?.state) {
		case 'checking': {
			return span('checking it once more …', 'working');
		}

		case 'unregistering': {
			return span('removing its runner from GitHub …', 'working');
		}

		case 'deleting': {
			return span('deleting at Hetzner …', 'working');
		}

		case 'deleted': {
			return span('deleted', 'good');
		}

		case 'kept': {
			return span(`kept: ${cleanText(deletion.reason)}`, 'waiting');
		}

		case undefined: {
			return isAsked ? span('requested …', 'working') : undefined;
		}
	}
}
