// What GitHub's secrets look like. Tokens by their beginning: those of an App's installation have had hundreds of characters and dots since April 2026.
// Registration tokens by their length. Just-in-time configurations: some 4 KB of base64 around JSON, or a piece of one, as long lines come in pieces.
const tokens = /\b(?:gh[a-z]_|github_pat_)[\w\-.]{16,}|\bA[0-9A-Z]{28}\b/gv;
const configurations = /ey[+\/0-9A-Za-z]{98,}={0,2}|[+\/0-9=A-Za-z]{500,}/gv;

/**
The text with everything masked that looks like one of GitHub's secrets, whoever's it is: what another machine prints may hold one that is unknown here.
*/
export function hideTokenShapes(text: string): string {
	return text.replaceAll(configurations, '***').replaceAll(tokens, '***');
}

/**
Twice that many characters of a secret in a row are as good as the secret.
*/
const block = 16;
const runs = /[+\/0-9=A-Za-z]{32,}/gv;

/**
The text without these secrets, nor any piece of 32 characters of a long one.
*/
export function hideSecrets(text: string, secrets: readonly string[]): string {
	const whole = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
	const long = secrets.filter(secret => secret.length > 2 * block);
	return long.length === 0 ? whole : whole.replaceAll(runs, run => holdsPiece(run, long) ? '***' : run);
}

// Any 31 characters in a row hold one of these blocks whole, so that no more of them need be compared: a server may print a great deal.
function holdsPiece(run: string, secrets: readonly string[]): boolean {
	for (let start = 0; start + block <= run.length; start += block) {
		const piece = run.slice(start, start + block);
		if (secrets.some(secret => secret.includes(piece))) {
			return true;
		}
	}

	return false;
}
