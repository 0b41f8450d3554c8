// Writes the tables of README.md that come from the program's own: `npm run docs`. A test fails while they are stale.
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {defaultOf} from '../source/settings/help.ts';
import {
	commandOptions,
	demoOptions,
	options,
	type Option,
} from '../source/settings/options.ts';

const readme = new URL('../README.md', import.meta.url);

function optionsTable(rows: readonly Option[]): string {
	return [
		'| option | variable | default | what |',
		'| --- | --- | --- | --- |',
		...rows.map(option => {
			const flags = [...(option.short === undefined ? [] : [`-${option.short}`]), `--${option.flag}`, ...(option.aliases ?? []).map(alias => `--${alias}`)];
			const variables = (option.variables ?? []).map(name => `\`${name}\``).join(', ');
			const usual = option.type === 'switch' ? '' : defaultOf(option).join(', ');
			return `| ${flags.map(flag => `\`${flag}\``).join(', ')} | ${variables} | ${usual} | ${option.says} |`;
		}),
	].join('\n');
}

/**
README's text with its generated parts made anew.
*/
export function withTables(text: string): string {
	const tables: ReadonlyArray<readonly [string, readonly Option[]]> = [['options', options], ['demo options', demoOptions], ['command options', commandOptions]];
	return tables.reduce((result, [name, rows]) => replacePart(result, name, optionsTable(rows)), text);
}

/**
README's text with that part made anew; `by` is the command that does it. Throws when it has none of that name.
*/
export function replacePart(text: string, name: string, content: string, by = 'npm run docs'): string {
	const open = `<!-- ${name}: ${by} -->`;
	const close = `<!-- /${name} -->`;
	const from = text.indexOf(open);
	const to = text.indexOf(close);
	if (from === -1 || to === -1) {
		throw new Error(`README.md has no part "${name}"`);
	}

	return `${text.slice(0, from + open.length)}\n${content}\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(readme, withTables(readFileSync(readme, 'utf8')));
}
