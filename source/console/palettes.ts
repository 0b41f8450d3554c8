/**
What a colour means, not where it stands. State is never told by colour alone: a sign and a word go with it.
*/
export type Role = 'plain' | 'dim' | 'strong' | 'calm' | 'working' | 'good' | 'waiting' | 'wrong' | 'money' | 'thread' | 'cursor' | 'selected' | 'found' | 'code' | 'comment' | 'text';

/**
How many colours a terminal has: none, the 16 that its owner chose, or 256.
*/
export type Depth = 'none' | 'basic' | 'many';

export const themeNames = ['default', 'light', 'high-contrast', 'none'] as const;
export type ThemeName = (typeof themeNames)[number];

type Codes = readonly [on: string, off: string];
type Palette = Readonly<Record<Role, Codes>>;

const none: Palette = {
	plain: ['', ''], dim: ['', ''], calm: ['', ''], working: ['', ''], good: ['', ''], waiting: ['', ''], money: ['', ''], code: ['', ''], comment: ['', ''], text: ['', ''],
	strong: ['1', '22'], wrong: ['1', '22'], thread: ['1', '22'], cursor: ['7', '27'], selected: ['7', '27'], found: ['4', '24'],
};

const basic: Palette = {
	...none,
	dim: ['90', '39'], calm: ['36', '39'], working: ['36', '39'], good: ['32', '39'], waiting: ['33', '39'], wrong: ['1;31', '22;39'], money: ['35', '39'],
	thread: ['1;36', '22;39'], found: ['30;43', '39;49'], code: ['36', '39'], comment: ['90', '39'], text: ['32', '39'],
};

const many: Palette = {
	...basic,
	dim: ['38;5;244', '39'], comment: ['38;5;244', '39'], money: ['38;5;176', '39'], selected: ['38;5;231;48;5;24', '39;49'],
};

// On white, yellow and bright colours cannot be read.
const basicLight: Palette = {
	...basic,
	calm: ['34', '39'], working: ['34', '39'], waiting: ['35', '39'], money: ['36', '39'], thread: ['1;34', '22;39'], code: ['34', '39'],
};

const manyLight: Palette = {
	...basicLight,
	dim: ['38;5;241', '39'], comment: ['38;5;241', '39'], calm: ['38;5;24', '39'], working: ['38;5;25', '39'], good: ['38;5;22', '39'], waiting: ['38;5;130', '39'],
	wrong: ['1;38;5;124', '22;39'], money: ['38;5;90', '39'], thread: ['1;38;5;24', '22;39'], selected: ['38;5;16;48;5;153', '39;49'], found: ['38;5;16;48;5;222', '39;49'],
	code: ['38;5;24', '39'], text: ['38;5;22', '39'],
};

// Nothing is dimmed; what matters is bold and bright.
const highContrast: Palette = {
	...none,
	calm: ['1', '22'], working: ['1;96', '22;39'], good: ['1;92', '22;39'], waiting: ['1;93', '22;39'], wrong: ['1;97;41', '22;39;49'], money: ['1;95', '22;39'],
	thread: ['1;4', '22;24'], selected: ['1;7', '22;27'], found: ['1;30;103', '22;39;49'], code: ['1;96', '22;39'], text: ['1;92', '22;39'],
};

/**
What each role looks like.
*/
export function codesOf(name: ThemeName, depth: Depth): Palette {
	if (depth === 'none' || name === 'none') {
		return none;
	}

	return name === 'high-contrast' ? highContrast : {default: {basic, many}, light: {basic: basicLight, many: manyLight}}[name][depth];
}
