// C0 and C1 controls, DEL; bidirectional overrides and isolates, which reorder
// what a reader sees; line separators; lone surrogates; and all that is
// drawn as nothing (Default_Ignorable_Code_Point: tags, fillers, soft
// hyphens, joiners), but for the joiners and selectors inside emoji and the
// joiners that scripts of Asia are written with.
// eslint-disable-next-line no-misleading-character-class, regexp/prefer-character-class
const harmful = new RegExp([
	String.raw`[\p{Control}\p{Surrogate}\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]`,
	String.raw`(?<!\p{Emoji})\u{FE0F}|(?<![\p{Emoji_Modifier}\p{Extended_Pictographic}\u{FE0F}])(?<![\p{sc=Arabic}\p{sc=Bengali}\p{sc=Devanagari}\p{sc=Gujarati}\p{sc=Gurmukhi}\p{sc=Kannada}\p{sc=Khmer}\p{sc=Malayalam}\p{sc=Oriya}\p{sc=Sinhala}\p{sc=Tamil}\p{sc=Telugu}])[\u{200C}\u{200D}]`,
	String.raw`[\p{Default_Ignorable_Code_Point}--[\u{200C}\u{200D}\u{FE0F}]]`,
].join('|'), 'gv');
const plain = /^[\u{20}-\u{7E}]*$/v;

/**
Text from outside made harmless for a terminal or a log line: every control
character, every character that reorders text and every one that is
drawn as nothing becomes "�". Job names, labels and branches are written by whoever opened the pull request.
*/
export function cleanText(text: string): string {
	return plain.test(text) ? text : text.replaceAll(harmful, '\u{FFFD}');
}

/**
The same for text of several lines: line feeds and tabs stay.
*/
export function cleanLines(text: string): string {
	return text.replaceAll(harmful, found => found === '\n' || found === '\t' ? found : '\u{FFFD}');
}

/**
JSON text with all such characters as escapes: it holds the same, and is harmless in a terminal.
*/
export function cleanJson(text: string): string {
	return text.replaceAll(harmful, found => found === '\n' || found === '\t' ? found : Array.from({length: found.length}, (_, at) => String.raw`\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')); // eslint-disable-line unicorn/prefer-code-point
}
