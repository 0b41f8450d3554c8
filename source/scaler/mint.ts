import {missingLabels, ownLabels} from '../model/labels.ts';
import {runnerNameFor, serverOfRunner} from '../model/server-name.ts';
import {hasConnected} from '../model/runner.ts';
import type {Server} from '../model/server.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError, type JitAnswer} from './ports.ts';

/**
How many names are tried at once: each that is taken or whose answer was lost costs one.
*/
const namesAtOnce = 5;

/**
A registration for one runner, its name at GitHub, and its secret.
*/
export type Minted = {readonly name: string; readonly config: string};

/**
A just-in-time configuration for the runner of that server, with the labels of the job that it was made for and those that config.sh would add. No name is asked
for twice, whatever became of the first time: the answer may have been lost, and the list by name may not show what it left (runs-on/runs-on#546).
`refused`: what only another label set, or another GitHub, would mend. Throws PortError.
*/
export async function mint(engine: EngineInternals, server: Server): Promise<Minted | 'noEndpoint' | {readonly refused: string}> {
	const labels = labelsOf(server);
	const given = await giveUpMints(engine, server);
	if (given === 'busy') {
		return {refused: 'it has had a runner, so it is not new and gets no registration'};
	}

	let lost: PortError | undefined;
	for (let turn = 0; turn < namesAtOnce; turn++) {
		const name = nextName(engine, server);
		engine.recordMint(server.name, name);
		const answer: JitAnswer = await engine.ports.github.jitConfig({name, labels});
		switch (answer.outcome) {
			case 'minted': {
				engine.recordMinted(server.name, name, answer.id);
				return {name, config: answer.config};
			}

			case 'noEndpoint': {
				return 'noEndpoint';
			}

			case 'invalid': {
				return {refused: `GitHub takes no runner with the labels ${labels.join(', ')}: ${answer.answer}`};
			}

			case 'taken': {
				// Whose that record is cannot be told: an engine before this one, or one beside it that sets up this very server, may be about to use it. It
				// stays, and goes with its server or after a day.
				break;
			}

			case 'unknown': {
				lost = answer.error;
				await removeLost(engine, name, lost);
				break;
			}
		}
	}

	throw lost ?? new PortError(`GitHub says of ${namesAtOnce} names for ${server.name}'s runner that they are taken`, {kind: 'unreachable'});
}

/**
The names under which GitHub may have a record of that server's runner.
*/
export function recordNames({reads, mints}: Pick<EngineInternals, 'reads' | 'mints'>, {name}: Pick<Server, 'name'>): readonly string[] {
	const listed = reads.runners.items.flatMap(runner => serverOfRunner(runner.name) === name ? [runner.name] : []);
	const names = new Set([...listed, ...(mints.get(name) ?? []).map(one => one.name)]);
	return names.size === 0 ? [name] : [...names];
}

function labelsOf({runnerLabels, architecture}: Server): readonly string[] {
	const own = ownLabels(architecture);
	return [...own, ...missingLabels([...new Set(runnerLabels)], own)];
}

function nextName(engine: EngineInternals, {name}: Server): string {
	const taken = new Set([...engine.reads.runners.items.map(runner => runner.name), ...(engine.mints.get(name) ?? []).map(one => one.name)]);
	let turn = 0;
	while (taken.has(runnerNameFor(name, turn))) {
		turn++;
	}

	return runnerNameFor(name, turn);
}

// The server says again that nothing was started on it: what it was to have before is of no use to anybody, and goes.
async function giveUpMints(engine: EngineInternals, server: Server): Promise<'busy' | undefined> {
	for (const {name, id} of engine.mints.get(server.name) ?? []) {
		if (id !== undefined) {
			const removed = await engine.ports.github.removeRunner(id);
			if (typeof removed !== 'string') {
				return 'busy';
			}

			engine.recordMint(server.name, name); // Its name stays used.
		}
	}

	return undefined;
}

// The answer was lost, and GitHub may have made the record all the same: it goes if it shows, before another name is tried.
async function removeLost(engine: EngineInternals, name: string, lost: PortError): Promise<void> {
	try {
		const found = await engine.ports.github.findRunner(name);
		if (found !== undefined && !hasConnected(found)) {
			await engine.ports.github.removeRunner(found.id);
		}
	} catch {
		throw lost; // GitHub is not to be reached now: asked again later, under the next name.
	}
}
