import {writeFileSync} from 'node:fs';
import path from 'node:path';
import type {QuickWorld} from './simulator-process.ts';

type AsApp = {readonly environment: Readonly<Record<string, string>>; readonly keyFile: string};

/**
The environment of a program that comes to a quick world as its GitHub App, with the key in a file of its home, and without a token.
*/
export function asApp({world, home, environment}: QuickWorld): AsApp {
	const keyFile = path.join(home, 'app.private-key.pem');
	writeFileSync(keyFile, world.githubApp.privateKey(), {mode: 0o600});
	const {GITHUB_TOKEN: _token, ...others} = environment;
	return {environment: {...others, GITHUB_APP_ID: String(world.githubApp.id), GITHUB_APP_KEY_FILE: keyFile}, keyFile};
}

/**
What of a private key must be nowhere else: its lines, and its text as JSON would have it.
*/
export function partsOfKey(pem: string): readonly string[] {
	return pem.split('\n').filter(line => line.length > 30 && !line.startsWith('-----'));
}
