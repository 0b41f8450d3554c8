import type {ReactElement} from 'react';
import {Box} from 'ink';
import {betweenSides, edgeLine} from './edges.ts';
import {Line, Lines, useTheme} from './line.tsx';
import {Region} from './region.tsx';
import type {LineContent, Span} from './spans.ts';

type DialogProps = {
	readonly columns: number;
	readonly rows: number;
	readonly width: number;
	readonly title: readonly Span[];
	readonly right?: readonly Span[];
	readonly footer: readonly Span[];
	/**
	Its parts from top to bottom, with a line between them; a part with a name can be clicked.
	*/
	readonly parts: ReadonlyArray<{readonly name?: string; readonly lines: readonly LineContent[]; readonly title?: readonly Span[]}>;
};

/**
A framed box in the middle of the screen, over what is behind it; a blank rim sets it off.
*/
export function Dialog({columns, rows, width, title, right = [], footer, parts}: DialogProps): ReactElement {
	const theme = useTheme();
	const height = parts.reduce((sum, {lines}) => sum + lines.length, 0) + parts.length + 1;
	const rim = width + 2 <= columns ? 1 : 0;
	return (
		<Box position="absolute" flexDirection="column" top={Math.max(0, Math.floor((rows - height) / 2))} left={Math.max(0, Math.floor((columns - width) / 2) - rim)} width={width + (2 * rim)}>
			<DialogLine rim={rim} {...edgeLine(theme, 'top', width, title, right)}/>
			{parts.map(({name, lines, title: partTitle}, at) => (
				<Box key={String(at)} flexDirection="column" flexShrink={0}>
					{at > 0 && <DialogLine rim={rim} {...edgeLine(theme, 'middle', width, partTitle)}/>}
					{name === undefined
						? <Lines lines={lines.map(line => rimmed(betweenSides(theme, line), rim))}/>
						: <Region name={name} flexDirection="column" flexShrink={0}><Lines lines={lines.map(line => rimmed(betweenSides(theme, line), rim))}/></Region>}
				</Box>
			))}
			<DialogLine rim={rim} {...edgeLine(theme, 'bottom', width, footer)}/>
		</Box>
	);
}

function DialogLine({rim, ...line}: LineContent & {readonly rim: number}): ReactElement {
	return <Line {...rimmed(line, rim)}/>;
}

function rimmed(line: LineContent, rim: number): LineContent {
	const blank: readonly Span[] = [{text: ' '.repeat(rim), role: 'plain'}];
	return {...line, spans: [...blank, ...line.spans], right: [...line.right ?? [], ...blank]};
}
