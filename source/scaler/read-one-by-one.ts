import type {Runner} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import type {Gap, Read} from '../model/snapshot.ts';
import {ageSeconds} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {recordNames} from './mint.ts';
import {PortError, type ListRead} from './ports.ts';

/**
How long a list has to fail before its rows are read one by one, seconds; and so many of them a poll.
*/
const listPatienceSeconds = 60;
const singlyAtOnce = 10;

/**
What is known of a list's rows, and how each is asked for.
*/
export type SinglyRead<Item> = {readonly what: string; readonly keys: ReadonlyArray<{readonly gap: Gap; readonly ask: () => Promise<Item | undefined>}>};

/**
A list that fails again and again while its rows can be read one by one (a page that GitHub cannot make, say) is read so after a while: a bounded number
of rows a poll, the rest are gaps by name, and what nobody here knows of is a gap without one. Throws what the list threw when not one row could be read.
*/
export async function readOneByOne<Item>(engine: EngineInternals, before: Read<Item>, list: () => Promise<ListRead<Item>>, {what, keys}: SinglyRead<Item>): Promise<ListRead<Item>> {
	try {
		return await list();
	} catch (error) {
		const isLasting = before.state !== 'whole' && before.at !== undefined && ageSeconds(before.fault.since, engine.ports.clock.now()) >= listPatienceSeconds;
		if (!isLasting || keys.length === 0 || (error instanceof PortError && error.kind !== 'unreachable')) {
			throw error;
		}

		const from = engine.takeSingleReads(singlyAtOnce);
		const asked = new Set(keys.keys().map(index => (index + from) % keys.length).take(singlyAtOnce));
		const answers = await Promise.all(keys.map(async ({gap, ask}, index) => {
			try {
				return asked.has(index) ? {item: await ask()} : {gap};
			} catch {
				return {gap};
			}
		}));
		if (answers.every(answer => 'gap' in answer)) {
			throw error;
		}

		return {
			items: answers.flatMap(answer => 'item' in answer && answer.item !== undefined ? [answer.item] : []),
			gaps: [{what: `the list of ${what}`, hidesOthers: true}, ...answers.flatMap(answer => 'gap' in answer ? [answer.gap] : [])],
			counted: asked.size,
		};
	}
}

/**
The runners of the servers that are known.
*/
export function runnersOfServers(engine: EngineInternals): SinglyRead<Runner> {
	const names = engine.reads.servers.items.flatMap(server => recordNames(engine, server));
	return {what: 'runners', keys: names.map(name => ({gap: {what: `runner ${name}`, runnerName: name}, ask: async () => engine.ports.github.findRunner(name)}))};
}

/**
The servers that are known.
*/
export function knownServers({reads, ports}: EngineInternals): SinglyRead<Server> {
	return {what: 'servers', keys: reads.servers.items.map(({id, name}) => ({gap: {what: `server ${name}`, serverId: id}, ask: async () => ports.cloud.readServer(id)}))};
}
