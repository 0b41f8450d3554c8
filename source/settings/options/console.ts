import type {Option} from './option.ts';

/** How the console looks and sounds. */
export const consoleOptions = [
	{
		name: 'readOnly', flag: 'read-only', type: 'switch',
		default: false,
		description: 'disable every key that changes something',
	},
	{
		name: 'attentionAfter', flag: 'attention-after', type: 'number', value: 'SEC',
		unit: 'seconds', range: [10, 86_400], default: 600,
		description: 'notify about a job that waits longer than this',
	},
	{
		name: 'theme', flag: 'theme', type: 'text', value: 'NAME',
		choices: ['default', 'light', 'high-contrast', 'none'], default: 'default',
		description: 'colors of the console; default is for a dark background',
	},
	{
		name: 'bell', flag: 'bell', type: 'switch',
		default: true,
		description: '--no-bell: do not ring the terminal bell when something needs a person',
	},
	{
		name: 'mouse', flag: 'mouse', type: 'switch',
		default: false,
		description: 'click and scroll in the console; hold Shift to select text',
	},
	{
		name: 'screenReader', flag: 'screen-reader', type: 'switch',
		default: false,
		description: 'print changes as sentences, line by line, instead of drawing (also with INK_SCREEN_READER=true)',
	},
	{
		name: 'console', flag: 'console', type: 'switch',
		default: true, isCommandLineOnly: true,
		description: '--no-console: print the log instead (as without a terminal)',
	},
] as const satisfies readonly Option[];
