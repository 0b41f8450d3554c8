import type {Option} from './option.ts';

/** Options that only some commands take. */
export const commandOptions = [
	{
		name: 'json', flag: 'json', type: 'switch',
		default: false, isCommandLineOnly: true,
		description: 'print JSON',
	},
	{
		name: 'force', flag: 'force', type: 'switch',
		default: false, isCommandLineOnly: true,
		description: 'replace an installed service, keeping its settings where none are given',
	},
	{
		name: 'follow', flag: 'follow', type: 'switch',
		short: 'f', default: false, isCommandLineOnly: true,
		description: 'keep printing new lines',
	},
	{
		name: 'lines', flag: 'lines', type: 'number', value: 'COUNT',
		short: 'n', range: [0, 1_000_000], defaultText: '50', isCommandLineOnly: true,
		description: 'number of lines to print',
	},
	{
		name: 'csv', flag: 'csv', type: 'switch',
		default: false, isCommandLineOnly: true,
		description: 'print comma-separated values',
	},
	{
		name: 'yes', flag: 'yes', type: 'switch',
		short: 'y', default: false, isCommandLineOnly: true,
		description: 'do not ask for confirmation',
	},
	{
		name: 'busy', flag: 'busy', type: 'switch',
		default: false, isCommandLineOnly: true,
		description: 'also delete a server whose runner is busy, which kills its job',
	},
	{
		name: 'root', flag: 'root', type: 'text', value: 'DIR',
		defaultText: '/', isCommandLineOnly: true,
		description: 'act on the file system below DIR, such as an image being built',
	},
] as const satisfies readonly Option[];
