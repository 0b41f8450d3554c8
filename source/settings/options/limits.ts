import type {Option} from './option.ts';

/** How much may run and what it may cost. */
export const limitsOptions = [
	{
		name: 'maxRunners', flag: 'max-runners', type: 'number', value: 'COUNT',
		short: 'm', range: [1, 10_000], defaultText: 'unlimited',
		description: 'maximum number of servers',
	},
	{
		name: 'maxRunnersForLabel', flag: 'max-runners-for-label', type: 'list', value: 'LABELS:COUNT',
		hasCommas: true, default: [], defaultText: 'none',
		description: 'maximum number of servers with all of these labels, such as type-cx53,gpu:2; repeatable',
	},
	{
		name: 'maxRunnersInWorkflowRun', flag: 'max-runners-in-workflow-run', type: 'number', value: 'COUNT',
		range: [1, 10_000], defaultText: 'unlimited',
		description: 'maximum number of servers created for one workflow run',
	},
	{
		name: 'maxPricePerHour', flag: 'max-price-per-hour', type: 'text', value: 'PRICE',
		defaultText: 'ten times the cheapest that fits',
		description: 'never create a server that costs more per hour, VAT and IPv4 included, such as 0.05',
	},
	{
		name: 'maxCostPerHour', flag: 'max-cost-per-hour', type: 'text', value: 'PRICE',
		defaultText: 'unlimited',
		description: 'create no server when the hours started in the last 60 minutes would cost more, VAT and IPv4 included',
	},
	{
		name: 'maxCostPerDay', flag: 'max-cost-per-day', type: 'text', value: 'PRICE',
		defaultText: 'unlimited',
		description: 'the same for a day (UTC)',
	},
	{
		name: 'maxCostPerMonth', flag: 'max-cost-per-month', type: 'text', value: 'PRICE',
		defaultText: 'unlimited',
		description: 'the same for a month (UTC)',
	},
	{
		name: 'dryRun', flag: 'dry-run', type: 'switch',
		default: false,
		description: 'plan and show, but change nothing',
	},
] as const satisfies readonly Option[];
