// What goes to another machine over ssh is one text there, read by whatever
// login shell its user has: sh, fish, csh. These are the only ways to make it.

/**
A word that every login shell reads as itself. Throws Error on one for which there
is no such writing: with a quote, a backslash, "!" (csh's history), or a line break.
*/
export function quoteRemote(word: string): string {
	if (/^[\w%+,\-.\/:=@]+$/v.test(word) && !word.startsWith('=') && !word.startsWith('~')) {
		return word;
	}

	if (/[\p{Control}!'\\]/v.test(word)) {
		throw new Error('that name is nothing that can be told to a shell of another machine');
	}

	return `'${word}'`;
}

/**
Whether a path that another machine listed can be one of an engine's socket: nothing that ssh's -L would read as something else.
*/
export function isSocketPath(path: string): boolean {
	return /^(?:\/[\w+\-.@]+)+\.sock$/v.test(path) && !path.split('/').includes('..');
}
