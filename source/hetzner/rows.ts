import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import type {Architecture} from '../model/placement.ts';
import type {ServerName} from '../model/server-name.ts';
import type {Server, ServerId, ServerStatus} from '../model/server.ts';
import {parseInstant, type Instant} from '../model/time.ts';
import {isOurs, readLabels, type Labels} from './ownership.ts';

const statuses: ReadonlySet<string> = new Set(['running', 'initializing', 'starting', 'stopping', 'off', 'deleting', 'migrating', 'rebuilding']);

// Field by field: what a row leaves out or says oddly is unknown, and the server is still ours.
const text = z.string().optional().catch(undefined);
const place = z.object({name: text}).optional().catch(undefined);
const address = z.object({ip: text}).optional().catch(undefined);
const labelled = z.object({id: z.int().positive(), labels: z.record(z.string(), z.unknown())});
const serverRow = z.object({
	name: text,
	status: text,
	created: text,
	public_net: z.object({ipv4: address, ipv6: address}).optional().catch(undefined),
	server_type: z.object({name: text, architecture: text}).optional().catch(undefined),
	location: place,
	datacenter: z.object({location: place}).optional().catch(undefined), // Before July 2026.
});

/**
A server of ours with all its labels; `foreign` for anybody else's; `broken` for a row whose id or labels can't be read: it might be ours.
*/
export type ReadServer = 'foreign' | 'broken' | {readonly server: Server; readonly labels: Labels};

type CreatedAt = (id: ServerId, told: Instant | undefined) => Instant;

/**
Reads a server's row. Whose it is comes first: a foreign row's other fields are never read. `createdAt`: when a server was made
by our clock, given what its row says.
*/
export function readServerRow(row: unknown, repository: Repository, createdAt: CreatedAt): ReadServer {
	const ownership = labelled.safeParse(row);
	if (!ownership.success) {
		return isForeignWithoutId(row, repository) ? 'foreign' : 'broken';
	}

	const id = ownership.data.id as ServerId;
	const labels = textsOf(ownership.data.labels);
	if (!isOurs(labels, repository)) {
		return 'foreign';
	}

	const data = serverRow.parse(row);
	const {runnerName, ...facts} = readLabels(labels);
	return {
		labels,
		server: {
			id,
			name: runnerName ?? (data.name ?? `server-${id}`) as ServerName,
			status: data.status !== undefined && isStatus(data.status) ? data.status : 'unknown',
			created: createdAt(id, parseInstant(data.created ?? '')),
			ip: data.public_net?.ipv4?.ip ?? firstAddress(data.public_net?.ipv6?.ip),
			serverType: data.server_type?.name ?? 'unknown',
			architecture: architectureOf(data.server_type?.architecture ?? ''),
			location: data.location?.name ?? data.datacenter?.location?.name ?? 'unknown',
			...facts,
		},
	};
}

function textsOf(labels: Readonly<Record<string, unknown>>): Labels {
	return Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function isForeignWithoutId(row: unknown, repository: Repository): boolean {
	const {data} = z.object({labels: z.record(z.string(), z.unknown())}).safeParse(row);
	return data !== undefined && !isOurs(textsOf(data.labels), repository);
}

/**
Our word for Hetzner's architecture ("x86", "arm").
*/
export function architectureOf(theirs: string): Architecture {
	return theirs === 'arm' ? 'arm64' : 'x64';
}

function isStatus(word: string): word is ServerStatus {
	return statuses.has(word);
}

// A server has a /64 network and answers at its first address.
function firstAddress(network: string | undefined): string | undefined {
	const base = network?.split('/', 1)[0];
	return base?.endsWith('::') ? `${base}1` : base;
}
