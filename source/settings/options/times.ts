import type {Option} from './option.ts';

const oneDay = 86_400;

/** When to poll and when to give up on a server. */
export const timesOptions = [
	{
		name: 'maxServerReadyTime', flag: 'max-server-ready-time', type: 'number', value: 'SEC',
		unit: 'seconds', range: [10, oneDay], default: 180,
		description: 'delete a server that does not accept SSH within this time',
	},
	{
		name: 'maxSetupTime', flag: 'max-setup-time', type: 'number', value: 'SEC',
		unit: 'seconds', range: [10, oneDay], default: 600,
		description: 'delete a server whose setup and startup scripts together take longer',
	},
	{
		name: 'maxRunnerRegistrationTime', flag: 'max-runner-registration-time', type: 'number', value: 'SEC',
		unit: 'seconds', range: [10, oneDay], default: 60,
		description: 'delete a server whose runner has not registered this long after the startup script',
	},
	{
		name: 'maxIdleRunnerTime', flag: 'max-idle-runner-time', type: 'number', value: 'SEC',
		unit: 'seconds', range: [10, oneDay], default: 120,
		description: 'delete a server whose runner has been idle this long',
	},
	{
		name: 'maxPoweredOffTime', flag: 'max-powered-off-time', type: 'number', value: 'SEC',
		unit: 'seconds', range: [0, oneDay], default: 20,
		description: 'delete a server that has been powered off this long',
	},
	{
		name: 'maxServerLife', flag: 'max-server-life', type: 'number', value: 'SEC',
		unit: 'seconds', range: [600, 30 * oneDay], defaultText: 'off',
		description: 'delete a server older than this as soon as it runs no job',
	},
	{
		name: 'scaleUpInterval', flag: 'scale-up-interval', type: 'number', value: 'SEC',
		unit: 'seconds', range: [1, 3600], default: 10,
		description: 'polling interval for scaling up',
	},
	{
		name: 'scaleDownInterval', flag: 'scale-down-interval', type: 'number', value: 'SEC',
		unit: 'seconds', range: [1, 3600], default: 10,
		description: 'polling interval for scaling down',
	},
] as const satisfies readonly Option[];
