import {readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {replacePart} from '../../media/readme-tables.ts';

const file = new URL('../../docs/figures.md', import.meta.url);

/**
Writes that part of docs/figures.md when the command line has --write; `script` is the npm script that measured it, and the part's name.
*/
export function writeFigures(content: string, script: string): void {
	if (process.argv.includes('--write')) {
		writeFileSync(file, replacePart(readFileSync(file, 'utf8'), script, content, `npm run ${script} -- --write`));
	}
}
