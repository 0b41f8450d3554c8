import {Buffer} from 'node:buffer';
import type {ServerName} from '../../model/server-name.ts';
import type {Server} from '../../model/server.ts';
import type {
	Controller, Deletion, EngineState, Operator,
} from '../../scaler/controller.ts';
import {shortNames} from '../components/names.ts';
import type {HandedScripts, ScriptsLoad, ScriptTab} from '../screens/scripts/state.ts';
import type {Message} from '../state/ui-state.ts';
import type {Action, Effect} from './action.ts';

/**
What effects reach outside the console.
*/
export type Outside = {
	readonly controller: Controller;
	readonly operator: Operator;
	readonly write: (text: string) => void;
	readonly shell: ((server: Server) => Promise<void>) | undefined;
	readonly suspend: () => Promise<void>;
	readonly quit: () => void;
	readonly dispatch: (intent: Action) => void;
	/**
	The texts of the built-in scripts, to compare with.
	*/
	readonly builtInScripts: (() => Promise<Readonly<Record<ScriptTab, string>>>) | undefined;
};

/**
Does what a key asked for. Never rejects: what went wrong is said in the footer.
*/
export async function perform(effect: Effect, outside: Outside): Promise<void> {
	const rest = spin(textOf(effect), outside.dispatch);
	try {
		const message = await attempt(effect, outside);
		if (message !== undefined) {
			outside.dispatch({type: 'message', message});
		}
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		outside.dispatch(effect.do === 'loadScripts' ? {type: 'scriptsLoaded', load: {state: 'failed', reason}} : {type: 'message', message: {text: reason, role: 'wrong'}});
	} finally {
		rest();
	}
}

// Work that takes longer than that is shown with a spinner.
const patienceMilliseconds = 300;
const turnMilliseconds = 120;

/**
Turns a spinner from 0.3 s on until what it returns is called; without a text there is none.
*/
function spin(text: string | undefined, dispatch: Outside['dispatch']): () => void {
	if (text === undefined) {
		return () => undefined;
	}

	let timer = setTimeout(function turn() {
		dispatch({type: 'work', text});
		timer = setTimeout(turn, turnMilliseconds).unref();
	}, patienceMilliseconds).unref();
	return () => {
		clearTimeout(timer);
		dispatch({type: 'work', text: undefined});
	};
}

function textOf(effect: Effect): string | undefined {
	switch (effect.do) {
		case 'delete': {
			return `deleting ${effect.names.length} ${effect.names.length === 1 ? 'server' : 'servers'}`;
		}

		case 'loadScripts': {
			return 'reading the scripts';
		}

		case 'readNow': {
			return 'polling GitHub and Hetzner';
		}

		case 'setMode':
		case 'changeMaxRunners':
		case 'drainServer':
		case 'keep': {
			return 'asking the engine';
		}

		case 'copy':
		case 'shell':
		case 'suspend':
		case 'quit': {
			return undefined;
		}
	}
}

async function attempt(effect: Effect, {controller, operator, write, shell, suspend, quit, dispatch, builtInScripts}: Outside): Promise<Message | undefined> {
	switch (effect.do) {
		case 'setMode': {
			await controller.setMode(effect.mode, operator);
			return {
				text: {
					scaling: 'scaling resumed',
					paused: 'paused: no new servers; p resumes',
					frozen: 'frozen: nothing is created, nothing deleted; P resumes',
					draining: 'draining: no new servers; D resumes',
				}[effect.mode], role: 'good',
			};
		}

		case 'readNow': {
			const before = controller.state();
			controller.readNow();
			await newReads(controller, before);
			return {text: 'polled just now', role: 'good'};
		}

		case 'delete': {
			return describeDeletions(await controller.deleteServers(effect.names, operator, effect.typed));
		}

		case 'keep': {
			await controller.keepServer(effect.name, effect.seconds, operator);
			return {text: `kept for ${effect.seconds / 60} minutes: ${effect.name}`, role: 'good'};
		}

		case 'changeMaxRunners': {
			const limit = await changeMaxRunners(controller, effect.by, operator);
			return {text: `maximum number of servers: ${limit}; kept over a restart`, role: 'good'};
		}

		case 'drainServer': {
			await controller.drainServer(effect.name, effect.isDraining, operator);
			return {text: `${shortNames(effect.name)}: ${effect.isDraining ? 'draining, gets no further job and is deleted when idle; e takes it back' : 'no longer draining'}`, role: 'good'};
		}

		case 'loadScripts': {
			dispatch({type: 'scriptsLoaded', load: await (effect.handed === undefined ? loadInForce(controller, builtInScripts) : loadHanded(controller, effect.handed))});
			return undefined;
		}

		case 'copy': {
			write(`\u{1B}]52;c;${Buffer.from(effect.text).toString('base64')}\u{7}`);
			return {text: `copied ${effect.text}`, role: 'good'};
		}

		case 'shell': {
			const server = controller.state().servers.items.find(one => one.name === effect.name);
			if (server === undefined || shell === undefined) {
				return {text: 'this server is gone', role: 'waiting'};
			}

			await shell(server);
			return undefined;
		}

		case 'suspend': {
			await suspend();
			return undefined;
		}

		case 'quit': {
			quit();
			return undefined;
		}
	}
}

// What was asked of each engine while that policy was in force: one
// elsewhere takes a moment to follow, and a second press counts from there.
const limitsAsked = new WeakMap<Controller, {readonly policy: EngineState['policy']; readonly limit: number}>();

async function changeMaxRunners(controller: Controller, by: 1 | -1, operator: Operator): Promise<number> {
	const {policy, servers, creations} = controller.state();
	const before = limitsAsked.get(controller);
	const limit = Math.max(0, (before?.policy === policy ? before.limit : policy.maxRunners ?? (servers.items.length + creations.length)) + by);
	limitsAsked.set(controller, {policy, limit});
	try {
		await controller.setMaxRunners(limit, operator);
		return limit;
	} catch (error) {
		limitsAsked.set(controller, {policy, limit: limit - by});
		throw error;
	}
}

async function loadInForce(controller: Controller, builtInScripts: Outside['builtInScripts']): Promise<ScriptsLoad> {
	const [scripts, variables, base] = await Promise.all([controller.scripts(), controller.scriptVariables(), builtInScripts?.()]);
	return {
		state: 'loaded', scripts, variables, base,
	};
}

// What a server was handed in the place of the scripts in force, which it is compared with.
async function loadHanded(controller: Controller, {setup, startup, startupTab}: HandedScripts): Promise<ScriptsLoad> {
	const [scripts, setupText, startupText] = await Promise.all([controller.scripts(), controller.scriptText(setup), controller.scriptText(startup)]);
	const missing = [setupText === undefined ? setup : [], startupText === undefined ? startup : []].flat();
	if (setupText === undefined || startupText === undefined) {
		return {state: 'failed', reason: `no longer kept: ${missing.join(', ')}`};
	}

	return {
		state: 'loaded',
		scripts: {
			...scripts, setup: {...scripts.setup, text: setupText}, [startupTab === 'startup-x64' ? 'startupX64' : 'startupArm64']: {kind: startupTab, source: scripts.setup.source, text: startupText},
		},
		variables: {},
		base: {setup: scripts.setup.text, 'startup-x64': scripts.startupX64.text, 'startup-arm64': scripts.startupArm64.text},
	};
}

const longestReadMilliseconds = 60_000;

// Resolves when the engine has read once more, well or not.
async function newReads(controller: Controller, before: EngineState): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const giveUp = setTimeout(() => {
			end();
			reject(new Error('the engine has not polled again within a minute: see the log'));
		}, longestReadMilliseconds).unref();
		const end = controller.subscribe(() => {
			const {jobs, servers, nextReadAt} = controller.state();
			if ((jobs === before.jobs || servers === before.servers) && nextReadAt === before.nextReadAt) {
				return;
			}

			clearTimeout(giveUp);
			end();
			resolve();
		});
	});
}

// Every name that was kept with its own reason, those with the same reason together.
function describeDeletions(results: ReadonlyMap<ServerName, Deletion>): Message {
	const reasons = new Map<string, readonly string[]>();
	for (const [name, deletion] of results) {
		if (deletion.state === 'kept') {
			reasons.set(deletion.reason, [...reasons.get(deletion.reason) ?? [], shortNames(name)]);
		}
	}

	const kept = [...reasons].map(([reason, names]) => `${names.join(', ')}: ${shortNames(reason)}`);
	const count = reasons.values().reduce((sum, names) => sum + names.length, 0);
	return count === 0 ? {text: `deleted ${results.size}`, role: 'good'} : {text: `deleted ${results.size - count}, kept ${kept.join('; ')}`, role: 'waiting'};
}
