import * as z from 'zod';
import type {Runner, RunnerId} from '../model/runner.ts';
import type {GitHub, ListRead} from '../scaler/ports.ts';
import {cleanText} from '../model/clean-text.ts';
import type {Client} from './client.ts';
import type {Asked} from './errors.ts';
import {readPages} from './pages.ts';
import {parseRunner} from './rows.ts';

const route = 'GET /repos/{owner}/{repo}/actions/runners';
const message = z.object({message: z.string()});

/**
Runners of the repository: read whole, found by name, removed.
*/
export function runnerReader(client: Client): Pick<GitHub, 'readRunners' | 'findRunner' | 'removeRunner'> {
	return {
		readRunners: async signal => readRunners(client, signal),
		findRunner: async name => findRunner(client, name),
		removeRunner: async id => removeRunner(client, id),
	};
}

// A short list would look like runners that are gone, and servers would be deleted for it: it is whole, or no list.
async function readRunners(client: Client, signal: AbortSignal): Promise<ListRead<Runner>> {
	const asked: Asked = {doing: 'reading runners', permission: 'Administration: read'};
	let said = '';
	for (const conditional of [true, false]) {
		const read = await readPages(client, {route, key: 'runners', parameters: {}}, asked, {signal, conditional});
		const runners = read.rows.values().map(row => parseRunner(row)).filter(runner => runner !== undefined).toArray();
		if (read.total === runners.length) {
			return {items: runners, gaps: [], counted: 1};
		}

		said = `${runners.length} runners were listed and ${read.total ?? 'a changing number'} announced`;
	}

	throw client.broken(asked, said);
}

async function findRunner(client: Client, name: string): Promise<Runner | undefined> {
	const asked: Asked = {doing: `looking up runner ${name}`, permission: 'Administration: read'};
	const read = await readPages(client, {route, key: 'runners', parameters: {name}}, asked, {});
	const rows = [...read.rows.values()];
	const runners = rows.map(row => parseRunner(row));
	if (read.broken > 0 || runners.includes(undefined)) {
		throw client.broken(asked, 'a runner in it is none');
	}

	if (read.short > 0) {
		throw client.broken(asked, `${read.short} of the runners announced are not in it`);
	}

	// A server that does not know the filter answers with all: the name is compared here too.
	return runners.find(runner => runner?.name === name);
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
