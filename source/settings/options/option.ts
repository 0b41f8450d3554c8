/**
Everything there is to know about an option: argv, --help, completion, the settings file, `settings show`, errors and README's tables follow from its row.
Numbers are whole; `unit` says of what.
*/
export type Option = {
	readonly name: string;
	readonly flag: string;
	readonly short?: string;
	/**
	Other spellings of the flag.
	*/
	readonly aliases?: readonly string[];
	/**
	Environment variables; the first one that is set counts.
	*/
	readonly variables?: readonly string[];
	readonly type: 'text' | 'number' | 'switch' | 'list';
	/**
	A list with one entry for each flag: an entry may contain commas.
	*/
	readonly hasCommas?: true;
	/**
	The name of the value in --help.
	*/
	readonly value?: string;
	readonly unit?: 'seconds' | 'port';
	readonly range?: readonly [least: number, most: number];
	readonly choices?: readonly string[];
	readonly default?: string | number | boolean | readonly string[];
	/**
	What --help shows when there is no default value to print.
	*/
	readonly defaultText?: string;
	readonly isSecret?: true;
	/**
	Also read from the file named after the flag in $CREDENTIALS_DIRECTORY: its text, or its path where a path is asked for.
	*/
	readonly credential?: 'text' | 'path';
	/**
	Has a meaning on the command line only: never read from the settings file.
	*/
	readonly isCommandLineOnly?: true;
	readonly description: string;
};
