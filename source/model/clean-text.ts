// C0 and C1 controls, DEL; bidirectional overrides and isolates, which reorder what a reader sees; line separators; lone surrogates.
const harmful = /[\p{Control}\p{Surrogate}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]/gv;

/**
Text from outside made harmless for a terminal or a log line: every control character and every character that reorders text
becomes "�". Job names, labels and branches are written by whoever opened the pull request.
*/
export function cleanText(text: string): string {
	return text.replaceAll(harmful, '\u{FFFD}');
}
