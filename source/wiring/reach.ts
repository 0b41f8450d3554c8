import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {RemoteError} from '../remote/ask.ts';
import {connectRemote, type RemoteOptions} from '../remote/client.ts';
import {openSshTunnel, type SshTunnel} from '../remote/ssh-tunnel.ts';
import {engineAt, findEngines, type FoundEngine} from '../remote/sockets.ts';
import {namedRepository} from '../model/job.ts';
import {isServerName} from '../model/server-name.ts';
import type {Server} from '../model/server.ts';
import type {Controller} from '../scaler/controller.ts';
import {settingsOf, type Setting, type Settings} from '../settings/read.ts';
import {stateFolder} from '../settings/state-folder.ts';
import {UsageError} from '../settings/usage-error.ts';
import {warn} from '../terminal/print.ts';
import {consoleAppearanceOf} from './console-options.ts';
import {loadConsole} from './console.ts';
import {watch} from './lifecycle.ts';
import {whyNotMatching} from './matching-engine.ts';
import {shellCommand} from './shell-command.ts';

// So long the engine has for its answer before the console is loaded, which nothing else can interrupt.
const askMilliseconds = 6;

/** An engine that runs already, reached. */
export type Reached = {
	readonly controller: Controller;
	readonly onShell: (server: Server) => readonly string[] | undefined;
	/** Lets go of it; the engine goes on. */
	readonly close: () => Promise<void>;
};

/** As `reachEngine`, for a console, which is loaded in the time in which the engine answers. */
export async function reachForConsole(settings: Settings, version: string): Promise<Reached | undefined> {
	const reaching = reachEngine(settings, version, true);
	await Promise.race([reaching, pause(askMilliseconds)]).catch(() => undefined); // It is awaited below.
	const [reached] = await Promise.all([reaching, loadConsole()]);
	return reached;
}

/** The console on that engine, until the person leaves. Answers the exit code. */
export async function watchReached(reached: Reached, resolved: readonly Setting[]): Promise<number> {
	try {
		return await watch({
			controller: reached.controller, hasConsole: true, isReadOnly: settingsOf(resolved).readOnly, appearance: consoleAppearanceOf(resolved), onShell: reached.onShell,
		});
	} finally {
		await reached.close();
	}
}

/**
The living engine that the settings mean, by repository and by the APIs that were given:
on --host, at --socket, else the one for the repository, else the only one there is.
`isHurried`: the first rows of a long state are enough to begin with. Undefined when there
is none here. Throws UsageError when several fit, LinkError when it cannot be reached.
*/
export async function reachEngine(settings: Settings, version: string, isHurried = false): Promise<Reached | undefined> {
	if (settings.host !== undefined) {
		return reachOver(settings.host, settings, version, isHurried);
	}

	const found = await findEngine(settings, version);
	if (found === undefined) {
		return undefined;
	}

	const controller = await connect(found.socketPath, settings, version, {handshake: found.handshake, isHurried});
	return {
		controller, onShell: shellCommand(settings, stateFolder(namedRepository(found.handshake.repository))), close: controller.close,
	};
}

/** Says what was looked for, and what runs here instead. */
export async function noEngine(settings: Settings, version: string): Promise<RemoteError> {
	const which = settings.socket === undefined ? ` for ${settings.githubRepository ?? 'any repository'}` : ` at ${settings.socket}`;
	const others = settings.socket === undefined && settings.host === undefined ? await findEngines({environment: process.env, version}).catch(() => []) : [];
	const instead = others.length === 0 ? '' : ` What runs here is for ${others.map(({handshake}) => handshake.repository).join(', ')}.`;
	return new RemoteError(`No engine${which} runs here that you may reach.${instead} "hetzner-runners-tui" starts one, "hetzner-runners-tui service start" the service.`);
}

async function findEngine(settings: Settings, version: string): Promise<FoundEngine | undefined> {
	if (settings.socket !== undefined) {
		return engineAt(settings.socket, version);
	}

	const repository = settings.githubRepository === undefined ? undefined : namedRepository(settings.githubRepository);
	const all = await findEngines({environment: process.env, version, repository});
	const found = all.filter(engine => {
		const why = whyNotMatching(engine, settings);
		warn(why === undefined ? undefined : `${why}: not attached to it`);
		return why === undefined;
	});
	if (repository === undefined && found.length > 1) {
		throw new UsageError(`Engines for ${found.map(({handshake}) => handshake.repository).join(', ')} are running here: choose one with --github-repository.`);
	}

	return found[0];
}

async function reachOver(host: string, settings: Settings, version: string, isHurried: boolean): Promise<Reached> {
	const forward = await openSshTunnel(host);
	try {
		const controller = await connect(await forward.bring(remoteSocket(forward, host, settings)), settings, version, {whereToo: ` on ${host}`, isHurried});
		return {
			controller,
			onShell: server => isServerName(server.name) ? forward.command(['hetzner-runners-tui', 'ssh', server.name]) : undefined, // The other engine may say anything.
			async close() {
				await controller.close();
				await forward.close();
			},
		};
	} catch (error) {
		await forward.close();
		throw error;
	}
}

function remoteSocket({sockets}: SshTunnel, host: string, settings: Settings): string {
	if (settings.socket !== undefined) {
		return settings.socket;
	}

	const wanted = settings.githubRepository?.toLowerCase().replace('/', '+');
	const fitting = wanted === undefined ? sockets : sockets.filter(socket => socket.endsWith(`/${wanted}.sock`));
	const [only] = fitting;
	if (only === undefined) {
		throw new UsageError(`No engine${wanted === undefined ? '' : ` for ${settings.githubRepository ?? ''}`} runs on ${host} that you may reach there${sockets.length === 0 ? '' : `, but ${sockets.join(', ')}`}.`);
	}

	if (fitting.length > 1) {
		throw new UsageError(`Several engines are running on ${host}: choose one with --github-repository (${sockets.join(', ')}).`);
	}

	return only;
}

async function connect(socketPath: string, settings: Settings, version: string, known: Pick<RemoteOptions, 'handshake' | 'whereToo' | 'isHurried'>): Promise<Controller> {
	return connectRemote({
		socketPath, version, isReadOnly: settings.readOnly, clockNow: () => Date.now(), ...known,
	});
}
