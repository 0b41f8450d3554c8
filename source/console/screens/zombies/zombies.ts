import {topOf} from '../../components/cursor.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import type {Facts} from '../../facts.ts';
import type {ServerName} from '../../../model/server-name.ts';
import {cleanText} from '../../../model/clean-text.ts';
import {sayDuration} from '../../../model/time.ts';
import type {Theme} from '../../theme.ts';
import type {ZombiesState} from '../../view.ts';
import {sayReason, sayServerAndCost, saySources} from '../evidence.ts';
import {
	progressOf,
	rowsPerZombie,
	zombieCursor,
	zombieIds,
} from './state.ts';

type ZombiesProps = {readonly theme: Theme; readonly state: ZombiesState; readonly facts: Facts; readonly footer: readonly Span[]};

/**
Servers that have outlived their reason, each with the evidence; and how the deletions that were asked for go.
*/
export function drawZombies({theme, state, facts, footer}: ZombiesProps): readonly string[] {
	const {columns: width, rows, lists, engine} = facts;
	const ids = zombieIds(state, facts);
	const cursor = zombieCursor(state, facts);
	const height = Math.max(1, Math.floor((rows - 4) / rowsPerZombie));
	const top = topOf(cursor, ids.length, height);
	const inside = (spans: readonly Span[]): string => betweenSides(theme, paintSpans(theme, spans, width - 2));
	const progress = progressOf(state, facts);
	const title = [span('Zombies', 'strong'), span(` ${lists.zombies.length} of ${engine.servers.items.length} servers`)];
	const right = [span(state.marked.size === 0 ? '' : `${state.marked.size} marked   `, 'strong'), ...byItself(facts)];
	const body = ids.slice(top, top + height)
		.flatMap(name => zombieLines(theme, name, name === cursor.id, state, facts))
		.map(line => typeof line === 'string' ? betweenSides(theme, line) : inside(line));
	const noZombies = ['', '  No zombies: every server is younger than its limits.', '  The engine deletes zombies by itself; here they can be deleted sooner.'];
	const empty = ids.length === 0 ? noZombies.map(text => inside([span(text, 'dim')])) : [];
	const progressLine = progress.of === 0
		? inside([])
		: inside([
			span('  ['), span(theme.bar(progress.done / progress.of, 20), 'working'), span(`] ${progress.done} of ${progress.of} done`),
		]);
	const shown = [...body, ...empty];
	const filler = Array.from({length: Math.max(0, rows - 3 - shown.length)}, () => inside([]));
	return [edgeLine(theme, 'top', width, title, right), ...shown, ...filler, progressLine, edgeLine(theme, 'bottom', width, footer)];
}

// When the engine deletes them without being asked, or why it does not.
function byItself({engine, lists, now}: Facts): readonly Span[] {
	if (engine.mode === 'frozen') {
		return [span('frozen: nothing goes by itself', 'waiting')];
	}

	if (engine.policy.isDryRun) {
		return [span('dry run: nothing goes by itself', 'waiting')];
	}

	if ([engine.jobs, engine.runners, engine.servers].some(read => read.state !== 'whole')) {
		return [span('nothing goes by itself until all lists can be read', 'waiting')];
	}

	return lists.zombies.length === 0 || engine.nextReadAt === undefined ? [] : [span(`deletes by itself ${engine.nextReadAt <= now ? 'now' : `in ${sayDuration(Math.ceil((engine.nextReadAt - now) / 1000))}`}`, 'dim')];
}

function zombieLines(theme: Theme, name: ServerName, isSelected: boolean, state: ZombiesState, facts: Facts): ReadonlyArray<string | readonly Span[]> {
	const row = facts.lists.byName.get(name);
	const mark = state.marked.has(name) ? `[${theme.signs.mark}]` : (row === undefined ? ' '.repeat(3) : '[ ]');
	const first = [span(isSelected ? theme.signs.cursor : ' '), span(mark), span(` ${name}`, 'strong'), span(row === undefined ? '' : `  ${sayServerAndCost(row, facts)}`)];
	const result = sayResult(name, facts, row !== undefined && state.asked.includes(name));
	const painted = isSelected ? theme.paint('selected', paintSpans({...theme, paint: (_role, text) => text}, first, facts.columns - 2)) : first;
	const indent = span(' '.repeat(6));
	return row === undefined
		? [painted, [indent, result ?? span('gone', 'dim')], []]
		: [painted, [indent, result ?? span(sayReason(row, facts), 'wrong')], [indent, span(saySources(row, facts), 'dim')]];
}

function sayResult(name: ServerName, {engine}: Facts, isAsked: boolean): Span | undefined {
	const deletion = engine.deletions.get(name);
	switch (deletion?.state) {
		case 'checking': {
			return span('looks at it once more …', 'working');
		}

		case 'unregistering': {
			return span('takes its runner off GitHub …', 'working');
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
			return isAsked ? span('asked for …', 'working') : undefined;
		}
	}
}
