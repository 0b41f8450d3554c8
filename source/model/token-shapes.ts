// What GitHub's tokens look like, by their beginning: those of an App's installation have had hundreds of characters and dots since April
// 2026. Registration tokens have no
// beginning, but one length.
const shapes = /\b(?:gh[a-z]_|github_pat_)[\w\-.]{16,}|\bA[0-9A-Z]{28}\b/gv;

/**
The text with everything masked that looks like one of GitHub's tokens, whoever's it is and however long: what another machine prints may
hold one that is not known here.
*/
export function hideTokenShapes(text: string): string {
	return text.replaceAll(shapes, '***');
}
