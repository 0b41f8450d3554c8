import process from 'node:process';
import {readClosedFile} from './closed-file.ts';
import {UsageError} from './usage-error.ts';

const least = 16;

/**
The secrets that deliveries of the webhook are signed with: one a line, and two while one takes the place of the other. Throws UsageError that never repeats one.
*/
export function readWebhookSecrets(file: string, environment: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
	const lines = readClosedFile(file, {flag: '--webhook-secret-file', mostBytes: 4096, environment}).split('\n').map(line => line.trim()).filter(line => line !== '');
	const fault = faultOf(lines);
	if (fault !== undefined) {
		throw new UsageError(`${file} (--webhook-secret-file) ${fault}.`);
	}

	return lines;
}

function faultOf(lines: readonly string[]): string | undefined {
	if (lines.length === 0) {
		return 'is empty: put the secret there that the webhook has at GitHub, such as of "openssl rand -hex 32"';
	}

	if (lines.length > 2) {
		return `has ${lines.length} lines: it takes one secret, or two while one replaces the other`;
	}

	return lines.some(line => line.length < least)
		? `holds a secret of fewer than ${least} characters, which can be guessed: "openssl rand -hex 32" makes one`
		: undefined;
}
