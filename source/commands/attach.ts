import process from 'node:process';
import type {Call} from '../cli.ts';
import {connectLink} from '../link/client.ts';
import {engineAt, findEngines, type FoundEngine} from '../link/sockets.ts';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf, type Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {watch} from './operate.ts';
import {namedRepository, shellCommand} from './ports.ts';
import {hasTerminal} from './show-console.ts';
import {stateFolder} from './state-folder.ts';

/** A console on an engine that runs already. Answers the exit code; throws UsageError when there is none, or no terminal. */
export async function attach({words, given, version}: Call): Promise<number> {
	if (words.length > 0) {
		throw new UsageError(`"attach" takes options only, but "${words.join(' ')}" follows it.`);
	}

	const settings = settingsOf(resolveSettings({given, environment: process.env, file: openSettingsFile()}));
	if (!hasTerminal()) {
		throw new UsageError('attach shows the console, which needs a terminal; "list" and "logs" work without one.');
	}

	return attachTo(await requireEngine(settings, version), settings, version);
}

/** The console on that engine, until the person leaves. Answers the exit code. */
export async function attachTo({socketPath, hello}: FoundEngine, settings: Settings, version: string): Promise<number> {
	const controller = await connectLink({
		socketPath, version, isReadOnly: settings.readOnly, clockNow: () => Date.now(),
	});
	return watch({
		controller,
		hasConsole: true,
		isReadOnly: settings.readOnly,
		onShell: shellCommand(settings, stateFolder(namedRepository(hello.repository))),
	});
}

/**
The living engine that the settings mean: at --socket, else the one for the repository, else the only one there is. Undefined when there is none.
Throws UsageError when several fit.
*/
export async function findEngine(settings: Settings, version: string): Promise<FoundEngine | undefined> {
	if (settings.socket !== undefined) {
		return engineAt(settings.socket, version);
	}

	const repository = settings.githubRepository === undefined ? undefined : namedRepository(settings.githubRepository);
	const found = await findEngines({environment: process.env, version, repository});
	if (repository === undefined && found.length > 1) {
		throw new UsageError(`Engines for ${found.map(({hello}) => hello.repository).join(', ')} run here: say which by --github-repository.`);
	}

	return found[0];
}

/** The same, or a UsageError that says what was looked for. */
export async function requireEngine(settings: Settings, version: string): Promise<FoundEngine> {
	const found = await findEngine(settings, version);
	if (found === undefined) {
		const which = settings.socket === undefined ? ` for ${settings.githubRepository ?? 'any repository'}` : ` at ${settings.socket}`;
		throw new UsageError(`No engine${which} runs here that you may reach. "hetzner-runners-tui" starts one, "hetzner-runners-tui service start" the service.`);
	}

	return found;
}
