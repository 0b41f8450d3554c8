import type {Option} from './option.ts';

/** Wake-ups by GitHub. */
export const webhookOptions = [
	{
		name: 'webhook', flag: 'webhook', type: 'text', value: '[HOST:]PORT',
		defaultText: 'off',
		description: 'receive GitHub\'s workflow_job webhook there, behind a proxy with TLS; a delivery makes the engine poll at once',
	},
	{
		name: 'webhookSecretFile', flag: 'webhook-secret-file', type: 'text', value: 'FILE',
		defaultText: 'none', credential: 'path',
		description: 'file with the secret of the webhook, and with a second line while it is replaced; only its owner may read it',
	},
] as const satisfies readonly Option[];
