import * as z from 'zod';
import type {Architecture} from '../model/placement.ts';
import {later, type Instant} from '../model/time.ts';
import type {RunnerDownload} from '../scaler/ports.ts';
import type {Client} from './client.ts';
import type {Asked} from './errors.ts';
import {singleFlight} from './single-flight.ts';

const freshSeconds = 3600;
const asked: Asked = {doing: 'asking which runner program to install', permission: 'Administration: read'};
const body = z.array(z.object({
	os: z.string(),
	architecture: z.string(),
	download_url: z.string(),
	filename: z.string(),
	sha256_checksum: z.string().optional(),
}));

/**
The runner program that GitHub wants now, kept for an hour. Never pinned: GitHub refuses old ones to register.
*/
export function runnerDownload(client: Client): (architecture: Architecture) => Promise<RunnerDownload> {
	let kept: {rows: z.infer<typeof body>; until: Instant} | undefined;

	const fetchRows = singleFlight(async () => {
		const answer = await client.ask('GET /repos/{owner}/{repo}/actions/runners/downloads', {}, asked);
		const parsed = body.safeParse(answer.data);
		if (!parsed.success) {
			throw client.broken(asked, z.prettifyError(parsed.error).replaceAll('\n', ' '));
		}

		kept = {rows: parsed.data, until: later(client.clock.now(), freshSeconds)};
		return parsed.data;
	});

	return async architecture => {
		const rows = kept !== undefined && kept.until > client.clock.now() ? kept.rows : await fetchRows();
		const row = rows.find(({os, architecture: theirs}) => os === 'linux' && theirs === architecture);
		if (row === undefined) {
			throw client.broken(asked, `it names no runner for linux ${architecture}`);
		}

		if (!/^[0-9a-f]{64}$/iv.test(row.sha256_checksum ?? '')) {
			throw client.broken(asked, `it gives no SHA-256 checksum for ${row.filename}, and nothing unchecked is installed`);
		}

		return {url: row.download_url, filename: row.filename, sha256: String(row.sha256_checksum).toLowerCase()};
	};
}
