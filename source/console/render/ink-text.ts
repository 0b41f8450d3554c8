import {fitLine, type LineContent} from '../components/spans.ts';
import type {Theme} from '../theme/theme.ts';

/**
A line as Ink's own `<Text>` takes it: escape codes in the text. For the console without the painter.
*/
export function inkText(content: LineContent, width: number, theme: Theme): string {
	return fitLine(content, width, theme.isUnicode).map(({text, role, href}) => {
		const code = theme.code(role);
		const painted = code === '' ? text : `\u{1B}[${code}m${text}\u{1B}[0m`;
		return href === undefined || !theme.hasCommands ? painted : `\u{1B}]8;;${href}\u{1B}\\${painted}\u{1B}]8;;\u{1B}\\`;
	}).join('');
}
