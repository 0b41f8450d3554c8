import type {ReactElement} from 'react';
import {Box} from 'ink';
import {edgeLine} from '../../components/edges.ts';
import {Footer} from '../../components/footer.tsx';
import {Header} from '../../components/header.tsx';
import {Line, Lines, useTheme} from '../../components/line.tsx';
import {NoticeLine} from '../../components/notice.tsx';
import {
	Pane, paneRight, paneTitle,
} from '../../components/pane.tsx';
import {Region} from '../../components/region.tsx';
import {joinFitting, span, widthOfSpans} from '../../components/spans.ts';
import {
	paneNames, paneOf, panes, type PaneName,
} from '../../panes/registry.ts';
import type {Frame} from '../../state/context.ts';
import {columnsIn, rowsIn} from '../../state/geometry.ts';
import {cursorOf} from '../../state/ui-state.ts';
import {detailBlocks} from '../detail/blocks.ts';
import {LastHour} from './last-hour.tsx';
import {arrangementOf, shareOf} from './state.ts';

/**
The first screen: all panes where there is room, else the one in front with tabs;
beside or below them the details of the selected row, where that has room, too.
*/
export function Dashboard({frame}: {readonly frame: Frame}): ReactElement {
	const {columns, rows} = frame.context;
	const {kind, preview, hasHour} = arrangementOf(columns, rows);
	return (
		<>
			<Header context={frame.context} hasHour={hasHour}/>
			<NoticeLine frame={frame}/>
			{kind === 'one'
				? <OnePane frame={frame}/>
				: (
					<Box flexDirection="row" flexGrow={1} flexShrink={1} flexBasis={0}>
						<AllPanes frame={frame} hasHour={hasHour}/>
						{preview === 'right' && <Preview frame={frame} isRight/>}
					</Box>
				)}
			{kind === 'all' && preview === 'below' && <Preview frame={frame}/>}
			<Footer frame={frame} width={columns} hasSides={kind === 'all'}/>
		</>
	);
}

function AllPanes({frame, hasHour}: {readonly frame: Frame; readonly hasHour: boolean}): ReactElement {
	const {context} = frame;
	const width = columnsIn(context.geometry, 'panes');
	const fairShare = Math.max(2, Math.floor((rowsIn(context.geometry, 'panes') - (hasHour ? 4 : 0)) / paneNames.length) - 2);
	return (
		<Region name="panes" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0}>
			{hasHour && <LastHour context={context} width={width}/>}
			{paneNames.map((name, at) => {
				const {basis, isHungry} = shareOf(context.lists.ids[name].length, fairShare);
				return <Pane key={name} name={name} frame={frame} edge={at === 0 && !hasHour ? 'top' : 'middle'} basis={basis} isHungry={isHungry || at === paneNames.length - 1}/>;
			})}
		</Region>
	);
}

// Rows that a second pane needs to be worth its title and heading.
const worthwhileRows = 2;

function OnePane({frame}: {readonly frame: Frame}): ReactElement {
	const {ui, context} = frame;
	const theme = useTheme();
	const rows = rowsIn(context.geometry, 'panes');
	const need = context.lists.ids[ui.pane].length;
	const second = paneNames.find(name => name !== ui.pane && context.lists.ids[name].length > 0);
	const hasSecond = second !== undefined && rows - need - 2 >= worthwhileRows + 2;
	return (
		<>
			<Tabs frame={frame}/>
			<Line spans={[]} filler={span(theme.edges.across, 'dim')}/>
			<Region name="panes" flexDirection="column" flexGrow={1} flexShrink={1} flexBasis={0}>
				<Pane name={ui.pane} frame={frame} basis={hasSecond ? Math.max(2, need) : 2} isHungry={!hasSecond} hasSides={false} hasTitle={false}/>
				{hasSecond && (
					<>
						<Line spans={[span(theme.edges.across, 'dim'), span(' '), ...paneTitle(second, frame), span(' ')]} filler={span(theme.edges.across, 'dim')}/>
						<Pane name={second} frame={frame} basis={2} isHungry hasSides={false} hasTitle={false}/>
					</>
				)}
			</Region>
			<Line spans={[]} filler={span(theme.edges.across, 'dim')}/>
		</>
	);
}

// " 1 Jobs 3   2 Servers 7 …", the one in front lit; what its title would say more stands at the right.
function Tabs({frame}: {readonly frame: Frame}): ReactElement {
	const {ui, context} = frame;
	const textOf = (name: PaneName): string => {
		const count = paneOf(name).tab(context);
		return ` ${paneNames.indexOf(name) + 1} ${panes[name].title}${count === '' ? '' : ` ${count}`} `;
	};

	const used = paneNames.reduce((sum, name) => sum + textOf(name).length + 1, 0);
	const more = paneTitle(ui.pane, frame).slice(2).map(({text, role}) => [span(text.replace(/^ · /v, ''), role)]);
	const room = context.columns - used - 1;
	const place = paneRight(ui.pane, frame).filter(({text}) => text !== '');
	const brief = place.map(part => ({...part, text: /^\d+ of \d+$/v.test(part.text) ? part.text.replace(' of ', '/') : part.text}));
	const right = joinFitting([widthOfSpans(place) <= room ? place : brief, ...more], room, 2);
	return (
		<Box flexDirection="row" height={1} flexShrink={0}>
			{paneNames.map(name => (
				<Region key={name} name={`tab:${name}`} width={textOf(name).length + 1} flexShrink={0} flexDirection="column">
					<Line spans={[span(textOf(name), ui.pane === name ? 'selected' : 'plain')]}/>
				</Region>
			))}
			<Box flexGrow={1} flexShrink={1} flexBasis={0} flexDirection="column"><Line spans={[]} right={[...right, span(' ')]}/></Box>
		</Box>
	);
}

// The selected row's details, as far as there is room.
function Preview({frame, isRight = false}: {readonly frame: Frame; readonly isRight?: boolean}): ReactElement {
	const theme = useTheme();
	const {ui, context} = frame;
	const width = columnsIn(context.geometry, 'preview');
	const height = rowsIn(context.geometry, 'preview');
	const {id} = cursorOf(ui, ui.pane);
	const blocks = id === undefined ? undefined : detailBlocks(theme, {pane: ui.pane, id}, context, width - 4);
	const title = blocks === undefined ? [] : [span(blocks.title, 'strong')];
	const output = blocks?.output ?? [];
	const above = blocks?.above ?? [];
	const room = Math.max(0, height - 1 - above.length - (output.length === 0 ? 0 : 1));
	const lines = blocks === undefined
		? []
		: [...above, ...(output.length === 0 || room === 0 ? [] : [{spans: [span(' '), span(blocks.outputTitle, 'dim')]}, ...output.slice(-room).map(text => ({spans: [span(`  ${text}`, 'dim')]}))])];
	const size = isRight ? {width: '38%', flexShrink: 0} as const : {height: 14, flexShrink: 0} as const;
	return (
		<Region name="preview" flexDirection="column" overflow="hidden" {...size}>
			<Line {...edgeLine(theme, 'top', width, title, [span('details of the selected row', 'dim')])}/>
			<Lines lines={lines.slice(0, Math.max(0, height - 1)).map(line => ({...line, spans: [span(' '), ...line.spans]}))}/>
		</Region>
	);
}
