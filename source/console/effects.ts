import {Buffer} from 'node:buffer';
import type {ServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {Controller, Deletion, Operator} from '../scaler/controller.ts';
import type {Effect, Intent} from './intent.ts';
import type {Message} from './view.ts';

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
};

/**
Does what a key asked for. Never rejects: what went wrong is said in the footer.
*/
export async function perform(effect: Effect, outside: Outside): Promise<void> {
	try {
		const message = await attempt(effect, outside);
		if (message !== undefined) {
			outside.dispatch({type: 'say', message});
		}
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		outside.dispatch(effect.do === 'loadScripts' ? {type: 'scriptsFailed', reason} : {type: 'say', message: {text: reason, role: 'wrong'}});
	}
}

async function attempt(effect: Effect, {controller, operator, write, shell, background, quit, dispatch}: Outside): Promise<Message | undefined> {
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
			controller.readNow();
			return {text: 'reads now', role: 'calm'};
		}

		case 'delete': {
			dispatch({type: 'say', message: {text: `deleting ${effect.names.length} …`, role: 'calm'}});
			return sayDeletions(await controller.deleteServers(effect.names, operator, effect.typed));
		}

		case 'keep': {
			await controller.keepServer(effect.name, effect.seconds, operator);
			return {text: `kept for ${effect.seconds / 60} minutes: ${effect.name}`, role: 'good'};
		}

		case 'loadScripts': {
			const [scripts, variables] = await Promise.all([controller.scripts(), controller.scriptVariables()]);
			dispatch({type: 'scriptsLoaded', scripts, variables});
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

function sayDeletions(results: ReadonlyMap<ServerName, Deletion>): Message {
	const kept = results.entries().flatMap(([name, deletion]) => deletion.state === 'kept' ? [`${name}: ${deletion.reason}`] : []).toArray();
	const deleted = results.size - kept.length;
	return kept.length === 0 ? {text: `deleted ${deleted}`, role: 'good'} : {text: `deleted ${deleted}, kept ${kept.join('; ')}`, role: 'waiting'};
}
