import {readFileSync} from 'node:fs';
import test from 'ava';
import {withTables} from '../media/readme-tables.ts';

test('README\'s tables are those of the program (npm run docs)', t => {
	const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
	t.is(withTables(text), text);
});
