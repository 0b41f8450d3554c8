import {once} from 'node:events';
import process from 'node:process';
import {systemClock} from '../clock/system-clock.ts';
import {makeFolder, ownFolders, socketPathIn} from '../remote/sockets.ts';
import type {Repository} from '../model/job.ts';
import type {Engine} from '../scaler/engine.ts';
import {firstOfMonth} from '../scaler/accounting.ts';
import {activityLimit} from '../scaler/engine-state.ts';
import {PortError, type Clock} from '../scaler/ports.ts';
import {systemdNotify, watchEngine, watchdogSecondsOf} from '../service/watchdog.ts';
import {scriptsOf} from '../settings/policy.ts';
import type {Setting, Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {accountOf, ignoredToken} from '../settings/account.ts';
import {createJournal, readJournal, readPaid} from '../logging/journal.ts';
import {openLogs} from '../logging/destinations.ts';
import {unknownToHetzner} from '../doctor/readiness.ts';
import {printNotice, warn} from '../terminal/print.ts';
import {requireStateFolder, stateFolder} from '../settings/state-folder.ts';
import {consoleAppearanceOf} from './console-options.ts';
import {machineOf} from './machine.ts';
import {measure} from './metrics.ts';
import {openWebhook} from './webhook.ts';
import {operate} from './lifecycle.ts';
import {
	connectWorld, requireSsh, type World,
} from './adapters.ts';
import {buildEngine} from './engine.ts';
import {scriptRecords} from './script-records.ts';
import {readSavedState, stateStore} from './saved-state.ts';
import {secretsOf} from './secrets.ts';
import {shellCommand} from './shell-command.ts';

export type Start = {
	readonly settings: Settings;
	readonly resolved: readonly Setting[];
	/** What there is to say of the settings file. */
	readonly warning: string | undefined;
	readonly hasConsole: boolean;
	readonly version: string;
};

/** An engine of this process's own, until it is told to stop. Answers the exit code; throws UsageError and PortError. */
export async function startEngine({settings, resolved, warning, hasConsole, version}: Start): Promise<number> {
	const account = accountOf(settings);
	requireSsh();
	warn(warning);
	warn(ignoredToken(settings));
	for (const {option, source} of resolved) {
		if (option.isSecret === true && source.kind === 'flag') {
			warn(`${source.name} on the command line can be read by every user of this machine; ${option.variables?.[0] ?? 'the settings file'} cannot.`);
		}
	}

	const scripts = await scriptsOf(settings);
	const clock = systemClock();
	const folder = stateFolder(account.repository);
	if (!settings.dryRun) {
		requireStateFolder(folder);
	}

	const secrets = secretsOf(account);
	const logs = openLogs(settings, hasConsole, secrets.all);
	const earlier = {activity: readJournal(folder, activityLimit), paid: readPaid(folder, firstOfMonth(clock.now())), saved: readSavedState(folder, warn)};
	const measured = measure(settings, createJournal({
		logs, stateFolder: folder, secrets: secrets.all, now: clock.now, onTrouble: warn,
	}), clock, printNotice);
	const world = await connectWorld(settings, account, clock, {
		speed: 1, version, stateFolder: folder, onSecret: secrets.add,
	});
	await checkAccess(world, settings, account.repository);
	const machine = machineOf({
		settings, repository: account.repository, clock, github: world.github, hetzner: world.hetzner, probe: world.probe,
	}, folder);
	const engine = buildEngine({
		world, settings, repository: account.repository, scripts, clock, journal: measured.journal, version, here: {machine, store: stateStore(folder, warn)}, earlier, ...(!settings.dryRun && {scriptsKept: scriptRecords(folder, warn)}),
	});
	if (earlier.saved !== undefined && earlier.saved.mode !== 'scaling') {
		warn(`the engine is ${earlier.saved.mode}, as it was left: "resume" goes on`);
	}

	const closeMetrics = await measured.open(engine);
	let closeWebhook: (() => Promise<void>) | undefined;
	const unwatch = notifySystemd(engine, clock);
	try {
		closeWebhook = await openWebhook(settings, {
			repository: account.repository, hint: engine.hint, print: printNotice, notice(text) {
				engine.internals.record({code: 'notice', text});
			},
		});
		return await operate({
			engine,
			version,
			socketPath: socketToServe(settings, account.repository),
			apis: {github: settings.githubApiUrl, hetzner: settings.hetznerApiUrl},
			viewGroup: settings.viewGroup,
			onTrouble: warn,
			hasConsole,
			isReadOnly: settings.readOnly,
			appearance: consoleAppearanceOf(resolved),
			onShell: shellCommand(settings, folder),
		});
	} finally {
		unwatch();
		await closeWebhook?.();
		await closeMetrics();
	}
}

// Under a systemd unit of Type=notify; elsewhere nothing.
function notifySystemd(engine: Engine, clock: Clock): () => void {
	const notify = systemdNotify(process.env);
	return notify === undefined
		? () => {/* Nobody listens. */}
		: watchEngine({
			state: engine.state, subscribe: engine.subscribe, now: clock.now, notify, watchdogSeconds: watchdogSecondsOf(process.env, process.pid),
		});
}

// A person's folder is made here, the service's by its unit.
function socketToServe(settings: Settings, repository: Repository): string | undefined {
	if (settings.socket !== undefined || process.platform === 'win32') {
		return settings.socket;
	}

	try {
		return socketPathIn(makeFolder(ownFolders(process.env)), repository);
	} catch (error) {
		warn(`consoles cannot attach to this engine: ${error instanceof Error ? error.message : String(error)}`);
		return undefined;
	}
}

// Seconds that a start waits for one API; a slow one is asked again by the engine, on a screen that says so.
const accessSeconds = 15;

// Before anything is created: a wrong key would make every server useless, at an hour's price each. An API that is only out of reach
// now stops nobody: the console says so, and the engine asks again.
async function checkAccess(world: World, settings: Settings, repository: Repository): Promise<void> {
	const ofGitHub = unlessOutOfReach('GitHub', async signal => {
		await world.github.readRunners(signal);
	});
	const ofHetzner = unlessOutOfReach('Hetzner', async () => {
		const [unknown] = await Promise.all([unknownToHetzner({settings, repository, hetzner: world.hetzner}), world.hetzner.findSshKey()]);
		if (unknown !== undefined) {
			throw new UsageError(unknown);
		}

		await (settings.dryRun ? world.hetzner.findFirewall() : world.hetzner.ensureFirewall());
		const match = settings.dryRun ? 'ok' : await world.hetzner.checkPrivateKey(settings.sshPrivateKey);
		if (match !== 'ok' && settings.sshPrivateKey !== undefined) {
			throw new UsageError(match.problem);
		}

		warn(match === 'ok' ? undefined : match.problem); // Ssh may still find the key in ~/.ssh.
	});
	await Promise.all([ofGitHub, ofHetzner]);
}

async function unlessOutOfReach(api: string, check: (signal: AbortSignal) => Promise<void>): Promise<void> {
	const limit = AbortSignal.timeout(accessSeconds * 1000);
	try {
		await Promise.race([check(limit), once(limit, 'abort').then(() => {limit.throwIfAborted();})]);
	} catch (error) {
		if (error === limit.reason) {
			warn(`${api} did not answer within ${accessSeconds} s; started all the same, it is asked again and again`);
		} else if (error instanceof PortError && (error.kind === 'unreachable' || error.kind === 'limited')) {
			warn(`${error.message}; started all the same, it is asked again and again`);
		} else {
			throw error;
		}
	}
}
