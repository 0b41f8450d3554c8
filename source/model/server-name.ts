import type {Job} from './job.ts';

/**
A Hetzner server's name, unique in the project. Its runner is called the same, or as `runnerNameFor` says.
*/
export type ServerName = string & {readonly of: 'server name'};

const prefix = 'gh-actions-runner-';
const pattern = /^gh-actions-runner-\d+-\d+(?:-\d+)?$/v;
const turnPattern = /-r\d+$/v;
const namesInWords = /(?:gh-actions-runner-|…)(?<run>\d+)-(?=\d)/gv;

/**
The name of the server made for a job: `gh-actions-runner-{run_id}-{job_id}`, and `…-2`, `…-3` when names in `taken` stand in the way.
Every engine that sees the same servers counts the same, so the uniqueness of names at Hetzner is the lock between them.
*/
export function serverNameFor(job: Pick<Job, 'id' | 'runId'>, taken: ReadonlySet<string>): ServerName {
	const first = `${prefix}${job.runId}-${job.id}`;
	let name = first;
	for (let turn = 2; taken.has(name); turn++) {
		name = `${first}-${turn}`;
	}

	return name as ServerName;
}

/**
Whether a name has the form of our servers' names. Says nothing of whose it is: that, only labels say.
*/
export function isServerName(name: string): name is ServerName {
	return pattern.test(name);
}

/**
The name for a server's runner: its own, then `…-r1`, `…-r2` for each further registration. A registration whose answer was lost may have taken its name, and
the list by name may not show that, so that none is asked for twice. With a letter, as `…-2` is another server for the same job.
*/
export function runnerNameFor(server: ServerName, turn: number): string {
	return turn === 0 ? server : `${server}-r${turn}`;
}

/**
The name of the server whose runner has that name: the one rule that pairs runners and servers. Names of another form come back whole.
*/
export function serverOfRunner(name: string): string {
	const server = name.replace(turnPattern, '');
	return isServerName(server) ? server : name;
}

/**
The end of a name that tells it from its neighbours: "…4821-9931". Names of another form come back whole.
*/
export function shortServerName(name: string): string {
	return isServerName(serverOfRunner(name)) ? `…${name.slice(prefix.length)}` : name;
}

/**
The same for where there is little room, also of names in words: a job's number, "…9931", which no other server has.
*/
export function shortestServerName(words: string): string {
	return shortenNames(words, () => false);
}

/**
Words in which servers' names are as short as the room asks for: whole, else "…4821-9931", else the job's number alone, "…9931".
*/
export function shortenNames(words: string, doesFit: (words: string) => boolean): string {
	if (doesFit(words)) {
		return words;
	}

	const shorter = words.replaceAll(namesInWords, '…$<run>-');
	return doesFit(shorter) ? shorter : words.replaceAll(namesInWords, '…');
}
