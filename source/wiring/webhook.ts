import {readWebhookSecrets} from '../settings/webhook-secrets.ts';
import {parseListen} from '../metrics/serve.ts';
import type {Repository} from '../model/job.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';

/** Opens what --webhook asks for: deliveries of GitHub are hints for the engine. Nothing without it. Throws UsageError for what is missing or cannot be listened on. */
export async function openWebhook(
	{webhook, webhookSecretFile}: Pick<Settings, 'webhook' | 'webhookSecretFile'>,
	{repository, hint, notice, print}: {readonly repository: Repository; readonly hint: () => void; readonly notice: (words: string) => void; readonly print: (words: string) => void},
): Promise<() => Promise<void>> {
	if (webhook === undefined) {
		return async () => {/* Nothing was opened. */};
	}

	const address = parseListen(webhook);
	if (address === undefined) {
		throw new UsageError(`--webhook is ${JSON.stringify(webhook)}, but must be a port or HOST:PORT, such as 8080 or 0.0.0.0:8080.`);
	}

	if (webhookSecretFile === undefined) {
		throw new UsageError('--webhook needs --webhook-secret-file: without a secret anyone could send deliveries. "openssl rand -hex 32" makes one, which the webhook gets at GitHub, too.');
	}

	readWebhookSecrets(webhookSecretFile);
	const {openReceiver} = await import('../webhook/receiver.ts');
	try {
		const receiver = await openReceiver({
			...address, repository: `${repository.owner}/${repository.name}`, onWake: hint,
			secrets: () => readWebhookSecrets(webhookSecretFile), // Each time: a new one counts at once.
			onForged(count) {
				notice(`${count} ${count === 1 ? 'delivery' : 'deliveries'} with a wrong signature came to --webhook: is the secret at GitHub the one in ${webhookSecretFile}?`);
			},
		});
		print(`webhooks at ${receiver.url}/webhook`);
		return receiver.close;
	} catch (error) {
		throw new UsageError(`--webhook ${webhook} cannot be served: ${error instanceof Error ? error.message : String(error)}.`);
	}
}
