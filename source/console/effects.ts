import {Buffer} from 'node:buffer';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {
	Controller, Deletion, EngineState, Operator,
} from '../scaler/controller.ts';
import type {Effect, Intent} from './intent.ts';
import type {Message, ScriptTab} from './view.ts';

/**
What effects reach outside the console.
*/
export type Outside = {
	readonly controller: Controller;
	readonly operator: Operator;
	readonly write: (text: string) => void;
	readonly shell: ((server: Server) => Promise<void>) | undefined;
	readonly background: () => Promise<void>;
	readonly quit: () => void;
	readonly dispatch: (intent: Intent) => void;
	/**
	The texts of the built-in scripts, to compare with.
	*/
	readonly builtInScripts: (() => Promise<Readonly<Record<ScriptTab, string>>>) | undefined;
};

/**
Does what a key asked for. Never rejects: what went wrong is said in the footer.
*/
export async function perform(effect: Effect, outside: Outside): Promise<void> {
	const rest = spin(wordsOf(effect), outside.dispatch);
	try {
		const message = await attempt(effect, outside);
		if (message !== undefined) {
			outside.dispatch({type: 'say', message});
		}
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		outside.dispatch(effect.do === 'loadScripts' ? {type: 'scriptsFailed', reason} : {type: 'say', message: {text: reason, role: 'wrong'}});
	} finally {
		rest();
	}
}

// Work that takes longer than that is shown with a spinner.
const patienceMilliseconds = 300;
const turnMilliseconds = 120;

/**
Turns a spinner from 0.3 s on until what it returns is called; without words there is none.
*/
export function spin(words: string | undefined, dispatch: Outside['dispatch']): () => void {
	if (words === undefined) {
		return () => undefined;
	}

	let timer = setTimeout(function turn() {
		dispatch({type: 'work', words});
		timer = setTimeout(turn, turnMilliseconds).unref();
	}, patienceMilliseconds).unref();
	return () => {
		clearTimeout(timer);
		dispatch({type: 'work', words: undefined});
	};
}

function wordsOf(effect: Effect): string | undefined {
	switch (effect.do) {
		case 'delete': {
			return `deleting ${effect.names.length} ${effect.names.length === 1 ? 'server' : 'servers'}`;
		}

		case 'loadScripts': {
			return 'reading the scripts';
		}

		case 'readNow': {
			return 'reading GitHub and Hetzner';
		}

		case 'setMode':
		case 'keep': {
			return 'telling the engine';
		}

		case 'copy':
		case 'shell':
		case 'background':
		case 'quit': {
			return undefined;
		}
	}
}

async function attempt(effect: Effect, {controller, operator, write, shell, background, quit, dispatch, builtInScripts}: Outside): Promise<Message | undefined> {
	switch (effect.do) {
		case 'setMode': {
			await controller.setMode(effect.mode, operator);
			return {
				text: {
					scaling: 'scaling goes on',
					paused: 'paused: no new servers, p goes on',
					frozen: 'frozen: nothing is made, nothing deleted, P goes on',
					draining: 'draining: no new servers, D goes on',
				}[effect.mode], role: 'good',
			};
		}

		case 'readNow': {
			const before = controller.state();
			controller.readNow();
			await newReads(controller, before);
			return {text: 'read just now', role: 'good'};
		}

		case 'delete': {
			return sayDeletions(await controller.deleteServers(effect.names, operator, effect.typed));
		}

		case 'keep': {
			await controller.keepServer(effect.name, effect.seconds, operator);
			return {text: `kept for ${effect.seconds / 60} minutes: ${effect.name}`, role: 'good'};
		}

		case 'loadScripts': {
			const [scripts, variables, builtIn] = await Promise.all([controller.scripts(), controller.scriptVariables(), builtInScripts?.()]);
			dispatch({
				type: 'scriptsLoaded', scripts, variables, builtIn,
			});
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

		case 'background': {
			await background();
			return undefined;
		}

		case 'quit': {
			quit();
			return undefined;
		}
	}
}

const longestReadMilliseconds = 60_000;

// Resolves when the engine has read once more, well or not.
async function newReads(controller: Controller, before: EngineState): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const giveUp = setTimeout(() => {
			end();
			reject(new Error('the engine has not read again within a minute: see the log'));
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

function sayDeletions(results: ReadonlyMap<ServerName, Deletion>): Message {
	const kept = results.entries().flatMap(([name, deletion]) => deletion.state === 'kept' ? [`${name}: ${deletion.reason}`] : []).toArray();
	const deleted = results.size - kept.length;
	return kept.length === 0 ? {text: `deleted ${deleted}`, role: 'good'} : {text: `deleted ${deleted}, kept ${kept.join('; ')}`, role: 'waiting'};
}
