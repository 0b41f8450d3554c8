import type {ReactElement} from 'react';
import {keysFor} from '../actions/keymap.ts';
import type {Frame} from '../state/context.ts';
import {Line, useTheme} from './line.tsx';
import {Region} from './region.tsx';
import {span, widthOfSpans} from './spans.ts';
import {cutTo, widthOf} from './text.ts';

// With fewer columns a notice says since when and why, and leaves the rest to the screen that its key leads to.
const isWideEnough = 70;

/**
The line that says what needs a person, with the key that leads there and the one that hides it. Nothing when nothing does.
*/
export function NoticeLine({frame}: {readonly frame: Frame}): ReactElement | undefined {
	const {signs} = useTheme();
	const {notices, columns, isReadOnly} = frame.context;
	const [first] = notices;
	if (first === undefined) {
		return undefined;
	}

	const keys = keysFor(frame.ui, isReadOnly);
	const more = notices.length > 1 ? `+${notices.length - 1} more  ` : '';
	const right = [span(`  ${more}`, 'dim'), ...[[first.press, first.word] as const, ['i', 'hide'] as const]
		.filter(([press]) => keys.some(row => row.press === press))
		.flatMap(([press, word]) => [span(press, 'strong'), span(` ${word}  `, 'dim')])];
	const room = columns - 3 - widthOfSpans(right);
	const text = cutTo(room < isWideEnough && widthOf(first.text) > room ? first.brief ?? first.text : first.text, room);
	return (
		<Region name="notice" height={1} flexShrink={0} flexDirection="column">
			<Line spans={[span(` ${signs.notice} `, first.role), span(text, first.role)]} right={right}/>
		</Region>
	);
}
