import type {ReactElement} from 'react';
import type {KeyRow} from '../../actions/key-row.ts';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {formatKeys} from '../../components/key-text.ts';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {Region} from '../../components/region.tsx';
import {fitLine, span, type Span} from '../../components/spans.ts';
import type {Frame} from '../../state/context.ts';
import {thumbOf} from '../../state/cursor.ts';
import {rowsIn} from '../../state/geometry.ts';
import type {Role, Theme} from '../../theme/theme.ts';
import {helpLines, type HelpRow, type HelpState} from './state.ts';

const roles: Readonly<Record<KeyRow['does'], Role>> = {view: 'plain', change: 'waiting', destroy: 'wrong'};
const marks: Readonly<Record<KeyRow['does'], string>> = {view: '', change: ' (acts)', destroy: ' (asks first)'};

/**
Every key there is, from the one table, and what the signs mean.
*/
export function Help({state, frame}: {readonly state: HelpState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {columns, geometry, isReadOnly} = frame.context;
	const height = rowsIn(geometry, 'body');
	const all = helpLines(isReadOnly, columns, theme);
	const from = Math.min(state.top, Math.max(0, all.length - height));
	const cellWidth = Math.floor((columns - 2) / (all[0]?.length ?? 1));
	const thumb = thumbOf(from, all.length, height);
	const body = Array.from({length: height}, (_, at) => {
		const [left, right] = all[from + at] ?? [];
		return betweenSides(theme, {spans: [...fitLine({spans: rowSpans(theme, left)}, cellWidth), ...rowSpans(theme, right)]}, thumb !== undefined && at >= thumb.from && at < thumb.to);
	});
	const place = [span(isReadOnly ? 'read-only: keys that act are left out' : `${Math.min(all.length, from + height)} of ${all.length}`, 'dim')];
	return (
		<>
			<Line {...edgeLine(theme, 'top', columns, [span('Keys and signs', 'strong')], place)}/>
			<Region name="body" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden"><Lines lines={body}/></Region>
			<Footer frame={frame} width={columns}/>
		</>
	);
}

function rowSpans(theme: Theme, row: HelpRow | undefined): readonly Span[] {
	if (row === undefined) {
		return [];
	}

	return row.kind === 'key'
		? [span(`  ${formatKeys(row.row.press, theme.isUnicode).padEnd(18)}`, 'calm'), span(row.row.title, roles[row.row.does]), span(marks[row.row.does], 'dim')]
		: [span(row.kind === 'note' ? `  ${row.text}` : ` ${row.text}`, row.kind === 'note' ? 'plain' : 'strong')];
}
