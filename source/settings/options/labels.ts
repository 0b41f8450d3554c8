import type {Option} from './option.ts';

/** Which jobs are served, and how their labels are read. */
export const labelsOptions = [
	{
		name: 'withLabel', flag: 'with-label', type: 'list', value: 'LABEL',
		default: ['self-hosted'],
		description: 'serve only jobs with this label; repeatable, a job must have them all',
	},
	{
		name: 'labelPrefix', flag: 'label-prefix', type: 'text', value: 'PREFIX',
		defaultText: 'none',
		description: 'read only job labels that begin with PREFIX- as requests (type-, in-, image-, cpu-, ...)',
	},
	{
		name: 'metaLabel', flag: 'meta-label', type: 'list', value: 'NAME=LABELS',
		hasCommas: true, default: [], defaultText: 'none',
		description: 'job label that stands for others, such as big=type-cx53,in-fsn1; repeatable',
	},
	{
		name: 'scripts', flag: 'scripts', type: 'text', value: 'DIR',
		defaultText: 'none',
		description: 'folder of the scripts that job labels setup-NAME and startup-NAME refer to',
	},
	{
		name: 'ignoreVolumeLabels', flag: 'ignore-volume-labels', type: 'switch',
		default: false,
		description: 'serve jobs with a volume- label without the volume, instead of not at all',
	},
	{
		name: 'priority', flag: 'priority', type: 'list', value: 'NAME=MINUTES',
		hasCommas: true, default: [], defaultText: 'none',
		description: 'serve jobs with this label, or of this workflow, ahead of others that have waited up to so many minutes longer; repeatable',
	},
] as const satisfies readonly Option[];
