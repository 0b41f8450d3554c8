import PQueue from 'p-queue';
import * as z from 'zod';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {Gap} from '../model/snapshot.ts';
import type {GitHub, ListRead} from '../scaler/ports.ts';
import {cleanText} from '../model/clean-text.ts';
import type {Client, Tally} from './client.ts';
import type {Asked} from './errors.ts';
import {listMemory, readList, readPass} from './pages.ts';
import {parseRunner} from './rows.ts';

const route = 'GET /repos/{owner}/{repo}/actions/runners';
const list = {route, key: 'runners', parse: parseRunner} as const;
const message = z.object({message: z.string()});

/**
How many runners that have gone from a list are asked for by name in one read.
*/
const mostByName = 20;
const onePage = 100;

/**
Runners of the repository: read whole, found by name, removed.
*/
export function runnerReader(client: Client): Pick<GitHub, 'readRunners' | 'findRunner' | 'removeRunner'> {
	const memory = listMemory<Runner>();
	let last: ReadonlyMap<number, Runner> = new Map();

	// Where runners come and go while pages are read, no pass sees all of a long list. What two passes saw is there; what neither saw and the last
	// read had is asked for by name.
	async function readRunners(signal: AbortSignal): Promise<ListRead<Runner>> {
		const asked: Asked = {doing: 'reading runners', permission: 'Administration: read'};
		const tally: Tally = {counted: 0};
		const read = await readList(client, {...list, parameters: {}}, memory, asked, {signal, tally});
		const items = new Map(read.items);
		const isExact = read.short === 0 && read.total === items.size && items.size <= onePage; // A pass over many pages may have the right number and lack one.
		const unseen = isExact ? [] : [...last.values()].filter(({id}) => !items.has(id));
		const gaps: Gap[] = [];
		const queue = new PQueue({concurrency: 10});
		await queue.addAll(unseen.map(({name}, index) => async () => {
			try {
				const found = index < mostByName ? await findRunner(client, name, idOf(name), {signal, tally, isListed: true}) : 'unasked';
				if (found === 'unasked') {
					gaps.push({what: `runner ${name}`, runnerName: name});
				} else if (found !== undefined) {
					items.set(found.id, found);
				}
			} catch {
				signal.throwIfAborted();
				gaps.push({what: `runner ${name}`, runnerName: name});
			}
		}));
		last = new Map([...[...last].filter(([, {name}]) => gaps.some(gap => gap.runnerName === name)), ...items]);
		return {items: [...items.values()], gaps, counted: tally.counted};
	}

	function idOf(name: string): RunnerId | undefined {
		return last.values().find(runner => runner.name === name)?.id;
	}

	return {
		readRunners,
		findRunner: async name => findRunner(client, name, idOf(name)),
		removeRunner: async id => removeRunner(client, id),
	};
}

// `id`: of the runner that had that name last. `isListed`: the whole list has just been read too, and lacks it.
async function findRunner(client: Client, name: string, id: RunnerId | undefined, options: {readonly signal?: AbortSignal; readonly tally?: Tally; readonly isListed?: boolean} = {}): Promise<Runner | undefined> {
	const asked: Asked = {doing: `looking up runner ${name}`, permission: 'Administration: read'};
	const read = await readPass(client, {...list, parameters: {name}}, listMemory<Runner>(), asked, {...options, urgency: 'act', retries: 2});
	// A server that does not know the filter answers with all: the name is compared here too.
	const found = read.items.values().find(runner => runner.name === name);
	if (found !== undefined) {
		return found;
	}

	if (read.broken > 0) {
		throw client.broken(asked, 'a runner in it is none');
	}

	if ((read.total ?? 0) <= read.items.size && (id === undefined || options.isListed === true)) {
		return undefined;
	}

	// A list by name may lack the runner that has it, and a total may never fit its rows (actions-runner-controller#362): the record itself says whether it is
	// there, or, of a name that no list had, a second pass.
	if (id !== undefined) {
		return readRunner(client, id, asked, options);
	}

	const again = await readPass(client, {...list, parameters: {name}}, listMemory<Runner>(), asked, {...options, urgency: 'act', retries: 2});
	return again.items.values().find(runner => runner.name === name);
}

async function readRunner(client: Client, id: RunnerId, asked: Asked, options: {readonly signal?: AbortSignal; readonly tally?: Tally}): Promise<Runner | undefined> {
	const answer = await client.ask('GET /repos/{owner}/{repo}/actions/runners/{runner_id}', {runner_id: id}, asked, {...options, expect: [404], urgency: 'act'});
	if (answer.status === 404) {
		return undefined;
	}

	const runner = parseRunner(answer.data);
	if (runner === undefined) {
		throw client.broken(asked, 'a runner in it is none');
	}

	return runner;
}

async function removeRunner(client: Client, id: RunnerId): Promise<'removed' | 'gone' | {readonly busy: string}> {
	const asked: Asked = {doing: `removing runner ${id}`, permission: 'Administration: read and write'};
	const answer = await client.ask('DELETE /repos/{owner}/{repo}/actions/runners/{runner_id}', {runner_id: id}, asked, {expect: [404, 422]});
	if (answer.status === 422) {
		const said = message.safeParse(answer.data).data?.message;
		return {busy: said === undefined || said === '' ? 'GitHub says it has a job' : cleanText(said)};
	}

	return answer.status === 404 ? 'gone' : 'removed';
}
