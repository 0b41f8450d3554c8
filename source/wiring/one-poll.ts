import {once} from 'node:events';
import {systemClock} from '../clock/system-clock.ts';
import type {Server} from '../model/server.ts';
import {engineController} from '../scaler/engine-controller.ts';
import {PortError, type GitHub, type Shell} from '../scaler/ports.ts';
import {scriptsOf} from '../settings/policy.ts';
import type {Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {accountOf} from '../settings/account.ts';
import {stateFolder} from '../settings/state-folder.ts';
import {printNotice} from '../terminal/print.ts';
import {reachEngine, type Reached} from './reach.ts';
import {connectWorld} from './adapters.ts';
import {buildEngine} from './engine.ts';
import {shellCommand} from './shell-command.ts';
import {operatorHere} from './console.ts';

/** Sets nothing up: whoever only looks, or deletes what was named, has no business on other servers. */
const noShell: Shell = {
	async * setUp(_request, signal) { // eslint-disable-line require-yield
		await once(signal, 'abort');
		signal.throwIfAborted();
	},
	async prepareHostKey() {
		throw new Error('this command makes no servers');
	},
	async forget() {/* What is left is a file named by an id that never comes again. */},
};

/**
The engine that runs here, else one of this process that has looked once
and does nothing by itself: no server is made, none deleted but on demand.
Which of both it was goes to standard error. Throws UsageError when
settings are missing, LinkError or PortError when nothing can be reached.
*/
export async function reachOrPoll(settings: Settings, version: string, may: 'read' | 'delete'): Promise<Reached> {
	return await reachEngine(settings, version) ?? pollOnce(settings, version, may);
}

async function pollOnce(settings: Settings, version: string, may: 'read' | 'delete'): Promise<Reached> {
	const account = accountOf(settings);
	const clock = systemClock();
	const folder = stateFolder(account.repository);
	const world = await connectWorld(settings, account, clock, {speed: 1, version, stateFolder: folder});
	const nothing = () => {/* What a poll meets is in its state. */};
	const registersNone = async () => {
		throw new PortError('this command registers no runner', {kind: 'unreachable'});
	};

	const github: GitHub = {
		...world.github, registrationToken: registersNone, mayMint: registersNone, jitConfig: registersNone,
	};
	const engine = buildEngine({
		world: {...world, github, shell: noShell}, settings, repository: account.repository, scripts: await scriptsOf(settings), clock, journal: {record: nothing, output: nothing}, version,
		policy: {isDryRun: may === 'read' || settings.dryRun},
	});
	const controller = engineController(engine);
	if (may === 'delete' && !settings.readOnly) {
		await controller.setMode('frozen', operatorHere());
	}

	printNotice('no engine runs here: looked up at GitHub and Hetzner');
	const running = engine.run();
	await new Promise<void>((resolve, reject) => {
		running.catch(reject);
		engine.subscribe(() => {
			if (engine.state().nextReadAt !== undefined) {
				resolve();
			}
		});
	});
	return {controller, onShell: shellCommand(settings, folder), close: controller.close};
}

/**
The one server with that name, or whose name ends so ("4821-9931", as consoles show it). Throws UsageError when there is none, or several.
*/
export function serverNamed(servers: readonly Server[], wanted: string): Server {
	const name = wanted.replace(/^…/v, '');
	const exact = servers.find(server => server.name === name);
	const fitting = exact === undefined ? servers.filter(server => server.name.endsWith(`-${name}`)) : [exact];
	const [only] = fitting;
	if (only === undefined || fitting.length > 1) {
		const known = servers.map(server => server.name);
		throw new UsageError(only === undefined
			? `There is no server ${JSON.stringify(wanted)} of ours.${known.length === 0 ? ' There are none at all.' : ` There are: ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`}`
			: `${JSON.stringify(wanted)} fits several servers: ${fitting.map(server => server.name).join(', ')}.`);
	}

	return only;
}
