import process from 'node:process';

/** One line to standard error that is no warning. */
export function tell(words: string): void {
	process.stderr.write(`${words}\n`);
}

/** One line of warning to standard error. */
export function warn(words: string | undefined): void {
	if (words !== undefined) {
		process.stderr.write(`warning: ${words}\n`);
	}
}
