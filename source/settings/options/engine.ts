import type {Option} from './option.ts';

/** Where engines are found and what they write. */
export const engineOptions = [
	{
		name: 'socket', flag: 'socket', type: 'text', value: 'FILE',
		defaultText: 'by repository', isCommandLineOnly: true,
		description: 'unix socket on which an engine serves consoles, and on which consoles find it',
	},
	{
		name: 'host', flag: 'host', type: 'text', value: 'USER@SERVER',
		defaultText: 'this machine', isCommandLineOnly: true,
		description: 'reach the engine of another machine over ssh',
	},
	{
		name: 'attach', flag: 'attach', type: 'switch',
		default: true, isCommandLineOnly: true,
		description: '--no-attach: start an engine even if one is already running for this repository',
	},
	{
		name: 'viewGroup', flag: 'view-group', type: 'text', value: 'GROUP',
		defaultText: 'none',
		description: 'unix group that may view the engine but not control it, through a second socket',
	},
	{
		name: 'metrics', flag: 'metrics', type: 'text', value: '[HOST:]PORT',
		defaultText: 'off',
		description: 'serve Prometheus metrics there; on loopback unless a host is given',
	},
	{
		name: 'logFormat', flag: 'log-format', type: 'text', value: 'FORMAT',
		choices: ['text', 'json'], default: 'text',
		description: 'format of the log',
	},
	{
		name: 'loggerConfig', flag: 'logger-config', type: 'text', value: 'FILE',
		defaultText: 'none',
		description: 'JSON file with the level, format, destinations and rotation of the log',
	},
	{
		name: 'settingsFile', flag: 'settings-file', type: 'text', value: 'FILE',
		defaultText: 'see "settings path"', isCommandLineOnly: true,
		description: 'read and write this settings file instead of the user\'s own',
	},
	{
		name: 'debug', flag: 'debug', type: 'switch',
		default: false,
		description: 'log more, and show a stack trace with an error',
	},
] as const satisfies readonly Option[];
