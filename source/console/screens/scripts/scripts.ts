import {cleanText} from '../../../model/clean-text.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	paintSpans,
	span,
	type Span,
} from '../../components/line.ts';
import type {Role, Theme} from '../../theme.ts';
import type {Facts} from '../../facts.ts';
import type {ScriptsScreen} from '../../view.ts';
import {markFound} from '../found.ts';
import {countHits} from '../searching.ts';
import {
	bashParts,
	scriptInFront,
	scriptLines,
	scriptTitles,
	type BashPart,
	type ScriptLine,
} from './state.ts';

type ScriptsProps = {readonly theme: Theme; readonly screen: ScriptsScreen; readonly find: string; readonly facts: Facts; readonly footer: readonly Span[]};

const partRoles: Readonly<Record<BashPart['kind'], Role>> = {
	comment: 'comment', string: 'text', word: 'code', variable: 'money', plain: 'plain',
};

/**
The three scripts that new servers get, as tabs: where each comes from, its text, the environment it runs with.
*/
export function drawScripts({theme, screen, find, facts, footer}: ScriptsProps): readonly string[] {
	const {columns: width, rows} = facts;
	const inside = (spans: readonly Span[]): string => betweenSides(theme, paintSpans(theme, spans, width - 2));
	const script = scriptInFront(screen);
	const tabs = Object.entries(scriptTitles).flatMap(([tab, title]) => [span(tab === screen.tab ? `[${title}]` : ` ${title} `, tab === screen.tab ? 'selected' : 'plain'), span(' ')]);
	const source = script === undefined ? [] : [span(script.source === 'built in' ? 'built in' : cleanText(script.source.path), 'calm')];
	const lines = scriptLines(screen);
	const height = Math.max(1, rows - 4);
	const body = bodyOf(theme, screen, find, lines, height).map(spans => inside(spans));
	const filler = Array.from({length: Math.max(0, height - body.length)}, () => inside([]));
	const head = [edgeLine(theme, 'top', width, [span('Scripts', 'strong')], source), inside([span(' '), ...tabs]), edgeLine(theme, 'middle', width, aboutLines(screen, lines), placeOf(screen, find, lines, height, facts))];
	return [...head, ...body, ...filler, edgeLine(theme, 'bottom', width, footer)];
}

function aboutLines(screen: ScriptsScreen, lines: readonly ScriptLine[]): readonly Span[] {
	if (!screen.isCompared) {
		return [];
	}

	const count = (is: 'added' | 'removed'): number => lines.filter(line => line.kind === 'code' && line.is === is).length;
	return [span('compared with the built-in script: '), span(`${count('added')} lines more`, 'good'), span(', '), span(`${count('removed')} less`, 'wrong')];
}

function placeOf(screen: ScriptsScreen, find: string, lines: readonly ScriptLine[], height: number, facts: Facts): readonly Span[] {
	if (lines.length === 0) {
		return [];
	}

	const hits = countHits(screen, find, facts);
	const found = find === '' ? '' : `/${find}: ${hits.of === 0 ? 'not found' : (hits.at === 0 ? `${hits.of} found` : `${hits.at} of ${hits.of}`)}   `;
	return [span(found, hits.of === 0 ? 'waiting' : 'calm'), span(`${Math.min(lines.length, screen.top + height)} of ${lines.length}`, 'dim')];
}

function bodyOf(theme: Theme, screen: ScriptsScreen, find: string, lines: readonly ScriptLine[], height: number): ReadonlyArray<readonly Span[]> {
	switch (screen.load.state) {
		case 'loading': {
			return [[span('  reading the scripts …', 'dim')]];
		}

		case 'failed': {
			return [[span(`  The scripts could not be read: ${cleanText(screen.load.reason)}`, 'wrong')]];
		}

		case 'loaded': {
			return lines.slice(screen.top, screen.top + height).map((line, at) => spansOf(theme, line, find, {isHit: screen.top + at === screen.hit, isCompared: screen.isCompared}));
		}
	}
}

const standings = {same: {sign: ' ', role: 'dim'}, added: {sign: '+', role: 'good'}, removed: {sign: '-', role: 'wrong'}} as const;

function spansOf(theme: Theme, line: ScriptLine, find: string, {isHit, isCompared}: {readonly isHit: boolean; readonly isCompared: boolean}): readonly Span[] {
	const cursor = span(isHit ? theme.signs.cursor : ' ');
	switch (line.kind) {
		case 'code': {
			const {sign, role} = standings[line.is];
			const text = line.is === 'removed' ? [span(line.text, 'wrong')] : bashParts(line.text).map(part => span(part.text, partRoles[part.kind]));
			return [cursor, span(`${String(line.number).padStart(4)} `, 'dim'), span(isCompared ? `${sign} ` : '', role), ...markFound(text, find)];
		}

		case 'heading': {
			return [cursor, span(` ${line.text}`, 'strong')];
		}

		case 'variable': {
			return [cursor, span(' '.repeat(5)), ...markFound([span(line.text)], find)];
		}

		case 'blank': {
			return [];
		}
	}
}
