/**
What a colour means, not where it stands. State is never told by colour alone: a sign and a word go with it.
*/
export type Role = 'plain' | 'dim' | 'strong' | 'calm' | 'working' | 'good' | 'waiting' | 'wrong' | 'money' | 'related' | 'cursor' | 'selected' | 'match' | 'code' | 'comment' | 'text' | 'danger';

/**
How many colours a terminal has: none, the 16 that its owner chose, or 256.
*/
export type Depth = 'none' | 'basic' | 'many';

export const themeNames = ['default', 'light', 'high-contrast', 'none'] as const;
export type ThemeName = (typeof themeNames)[number];

/**
The parameters of each role's colour code (SGR).
*/
type Palette = Readonly<Record<Role, string>>;

const none: Palette = {
	plain: '', dim: '', calm: '', working: '', good: '', waiting: '', money: '', code: '', comment: '', text: '',
	strong: '1', wrong: '1', danger: '1;7', related: '1', cursor: '7', selected: '7', match: '4',
};

const basic: Palette = {
	...none,
	dim: '90', calm: '36', working: '36', good: '32', waiting: '33', wrong: '1;31', money: '35',
	danger: '1;97;41', related: '1;36', match: '30;43', code: '36', comment: '90', text: '32',
};

const many: Palette = {
	...basic,
	dim: '38;5;244', comment: '38;5;244', money: '38;5;176', selected: '38;5;231;48;5;24',
};

// On white, yellow and bright colours cannot be read.
const basicLight: Palette = {
	...basic,
	calm: '34', working: '34', waiting: '35', money: '36', related: '1;34', code: '34',
};

const manyLight: Palette = {
	...basicLight,
	dim: '38;5;241', comment: '38;5;241', calm: '38;5;24', working: '38;5;25', good: '38;5;22', waiting: '38;5;130',
	wrong: '1;38;5;124', money: '38;5;90', related: '1;38;5;24', selected: '38;5;16;48;5;153', match: '38;5;16;48;5;222',
	code: '38;5;24', text: '38;5;22',
};

// Nothing is dimmed; what matters is bold and bright.
const highContrast: Palette = {
	...none,
	calm: '1', working: '1;96', good: '1;92', waiting: '1;93', wrong: '1;97;41', danger: '1;97;41', money: '1;95',
	related: '1;4', selected: '1;7', match: '1;30;103', code: '1;96', text: '1;92',
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
