import {
	codesOf, type Depth, type Role, type ThemeName,
} from './palettes.ts';

export type {Depth, Role, ThemeName} from './palettes.ts';

export type Sign = 'waits' | 'coming' | 'runs' | 'cannot' | 'creating' | 'booting' | 'settingUp' | 'busy' | 'idle' | 'off' | 'zombie' | 'notice' | 'cursor' | 'related' | 'mark' | 'none';

export type Edges = {
	readonly across: string; readonly down: string; readonly topLeft: string; readonly topRight: string;
	readonly bottomLeft: string; readonly bottomRight: string; readonly teeLeft: string; readonly teeRight: string;
	/**
	Where the window is in a long list, at its right side.
	*/
	readonly thumb: string;
};

export type Theme = {
	readonly depth: Depth;
	readonly isUnicode: boolean;
	/**
	The parameters of the terminal's colour code (SGR) for a role: "1;31"; empty for none.
	*/
	readonly code: (role: Role) => string;
	readonly signs: Readonly<Record<Sign, string>>;
	readonly edges: Edges;
	/**
	A bar of that many columns, filled to `part` (0 to 1) of it.
	*/
	readonly bar: (part: number, columns: number) => string;
	/**
	One column for each number, as high as it is of `most`; a number that
	is not known leaves its column empty. `rows` lines, the top one first.
	*/
	readonly chart: (values: ReadonlyArray<number | undefined>, most: number, rows: number) => readonly string[];
	/**
	What turns while something takes long.
	*/
	readonly spinner: readonly string[];
	/**
	Whether the terminal knows operating system commands: links, its title, its clipboard.
	*/
	readonly hasCommands: boolean;
};

const unicodeSigns: Readonly<Record<Sign, string>> = {
	waits: '◌', coming: '◐', runs: '●', cannot: '✕', creating: '◌', booting: '◔', settingUp: '◑', busy: '●', idle: '○', off: '◍', zombie: '✕',
	notice: '▲', cursor: '▸', related: '›', mark: '✓', none: '·',
};

const asciiSigns: Readonly<Record<Sign, string>> = {
	waits: '.', coming: 'o', runs: '*', cannot: 'x', creating: '.', booting: 'o', settingUp: 'o', busy: '*', idle: '-', off: '_', zombie: 'x',
	notice: '!', cursor: '>', related: '=', mark: '+', none: ' ',
};

const unicodeEdges: Edges = {
	across: '─', down: '│', topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', teeLeft: '├', teeRight: '┤', thumb: '┃',
};
const asciiEdges: Edges = {
	across: '-', down: '|', topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', teeLeft: '+', teeRight: '+', thumb: '#',
};

/**
The theme of that name for a terminal of that many colours, with signs that its locale can show.
*/
export function makeTheme(depth: Depth, isUnicode: boolean, name: ThemeName = 'default', hasCommands = isUnicode): Theme {
	const codes = codesOf(name, depth);
	return {
		depth,
		isUnicode,
		hasCommands,
		code: role => codes[role],
		signs: isUnicode ? unicodeSigns : asciiSigns,
		edges: isUnicode ? unicodeEdges : asciiEdges,
		bar: (part, columns) => drawBar(Math.min(1, Math.max(0, part)) * columns, columns, isUnicode),
		chart: (values, most, rows) => drawChart(values, most, rows, isUnicode ? ' ▁▂▃▄▅▆▇█' : ' ..::|||#'),
		spinner: isUnicode ? ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] : ['-', '\\', '|', '/'],
	};
}

/**
The theme that was asked for, as far as the environment allows it: NO_COLOR, FORCE_COLOR, TERM and the locale are looked at.
*/
export function themeOf(env: Readonly<Record<string, string | undefined>>, name: ThemeName = 'default'): Theme {
	const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(value => isSet(value)) ?? '';
	const isUnicode = /utf-?8/iv.test(locale) && env.TERM !== 'linux';
	return makeTheme(name === 'none' ? 'none' : depthOf(env), isUnicode, name, env.TERM !== 'linux' && env.TERM !== 'dumb');
}

function isSet(value: string | undefined): boolean {
	return value !== undefined && value !== '';
}

function depthOf(env: Readonly<Record<string, string | undefined>>): Depth {
	if (env.FORCE_COLOR === '0' || (isSet(env.NO_COLOR) && !isSet(env.FORCE_COLOR)) || env.TERM === 'dumb') {
		return 'none';
	}

	return /256|kitty|ghostty|direct/v.test(env.TERM ?? '') || isSet(env.COLORTERM) ? 'many' : 'basic';
}

function drawBar(filled: number, columns: number, isUnicode: boolean): string {
	const whole = Math.floor(filled);
	if (!isUnicode) {
		return '#'.repeat(whole).padEnd(columns, '.');
	}

	const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][Math.floor((filled - whole) * 8)] ?? '';
	return ('█'.repeat(whole) + eighths).padEnd(columns);
}

// A value above nothing shows at least the lowest step, so that it is not taken for none.
function drawChart(values: ReadonlyArray<number | undefined>, most: number, rows: number, steps: string): readonly string[] {
	const finest = steps.length - 1;
	const heights = values.map(value => value === undefined || value <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, value / Math.max(most, Number.MIN_VALUE)) * rows * finest)));
	return Array.from({length: rows}, (_, row) => {
		const below = (rows - 1 - row) * finest;
		return heights.map(height => steps[Math.max(0, Math.min(finest, height - below))] ?? ' ').join('');
	});
}
