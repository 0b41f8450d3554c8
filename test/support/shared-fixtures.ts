import {existsSync, readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';

/**
A recorded or documented answer of a real API.
*/
export type Fixture = {
	readonly name: string;
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
};

const folder = path.join(import.meta.dirname, '../../../shared/fixtures');

/**
The fixtures of a folder like "hetzner/observed", by the beginning of their names; none on a machine that does not have them.
*/
export function sharedFixtures(name: string, prefix = ''): readonly Fixture[] {
	const from = path.join(folder, name);
	if (!existsSync(from)) {
		return [];
	}

	return readdirSync(from).filter(file => file.startsWith(prefix) && file.endsWith('.json')).map(file => {
		const parsed = JSON.parse(readFileSync(path.join(from, file), 'utf8')) as {status?: number; headers?: Record<string, string>; body?: unknown};
		return {
			name: file, status: parsed.status ?? 200, headers: parsed.headers ?? {}, body: 'body' in parsed ? parsed.body : parsed,
		};
	});
}
