// The one door to standard output and standard error for all commands: what
// comes from outside (names, labels, answers, other machines' words) has no
// character that a terminal would obey when it gets there. Logs have the same in `log.ts`.
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {cleanJson, cleanLines} from '../model/clean-text.ts';

/** Text to standard output, line feeds included. */
export function print(text: string): void {
	process.stdout.write(cleanLines(text));
}

/** A value as JSON to standard output, with a line feed; `indent` as of JSON.stringify. */
export function printJson(value: unknown, indent?: string): void {
	process.stdout.write(`${cleanJson(JSON.stringify(value, undefined, indent))}\n`);
}

/** One line to standard error that is no warning. */
export function printNotice(words: string): void {
	process.stderr.write(`${cleanLines(words)}\n`);
}

/** Asks the terminal to put that text into the clipboard (OSC 52). */
export function copyToClipboard(text: string): void {
	process.stdout.write(`\u{1B}]52;c;${Buffer.from(text).toString('base64')}\u{7}`);
}

/** One line of warning to standard error. */
export function warn(words: string | undefined): void {
	if (words !== undefined) {
		printNotice(`warning: ${words}`);
	}
}
