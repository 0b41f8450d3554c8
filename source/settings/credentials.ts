import {readFileSync} from 'node:fs';
import path from 'node:path';
import {optionRows} from './options/index.ts';
import {UsageError} from './usage-error.ts';

export type Credential = {readonly path: string; readonly text: string};

/**
What systemd (LoadCredential=), docker secrets or an administrator hand over in the folder that $CREDENTIALS_DIRECTORY names, by option name:
the files github-token, hetzner-token and ssh-private-key. Throws UsageError for a file that is there and cannot be read.
*/
export function readCredentials(environment: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, Credential> {
	const folder = environment.CREDENTIALS_DIRECTORY ?? '';
	const found = new Map<string, Credential>();
	if (folder === '') {
		return found;
	}

	for (const {name, flag, credential} of optionRows()) {
		const file = path.join(folder, flag);
		const text = credential === undefined ? undefined : readText(file);
		if (text !== undefined) {
			found.set(name, {path: file, text: credential === 'path' ? file : text.trim()});
		}
	}

	return found;
}

function readText(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return undefined;
		}

		throw new UsageError(`${file} (of $CREDENTIALS_DIRECTORY) cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
	}
}
