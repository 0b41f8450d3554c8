import {cleanText} from '../model/clean-text.ts';

/**
What a check found. `fault`: the engine cannot do its work; `warning`: it will not for long, or not well; `skipped`: it could not be looked at.
*/
export type Finding = {
	readonly level: 'ok' | 'warning' | 'fault' | 'skipped';
	readonly says: string;
	/**
	What a person can do about it.
	*/
	readonly todo?: string;
};

/**
One row of the examination: its name, and how to find out. A check never changes anything.
*/
export type Check = {readonly name: string; readonly look: () => Promise<readonly Finding[]> | readonly Finding[]};

export type Row = Finding & {readonly name: string};

/**
All checks at once; one that throws is a fault in its own row, in the words of its error.
*/
export async function examine(checks: readonly Check[]): Promise<readonly Row[]> {
	const found = await Promise.all(checks.map(async ({name, look}) => {
		try {
			return (await look()).map(finding => ({name, ...finding}));
		} catch (error) {
			return [{name, level: 'fault' as const, says: error instanceof Error ? error.message : String(error)}];
		}
	}));
	return found.flat();
}

/**
Rows for people: level, name, words, and below what to do.
*/
export function sayRows(rows: readonly Row[]): string {
	const width = Math.max(...rows.map(({name}) => name.length));
	const indent = ' '.repeat('warning'.length + width + 4);
	const count = (level: Row['level'], one: string) => {
		const {length} = rows.filter(row => row.level === level);
		return length === 1 ? `1 ${one}` : `${length} ${one}s`;
	};

	return [
		...rows.map(({level, name, says, todo}) => `${level.padEnd('warning'.length)}  ${name.padEnd(width)}  ${cleanText(says)}${todo === undefined ? '' : `\n${indent}-> ${cleanText(todo)}`}`),
		'',
		`${count('fault', 'fault')}, ${count('warning', 'warning')}`,
		'',
	].join('\n');
}

export function ok(says: string): Finding {
	return {level: 'ok', says};
}

export function warning(says: string, todo: string): Finding {
	return {level: 'warning', says, todo};
}

export function fault(says: string, todo: string): Finding {
	return {level: 'fault', says, todo};
}

export function skipped(says: string): Finding {
	return {level: 'skipped', says};
}
