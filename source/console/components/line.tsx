import {
	createContext, use, useLayoutEffect, useRef, useState, type ReactElement,
} from 'react';
import {
	Box, measureElement, Text, type DOMElement,
} from 'ink';
import {inkText} from '../render/ink-text.ts';
import type {Painter} from '../render/painter.ts';
import {makeTheme, type Theme} from '../theme/theme.ts';
import type {LineContent} from './spans.ts';

/**
What reaches every component: the theme, the boxes whose places are asked
for by name, and what writes the lines. Without a painter Ink does.
*/
export type Surface = {readonly theme: Theme; readonly regions: Map<string, DOMElement>; readonly painter: Painter | undefined};

export const SurfaceContext = createContext<Surface>({theme: makeTheme('none', false), regions: new Map(), painter: undefined});

export function useTheme(): Theme {
	return use(SurfaceContext).theme;
}

type LineProps = LineContent & {
	/**
	Columns it takes where lines stand side by side.
	@default all there are
	*/
	readonly width?: number;
};

/**
One line of the screen: the only component that shows text.
*/
export function Line(props: LineProps): ReactElement {
	return use(SurfaceContext).painter === undefined ? <InkLine {...props}/> : <CellLine {...props}/>;
}

const noElement = null;

function CellLine({width, ...content}: LineProps): ReactElement {
	const {painter} = use(SurfaceContext);
	const box = useRef<DOMElement>(noElement);
	useLayoutEffect(() => {
		if (box.current !== noElement) {
			painter?.put(box.current, content);
		}
	});
	return <Box ref={box} height={1} flexShrink={0} {...(width !== undefined && {width})}/>;
}

function InkLine({width, ...content}: LineProps): ReactElement {
	const {theme} = use(SurfaceContext);
	const box = useRef<DOMElement>(noElement);
	const [columns, setColumns] = useState(0);
	useLayoutEffect(() => {
		const measured = box.current === noElement ? 0 : measureElement(box.current).width;
		if (Number.isFinite(measured)) { // A tree that is being taken down has no sizes any more.
			setColumns(measured);
		}
	});
	return (
		<Box ref={box} height={1} flexShrink={0} {...(width !== undefined && {width})}>
			<Text wrap="truncate">{inkText(content, columns, theme)}</Text>
		</Box>
	);
}

/**
Lines one under the other.
*/
export function Lines({lines}: {readonly lines: readonly LineContent[]}): ReactElement {
	return <>{lines.map((line, at) => <Line key={String(at)} {...line}/>)}</>;
}
