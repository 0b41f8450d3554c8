import type {ReactElement} from 'react';
import {Box} from 'ink';
import {betweenSides, edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {Region} from '../../components/region.tsx';
import {span} from '../../components/spans.ts';
import type {Frame} from '../../state/context.ts';
import {rowsIn} from '../../state/geometry.ts';
import {detailBlocks} from './blocks.ts';
import type {DetailState} from './state.ts';

// On a low screen the oldest moments give way first; what happens and why stays.
const factsAlways = 2;
const outputAtLeast = 2;

/**
A job, its server and its runner: what happens and why, its moments as a timeline, its price, its last output.
*/
export function Detail({state, frame}: {readonly state: DetailState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {columns, rows, geometry} = frame.context;
	const {title, ids, above, outputTitle, output} = detailBlocks(theme, state, frame.context, columns - 2);
	const most = Math.max(factsAlways, rows - 3 - (output.length === 0 ? 0 : outputAtLeast));
	const shown = above.length <= most ? above : [...above.slice(0, factsAlways), ...above.slice(factsAlways - most)];
	const height = rowsIn(geometry, 'body');
	const top = Math.min(state.top, Math.max(0, output.length - height));
	const from = Math.max(0, output.length - height - top);
	const place = output.length <= height ? [] : [span(top === 0 ? 'follows' : `${from + height} of ${output.length}, G follows`, 'dim')];
	const body = Array.from({length: height}, (_, at) => output[from + at] ?? '');
	return (
		<>
			<Line {...edgeLine(theme, 'top', columns, [span(title, 'strong')], ids === '' ? [] : [span(ids, 'dim')])}/>
			<Box flexDirection="column" flexShrink={0}><Lines lines={shown.map(line => betweenSides(theme, line))}/></Box>
			<Line {...edgeLine(theme, 'middle', columns, output.length === 0 ? [] : [span(outputTitle, 'dim')], place)}/>
			<Region name="body" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0} overflow="hidden">
				<Lines lines={body.map(text => betweenSides(theme, {spans: [span(`  ${text}`, 'dim')]}))}/>
			</Region>
			<Footer frame={frame} width={columns}/>
		</>
	);
}
