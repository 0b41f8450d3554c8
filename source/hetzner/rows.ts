import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import type {Architecture} from '../model/placement.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId, ServerStatus} from '../model/server.ts';
import {parseInstant} from '../model/time.ts';
import {isOurs, readLabels, type Labels} from './ownership.ts';

const statuses: ReadonlySet<string> = new Set(['running', 'initializing', 'starting', 'stopping', 'off', 'deleting', 'migrating', 'rebuilding']);

const labelled = z.object({labels: z.record(z.string(), z.string())});
const place = z.object({name: z.string()});
const serverRow = z.object({
	id: z.int().positive(),
	name: z.string().min(1),
	status: z.string(),
	created: z.string(),
	public_net: z.object({
		ipv4: z.object({ip: z.string()}).nullish(),
		ipv6: z.object({ip: z.string()}).nullish(),
	}).nullish(),
	server_type: z.object({name: z.string(), architecture: z.string().nullish()}),
	location: place.nullish(),
	datacenter: z.object({location: place.nullish()}).nullish(), // Before July 2026.
	labels: z.record(z.string(), z.string()),
});

/**
A server of ours with all its labels; `foreign` for anybody else's; `broken` for a row that can't be read and might be ours.
*/
export type ReadServer = 'foreign' | 'broken' | {readonly server: Server; readonly labels: Labels};

/**
Reads a server's row. Whose it is comes first: a foreign row's other fields are never looked at.
*/
export function readServerRow(row: unknown, repository: Repository): ReadServer {
	const ownership = labelled.safeParse(row);
	if (!ownership.success) {
		return 'broken';
	}

	const {labels} = ownership.data;
	if (!isOurs(labels, repository)) {
		return 'foreign';
	}

	const {data} = serverRow.safeParse(row);
	const created = data && parseInstant(data.created);
	if (data === undefined || created === undefined) {
		return 'broken';
	}

	const {runnerName, ...facts} = readLabels(labels);
	return {
		labels,
		server: {
			id: data.id as ServerId,
			name: runnerName ?? data.name as ServerName,
			status: isStatus(data.status) ? data.status : 'unknown',
			created,
			ip: data.public_net?.ipv4?.ip ?? firstAddress(data.public_net?.ipv6?.ip),
			serverType: data.server_type.name,
			architecture: architectureOf(data.server_type.architecture ?? ''),
			location: data.location?.name ?? data.datacenter?.location?.name ?? 'unknown',
			...facts,
		},
	};
}

/**
Our word for Hetzner's architecture ("x86", "arm").
*/
export function architectureOf(theirs: string): Architecture {
	return theirs === 'arm' ? 'arm64' : 'x64';
}

function isStatus(text: string): text is ServerStatus {
	return statuses.has(text);
}

// A server has a /64 network and answers at its first address.
function firstAddress(network: string | undefined): string | undefined {
	const base = network?.split('/', 1)[0];
	return base?.endsWith('::') ? `${base}1` : base;
}
