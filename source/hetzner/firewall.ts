import {createHash} from 'node:crypto';
import * as z from 'zod';
import type {Repository} from '../model/job.ts';
import {PortError} from '../scaler/ports.ts';
import {HetznerError} from './errors.ts';
import {ownLabels} from './ownership.ts';
import {broken, readPages} from './pages.ts';
import type {Send} from './request.ts';

/**
The firewall that new servers get: our own, made when there is none, or an existing one with that name. `sshPort`: the port that the engine
connects to.
*/
export type FirewallWish = {readonly kind: 'own' | 'named'; readonly name: string; readonly sshPort: number};

export type Firewall = {readonly id: number; readonly name: string};

type Found = Firewall & {readonly rules: ReadonlyArray<z.infer<typeof ruleShape>>};

const ruleShape = z.object({
	direction: z.string().catch(''), protocol: z.string().catch(''), port: z.string().nullish().catch(undefined), source_ips: z.array(z.string()).catch([]),
});
const row = z.object({
	id: z.int().positive(), name: z.string(), labels: z.record(z.string(), z.unknown()).catch({}), rules: z.array(ruleShape).catch([]),
});
const everywhere = ['0.0.0.0/0', '::/0'];

/**
SSH and ICMP: without ICMP, path MTU discovery fails and connections hang. Nothing else comes in; everything goes out.
*/
function rulesFor(sshPort: number) {
	return [
		{
			direction: 'in', protocol: 'tcp', port: String(sshPort), source_ips: everywhere, description: 'SSH of the engine',
		},
		{
			direction: 'in', protocol: 'icmp', source_ips: everywhere, description: 'path MTU, ping',
		},
	];
}

/**
One for each repository, like everything of ours: engines of other repositories in the project neither need it nor change it. And one for
each port, so that engines with different ports do not overwrite each other's rules.
*/
function labelsOf(repository: Repository, sshPort: number): Readonly<Record<string, string>> {
	return {...ownLabels(repository), 'ssh-port': String(sshPort)};
}

/**
The names of a firewall of ours: the plain one, and one with a hash for when somebody else's firewall has the plain name.
*/
function namesFor(repository: Repository, sshPort: number): readonly string[] {
	const full = `${repository.owner}/${repository.name}`.toLowerCase();
	const plain = `gh-runners-${full.replaceAll(/[^0-9a-z]+/gv, '-')}`.slice(0, 90);
	return [`${plain}-ssh-${sshPort}`, `${plain}-${createHash('sha256').update(full).digest('hex').slice(0, 12)}-ssh-${sshPort}`];
}

/**
The firewall asked for, as it is now; undefined while ours has not been made. Changes nothing. Throws PortError for a name that does not
exist (and lists those that do) and for a firewall that blocks SSH; and HetznerError.
*/
export async function findFirewall(send: Send, repository: Repository, {kind, name, sshPort}: FirewallWish): Promise<Found | undefined> {
	const all = await readFirewalls(send);
	if (kind === 'own') {
		const labels = Object.entries(labelsOf(repository, sshPort));
		return all.find(found => labels.every(([key, value]) => found.labels[key] === value));
	}

	const found = all.find(firewall => firewall.name === name);
	if (found === undefined) {
		const names = all.length === 0 ? 'the project has none' : `the project has: ${all.map(firewall => firewall.name).join(', ')}`;
		throw new PortError(`Hetzner has no firewall named "${name}" (--firewall / HETZNER_FIREWALL); ${names}; "create" makes one`, {kind: 'notFound'});
	}

	const letsIn = found.rules.some(rule => rule.direction === 'in' && rule.protocol === 'tcp' && hasPort(rule.port ?? '', sshPort));
	if (!letsIn) {
		throw new PortError(`the firewall "${name}" lets nobody in at port ${sshPort}, so that no server could be set up: give it an inbound rule for TCP ${sshPort}, or use --firewall create`, {kind: 'refused'});
	}

	return found;
}

/**
The same, but ours is made when it is missing, and its rules are restored when somebody has changed them. A firewall that is not ours is
never changed. Two engines that make it at the same time get the same one. Throws as `findFirewall`.
*/
export async function ensureFirewall(send: Send, repository: Repository, wish: FirewallWish): Promise<Firewall> {
	const found = await findFirewall(send, repository, wish);
	if (found !== undefined) {
		await keepRules(send, found, wish);
		return found;
	}

	for (const name of namesFor(repository, wish.sshPort)) {
		try {
			const answer = await send({method: 'POST', path: '/firewalls', body: {name, labels: labelsOf(repository, wish.sshPort), rules: rulesFor(wish.sshPort)}});
			const made = z.object({firewall: row}).safeParse(answer).data?.firewall;
			if (made === undefined) {
				throw broken('a firewall that cannot be read');
			}

			return made;
		} catch (error) {
			if (!(error instanceof HetznerError) || error.code !== 'uniqueness_error') {
				throw error;
			}

			const others = await findFirewall(send, repository, wish); // Another engine was quicker, or the name is somebody else's.
			if (others !== undefined) {
				return others;
			}
		}
	}

	throw new PortError(`Hetzner has firewalls named ${namesFor(repository, wish.sshPort).join(' and ')}, and neither is ours: rename them, or name one by --firewall`, {kind: 'refused'});
}

async function keepRules(send: Send, {id, rules}: Found, {kind, sshPort}: FirewallWish): Promise<void> {
	const wanted = rulesFor(sshPort);
	const words = ({direction, protocol, port, source_ips: sources}: z.infer<typeof ruleShape>) => JSON.stringify([direction, protocol, port ?? '', sources.toSorted()]);
	const isAsMade = rules.map(rule => words(rule)).toSorted().join('\n') === wanted.map(rule => words({...rule, source_ips: [...rule.source_ips]})).toSorted().join('\n');
	if (kind === 'own' && !isAsMade) {
		await send({method: 'POST', path: `/firewalls/${id}/actions/set_rules`, body: {rules: wanted}});
	}
}

async function readFirewalls(send: Send): Promise<ReadonlyArray<z.infer<typeof row>>> {
	const {rows} = await readPages(send, {path: '/firewalls', key: 'firewalls'});
	return rows.flatMap(one => row.safeParse(one).data ?? []);
}

// "22", or a range: "20-30".
function hasPort(range: string, port: number): boolean {
	const [from = NaN, to = from] = range.split('-', 2).map(Number);
	return from <= port && port <= to;
}

/**
Whether a refusal is about the firewall that was named: it may have been made anew.
*/
export function isAboutFirewall({status, message, about}: HetznerError): boolean {
	return (status === 404 || status === 422) && [message, ...about].some(text => /firewall/iv.test(text));
}
