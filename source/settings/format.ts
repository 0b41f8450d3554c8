import type {Option} from './options/index.ts';
import type {Setting, Source} from './read.ts';

/**
"--max-runners", "GITHUB_TOKEN (environment)", "workers in /home/me/…/config.json".
*/
export function describeSource(source: Source, option: Option): string {
	switch (source.kind) {
		case 'flag': {
			return source.name;
		}

		case 'variable': {
			return `${source.name} (environment)`;
		}

		case 'credential': {
			return source.name;
		}

		case 'file': {
			return `"${option.name}" in ${source.name}`;
		}

		case 'default': {
			return `default of --${option.flag}`;
		}
	}
}

/**
A setting's value in words; a secret's is masked.
*/
export function formatValue({option, value}: Setting): string {
	if (value === undefined) {
		return option.defaultText === undefined ? '(not set)' : `(${option.defaultText})`;
	}

	if (option.isSecret === true) {
		return '********';
	}

	const words = Array.isArray(value) ? value.join(', ') : JSON.stringify(value).replaceAll(/^"|"$/gv, '');
	return words === '' ? `(${option.defaultText ?? 'empty'})` : (option.unit === 'seconds' ? `${words} s` : words);
}

/**
The default as people read it, with its unit; empty when the option has none.
*/
export function formatDefault(option: Option): readonly string[] {
	if (option.defaultText !== undefined) {
		return [option.defaultText];
	}

	if (option.default === undefined) {
		return [];
	}

	const value = typeof option.default === 'object' ? option.default.join(', ') : String(option.default);
	return [option.unit === 'seconds' ? `${value} s` : value];
}
