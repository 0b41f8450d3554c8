import type {AnswerHeaders} from './request-limits.ts';

/**
Where requests get their token from: a token that somebody made, an App's installation, or the App itself.
*/
export type TokenSource = {
	/**
	What is before the token in the Authorization header.
	*/
	readonly scheme: 'token' | 'bearer';
	/**
	The token for a request. `read`: what tells a conditional read from others; tokens that follow each other share such reads out over a
	while, because an ETag holds for the
	token that got it. Throws PortError when there is none to be had.
	*/
	readonly take: (read: string | undefined) => Promise<string>;
	/**
	GitHub has answered 401 to that token: the one to try once more with, or undefined when another try is of no use. Throws PortError when
	a new token is needed and
	there is none to be had.
	*/
	readonly replace: (token: string, headers: AnswerHeaders) => Promise<string | undefined>;
	/**
	The text with every token of this source masked.
	*/
	readonly mask: (text: string) => string;
	/**
	Whose rights count, for sentences. `page`: where an App's installation is mended.
	*/
	readonly holder: () => Holder;
};

export type Holder = {readonly kind: 'token'} | {readonly kind: 'app'; readonly page: string | undefined};

/**
" at PAGE": where the installation of an App is mended.
*/
export function at(page: string | undefined): string {
	return page === undefined ? ' on the installation\'s page (Settings, GitHub Apps, Configure)' : ` at ${page}`;
}

/**
A token that stays as it is.
*/
export function fixedToken(token: string): TokenSource {
	return {
		scheme: 'token',
		take: async () => token,
		replace: async () => undefined,
		mask: text => token === '' ? text : text.replaceAll(token, '********'),
		holder: () => ({kind: 'token'}),
	};
}

/**
Masks tokens that come and go, the newest so many of them.
*/
export function tokenMask(most = 16): {readonly add: (token: string) => void; readonly mask: (text: string) => string} {
	const known: string[] = [];
	return {
		add(token) {
			known.push(token);
			known.splice(0, known.length - most);
		},
		mask: text => known.reduce((rest, token) => rest.replaceAll(token, '********'), text),
	};
}
