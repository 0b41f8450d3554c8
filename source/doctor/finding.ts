import {cleanText} from '../model/clean-text.ts';

/**
What a check found. `fault`: the engine cannot do its work; `warning`:
it will not for long, or not well; `skipped`: it could not be looked at.
*/
export type Finding = {
	readonly level: 'ok' | 'warning' | 'fault' | 'skipped';
	readonly message: string;
	/**
	What a person can do about it.
	*/
	readonly advice?: string;
};

/**
One row of the examination: its name, and how to find out. A check never changes anything.
*/
export type Check = {readonly name: string; readonly run: () => Promise<readonly Finding[]> | readonly Finding[]};

export type Row = Finding & {readonly name: string};

/**
All checks at once; one that throws is a fault in its own row, in the words of its error.
*/
export async function runChecks(checks: readonly Check[]): Promise<readonly Row[]> {
	const found = await Promise.all(checks.map(async ({name, run}) => {
		try {
			return (await run()).map(finding => ({name, ...finding}));
		} catch (error) {
			return [{name, level: 'fault' as const, message: error instanceof Error ? error.message : String(error)}];
		}
	}));
	return found.flat();
}

/**
Rows for people: level, name, words, and below what to do.
*/
export function formatRows(rows: readonly Row[]): string {
	const width = Math.max(...rows.map(({name}) => name.length));
	const indent = ' '.repeat('warning'.length + width + 4);
	const count = (level: Row['level'], one: string) => {
		const {length} = rows.filter(row => row.level === level);
		return length === 1 ? `1 ${one}` : `${length} ${one}s`;
	};

	return [
		...rows.map(({level, name, message, advice}) => `${level.padEnd('warning'.length)}  ${name.padEnd(width)}  ${cleanText(message)}${advice === undefined ? '' : `\n${indent}-> ${cleanText(advice)}`}`),
		'',
		`${count('fault', 'fault')}, ${count('warning', 'warning')}`,
		'',
	].join('\n');
}

export function ok(message: string): Finding {
	return {level: 'ok', message};
}

export function warning(message: string, advice: string): Finding {
	return {level: 'warning', message, advice};
}

export function fault(message: string, advice: string): Finding {
	return {level: 'fault', message, advice};
}

export function skipped(message: string): Finding {
	return {level: 'skipped', message};
}
