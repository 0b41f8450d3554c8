// To make one takes 3 ms and its tables, and most of what a console shows needs none.
let segmenter: Intl.Segmenter | undefined;

/**
The characters of a text as a person counts them: a letter with its accents, a flag, a family are one each.
*/
export function graphemesOf(text: string): readonly string[] {
	if (text.length < 2) {
		return text === '' ? [] : [text];
	}

	segmenter ??= new Intl.Segmenter();
	return segmenter.segment(text)[Symbol.iterator]().map(part => part.segment).toArray();
}
