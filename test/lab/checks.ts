import process from 'node:process';

/**
What did not hold so far.
*/
export const faults: string[] = [];

/**
Prints whether a promise held, and keeps count.
*/
export function check(holds: boolean, what: string): void {
	process.stdout.write(`${holds ? '  ok   ' : '  FAIL '} ${what}\n`);
	if (!holds) {
		faults.push(what);
	}
}

/**
Begins a chapter.
*/
export function title(words: string): void {
	process.stdout.write(`\n${words}\n`);
}

/**
Prints the result and how long all of it took.
*/
export function printEnd(startedAt: number): void {
	const took = Math.round((performance.now() - startedAt) / 1000);
	process.stdout.write(`\n${faults.length === 0 ? 'all promises held' : `${faults.length} did not hold:\n${faults.join('\n')}`}; took ${took} s\n`);
}
