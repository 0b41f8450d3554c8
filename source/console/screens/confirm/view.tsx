import type {ReactElement} from 'react';
import {Dialog} from '../../components/dialog.tsx';
import {footerSpans} from '../../components/footer.tsx';
import {useTheme} from '../../components/line.tsx';
import {span, type LineContent, type Span} from '../../components/spans.ts';
import type {Frame} from '../../state/context.ts';
import type {ConfirmState} from './state.ts';
import {questionWords, typingLines} from './words.ts';

// Between the answers, and from them to the frame.
const gap = 4;

/**
The columns of a dialog in which its two answers stand, counted from its left side.
*/
export function answersAt(width: number, cancel: string, go: string): {readonly cancel: number; readonly go: number} {
	const goAt = width - gap - 3 - go.length;
	return {cancel: goAt - gap - 3 - cancel.length, go: goAt};
}

export function dialogWidth(columns: number): number {
	return Math.min(columns - 4, 92);
}

/**
The question before something happens: what will go, with the evidence, and both answers.
*/
export function Confirm({state, frame}: {readonly state: ConfirmState; readonly frame: Frame}): ReactElement {
	const theme = useTheme();
	const {context} = frame;
	const {columns, rows} = context;
	const width = dialogWidth(columns);
	const {title, lines, cancel, go} = questionWords(state, context, width - 4);
	const typing = typingLines(state, context, width - 4);
	const most = rows - 9 - typing.length;
	const cut = lines.length > most ? [...lines.slice(0, Math.max(1, most - 1)), [span(`… and ${lines.length - most + 1} lines more`, 'dim')]] : lines;
	const isDanger = state.question.about === 'delete';
	const button = (text: string, isFocused: boolean, isDangerous: boolean): Span => span(isFocused ? `${theme.signs.cursor} ${text} ` : `  ${text} `, isDangerous ? (isFocused ? 'danger' : 'wrong') : (isFocused ? 'selected' : 'plain'));
	const at = answersAt(width, cancel, go);
	const answers: LineContent = {
		spans: [
			span(' '.repeat(at.cancel - 1)), button(cancel, state.focus === 'cancel', false), span(' '.repeat(at.go - at.cancel - cancel.length - 3)), button(go, state.focus === 'go', isDanger),
		],
	};
	const inside = (spans: readonly Span[]): LineContent => ({spans: [span(' '), ...spans]});
	return (
		<Dialog
			columns={columns} rows={rows} width={width} title={[span(title, isDanger ? 'wrong' : 'strong')]} footer={footerSpans(theme, frame, width - 4)}
			parts={[{lines: [...[...cut, ...typing].map(spans => inside(spans)), {spans: []}]}, {name: 'answers', lines: [answers]}]}
		/>
	);
}
