import type {ReactElement} from 'react';
import {cleanText} from '../../../model/clean-text.ts';
import {betweenSides, edgeLine} from '../../components/frame.ts';
import {
	Lines,
	paintSpans,
	span,
	type Span,
} from '../../components/line.tsx';
import type {Role, Theme} from '../../theme.ts';
import {
	bashParts,
	scriptInFront,
	scriptLines,
	scriptTitles,
	type BashPart,
	type ScriptLine,
	type ScriptsScreen,
} from './state.ts';

type ScriptsProps = {readonly theme: Theme; readonly screen: ScriptsScreen; readonly columns: number; readonly rows: number; readonly footer: readonly Span[]};

const partRoles: Readonly<Record<BashPart['kind'], Role>> = {
	comment: 'comment', string: 'text', word: 'code', variable: 'money', plain: 'plain',
};

/**
The three scripts that new servers get, as tabs: where each comes from, its text, the environment it runs with.
*/
export function Scripts({theme, screen, columns: width, rows, footer}: ScriptsProps): ReactElement {
	const inside = (spans: readonly Span[]): string => betweenSides(theme, paintSpans(theme, spans, width - 2));
	const script = scriptInFront(screen);
	const tabs = Object.entries(scriptTitles).flatMap(([tab, title]) => [span(tab === screen.tab ? `[${title}]` : ` ${title} `, tab === screen.tab ? 'selected' : 'plain'), span(' ')]);
	const source = script === undefined ? [] : [span(script.source === 'built in' ? 'built in' : cleanText(script.source.path), 'calm')];
	const lines = scriptLines(screen);
	const height = Math.max(1, rows - 4);
	const place = lines.length === 0 ? [] : [span(`${Math.min(lines.length, screen.top + height)} of ${lines.length}`, 'dim')];
	const body = bodyOf(screen, lines, height).map(spans => inside(spans));
	const filler = Array.from({length: Math.max(0, height - body.length)}, () => inside([]));
	const head = [edgeLine(theme, 'top', width, [span('Scripts', 'strong')], source), inside([span(' '), ...tabs]), edgeLine(theme, 'middle', width, [], place)];
	return <Lines lines={[...head, ...body, ...filler, edgeLine(theme, 'bottom', width, footer)]}/>;
}

function bodyOf(screen: ScriptsScreen, lines: readonly ScriptLine[], height: number): ReadonlyArray<readonly Span[]> {
	switch (screen.load.state) {
		case 'loading': {
			return [[span('  reading the scripts …', 'dim')]];
		}

		case 'failed': {
			return [[span(`  The scripts could not be read: ${cleanText(screen.load.reason)}`, 'wrong')]];
		}

		case 'loaded': {
			return lines.slice(screen.top, screen.top + height).map(line => spansOf(line));
		}
	}
}

function spansOf(line: ScriptLine): readonly Span[] {
	switch (line.kind) {
		case 'code': {
			return [span(`${String(line.number).padStart(4)} `, 'dim'), ...bashParts(line.text).map(part => span(part.text, partRoles[part.kind]))];
		}

		case 'heading': {
			return [span(`  ${line.text}`, 'strong')];
		}

		case 'variable': {
			return [span(`     ${line.text}`)];
		}

		case 'blank': {
			return [];
		}
	}
}
