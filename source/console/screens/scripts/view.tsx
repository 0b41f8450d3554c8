import type {ReactElement} from 'react';
import {cleanText} from '../../../model/clean-text.ts';
import {shortNames} from '../../components/names.ts';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {Region} from '../../components/region.tsx';
import {span, type Span} from '../../components/spans.ts';
import type {Frame} from '../../state/context.ts';
import {thumbOf} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';
import type {Role, Theme} from '../../theme/theme.ts';
import {highlight} from '../shared/highlight.ts';
import {formatMatches} from '../shared/search.ts';
import {
	bashParts, shownScript, scriptLines, scriptTitles, sourceOf, tabsOf, type BashPart, type ScriptLine, type ScriptsState,
} from './state.ts';

const partRoles: Readonly<Record<BashPart['kind'], Role>> = {
	comment: 'comment', string: 'text', word: 'code', variable: 'money', plain: 'plain',
};

/**
The script of the tab in front: where it comes from, its text, the environment it runs with.
*/
export function Scripts({state, frame}: {readonly state: ScriptsState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {columns, geometry} = frame.context;
	const height = rowsIn(geometry, 'body');
	const script = shownScript(state);
	const lines = scriptLines(state);
	const tabs = tabsOf(state).flatMap(tab => [span(tab === state.tab ? `[${scriptTitles[tab]}]` : ` ${scriptTitles[tab]} `, tab === state.tab ? 'selected' : 'plain'), span(' ')]);
	const source = script === undefined ? [] : [span(shortNames(sourceOf(state, script)), 'calm')];
	const matches = formatMatches(lines.map(line => line.text), state.search.query, state.match);
	const place = lines.length === 0 ? [] : [span(matches.text, matches.role), span(`${Math.min(lines.length, state.top + height)} of ${lines.length}`, 'dim')];
	const shown = bodyOf(theme, state, lines, height);
	const thumb = thumbOf(state.top, lines.length, height);
	const body = Array.from({length: height}, (_, at) => betweenSides(theme, {spans: shown[at] ?? []}, thumb !== undefined && at >= thumb.from && at < thumb.to));
	return (
		<>
			<Line {...edgeLine(theme, 'top', columns, [span('Scripts', 'strong')], source)}/>
			<Line {...betweenSides(theme, {spans: [span(' '), ...tabs]})}/>
			<Line {...edgeLine(theme, 'middle', columns, compared(state, lines), place)}/>
			<Region name="body" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden"><Lines lines={body}/></Region>
			<Footer frame={frame} width={columns}/>
		</>
	);
}

function compared({isCompared, handed, load}: ScriptsState, lines: readonly ScriptLine[]): readonly Span[] {
	if (!isCompared || load.state !== 'loaded') {
		return [];
	}

	const count = (is: 'added' | 'removed'): number => lines.filter(line => line.kind === 'code' && line.is === is).length;
	const base = handed === undefined ? 'the built-in script' : 'the script in force';
	const [added, removed] = [count('added'), count('removed')];
	return added + removed === 0
		? [span(`same as ${base}`, 'good')]
		: [span(`compared with ${base}: `), span(`${added} ${added === 1 ? 'line' : 'lines'} added`, 'good'), span(', '), span(`${removed} removed`, 'wrong')];
}

function bodyOf(theme: Theme, state: ScriptsState, lines: readonly ScriptLine[], height: number): ReadonlyArray<readonly Span[]> {
	switch (state.load.state) {
		case 'loading': {
			return [[span('  reading the scripts …', 'dim')]];
		}

		case 'failed': {
			return [[span(`  The scripts could not be read: ${cleanText(state.load.reason)}`, 'wrong')]];
		}

		case 'loaded': {
			return lines.slice(state.top, state.top + height).map((line, at) => spansOf(theme, line, state, state.top + at === state.match));
		}
	}
}

const standings = {same: {sign: ' ', role: 'dim'}, added: {sign: '+', role: 'good'}, removed: {sign: '-', role: 'wrong'}} as const;

function spansOf(theme: Theme, line: ScriptLine, {isCompared, search: {query}}: ScriptsState, isMatch: boolean): readonly Span[] {
	const cursor = span(isMatch ? theme.signs.cursor : ' ');
	switch (line.kind) {
		case 'code': {
			const {sign, role} = standings[line.is];
			const text = line.is === 'removed' ? [span(line.text, 'wrong')] : bashParts(line.text).map(part => span(part.text, partRoles[part.kind]));
			return [cursor, span(`${String(line.number).padStart(4)} `, 'dim'), span(isCompared ? `${sign} ` : '', role), ...highlight(text, query)];
		}

		case 'heading': {
			return [cursor, span(` ${line.text}`, 'strong')];
		}

		case 'variable': {
			return [cursor, span(' '.repeat(5)), ...highlight([span(line.text)], query)];
		}

		case 'blank': {
			return [];
		}
	}
}
