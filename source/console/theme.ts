/**
What a colour means, not where it stands. State is never told by colour alone: a sign and a word go with it.
*/
export type Role = 'plain' | 'dim' | 'strong' | 'calm' | 'working' | 'good' | 'waiting' | 'wrong' | 'money' | 'thread' | 'selected' | 'code' | 'comment' | 'text';

export type Depth = 'none' | 'basic' | 'many';

export type Sign = 'waits' | 'coming' | 'runs' | 'cannot' | 'creating' | 'booting' | 'settingUp' | 'busy' | 'idle' | 'off' | 'zombie' | 'notice' | 'cursor' | 'thread' | 'mark' | 'none';

export type Frame = {
	readonly across: string; readonly down: string; readonly topLeft: string; readonly topRight: string;
	readonly bottomLeft: string; readonly bottomRight: string; readonly teeLeft: string; readonly teeRight: string;
};

export type Theme = {
	readonly depth: Depth;
	readonly isUnicode: boolean;
	readonly paint: (role: Role, text: string) => string;
	readonly signs: Readonly<Record<Sign, string>>;
	readonly frame: Frame;
	/**
	A bar of that many columns, filled to `part` (0 to 1) of it.
	*/
	readonly bar: (part: number, columns: number) => string;
};

type Codes = readonly [on: string, off: string];

const noColours: Readonly<Record<Role, Codes>> = {
	plain: ['', ''], dim: ['', ''], calm: ['', ''], working: ['', ''], good: ['', ''], waiting: ['', ''], money: ['', ''], code: ['', ''], comment: ['', ''], text: ['', ''],
	strong: ['1', '22'], wrong: ['1', '22'], thread: ['1', '22'], selected: ['7', '27'],
};

const basicColours: Readonly<Record<Role, Codes>> = {
	...noColours,
	dim: ['90', '39'], calm: ['36', '39'], working: ['36', '39'], good: ['32', '39'], waiting: ['33', '39'], wrong: ['1;31', '22;39'], money: ['35', '39'],
	thread: ['1;36', '22;39'], code: ['36', '39'], comment: ['90', '39'], text: ['32', '39'],
};

const manyColours: Readonly<Record<Role, Codes>> = {
	...basicColours,
	dim: ['38;5;244', '39'], comment: ['38;5;244', '39'], money: ['38;5;176', '39'], selected: ['38;5;231;48;5;24', '39;49'],
};

const palettes: Readonly<Record<Depth, Readonly<Record<Role, Codes>>>> = {none: noColours, basic: basicColours, many: manyColours};

const unicodeSigns: Readonly<Record<Sign, string>> = {
	waits: '◌', coming: '◐', runs: '●', cannot: '✕', creating: '◌', booting: '◔', settingUp: '◑', busy: '●', idle: '○', off: '◍', zombie: '✕',
	notice: '▲', cursor: '▸', thread: '›', mark: '✓', none: '·',
};

const asciiSigns: Readonly<Record<Sign, string>> = {
	waits: '.', coming: 'o', runs: '*', cannot: 'x', creating: '.', booting: 'o', settingUp: 'o', busy: '*', idle: '-', off: '_', zombie: 'x',
	notice: '!', cursor: '>', thread: '=', mark: '+', none: ' ',
};

const unicodeFrame: Frame = {
	across: '─', down: '│', topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘', teeLeft: '├', teeRight: '┤',
};
const asciiFrame: Frame = {
	across: '-', down: '|', topLeft: '+', topRight: '+', bottomLeft: '+', bottomRight: '+', teeLeft: '+', teeRight: '+',
};

/**
The theme for a terminal of that many colours, with signs that its locale can show.
*/
export function makeTheme(depth: Depth, isUnicode: boolean): Theme {
	const palette = palettes[depth];
	return {
		depth,
		isUnicode,
		paint(role, text) {
			const [on, off] = palette[role];
			return on === '' || text === '' ? text : `\u{1B}[${on}m${text}\u{1B}[${off}m`;
		},
		signs: isUnicode ? unicodeSigns : asciiSigns,
		frame: isUnicode ? unicodeFrame : asciiFrame,
		bar: (part, columns) => drawBar(Math.min(1, Math.max(0, part)) * columns, columns, isUnicode),
	};
}

/**
The theme that an environment asks for: NO_COLOR, FORCE_COLOR, TERM and the locale are looked at.
*/
export function themeOf(env: Readonly<Record<string, string | undefined>>, isColourless = false): Theme {
	const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find(value => isSet(value)) ?? '';
	const isUnicode = /utf-?8/iv.test(locale) && env.TERM !== 'linux';
	return makeTheme(isColourless ? 'none' : depthOf(env), isUnicode);
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
