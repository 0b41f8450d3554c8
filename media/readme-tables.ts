// Writes the tables of README.md that come from the program's own: `npm run docs`. A test fails while they are stale.
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {optionGroupsOf} from '../source/commands/help.ts';
import {commands} from '../source/commands/table.ts';
import {formatDefault} from '../source/settings/format.ts';
import {groups, runGroups, type Option} from '../source/settings/options/index.ts';

const readme = new URL('../README.md', import.meta.url);

function optionsTable(rows: readonly Option[]): string {
	return [
		'| option | variable | default | what |',
		'| --- | --- | --- | --- |',
		...rows.map(option => {
			const variables = (option.variables ?? []).map(name => `\`${name}\``).join(', ');
			const usual = option.type === 'switch' ? '' : formatDefault(option).join(', ');
			return `| ${flagsOf(option)} | ${variables} | ${usual} | ${option.description} |`;
		}),
	].join('\n');
}

function commandOptionsTable(rows: readonly Option[]): string {
	return [
		'| option | commands | what |',
		'| --- | --- | --- |',
		...rows.map(option => `| ${flagsOf(option)} | ${commandsWith(option).join(', ')} | ${option.description} |`),
	].join('\n');
}

function commandsWith(option: Option): readonly string[] {
	return commands.filter(command => optionGroupsOf(command).some(({options}) => options.some(({name}) => name === option.name))).map(({name}) => name);
}

function flagsOf(option: Option): string {
	const flags = [...(option.short === undefined ? [] : [`-${option.short}`]), `--${option.flag}`, ...(option.aliases ?? []).map(alias => `--${alias}`)];
	return flags.map(flag => `\`${flag}\``).join(', ');
}

/**
README's text with its generated parts made anew.
*/
export function withTables(text: string): string {
	const ofRun = Object.values(runGroups).map(({title, options}) => `**${title}**\n\n${optionsTable(options)}`).join('\n\n');
	const tables = [['options', ofRun], ['demo options', optionsTable(groups.simulation.options)], ['command options', commandOptionsTable(groups.command.options)]] as const;
	return tables.reduce((result, [name, table]) => replacePart(result, name, table), text);
}

/**
The text with that part made anew; `by` is the command that does it. Throws when it has none of that name.
*/
export function replacePart(text: string, name: string, content: string, by = 'npm run docs'): string {
	const open = `<!-- ${name}: ${by} -->`;
	const close = `<!-- /${name} -->`;
	const from = text.indexOf(open);
	const to = text.indexOf(close);
	if (from === -1 || to === -1) {
		throw new Error(`no part "${name}" is there`);
	}

	return `${text.slice(0, from + open.length)}\n${content}\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	writeFileSync(readme, withTables(readFileSync(readme, 'utf8')));
}
