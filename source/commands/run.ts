import {once} from 'node:events';
import {existsSync} from 'node:fs';
import process from 'node:process';
import type {Call} from '../cli.ts';
import {systemClock} from '../clock/system-clock.ts';
import {makeFolder, ownFolder, socketPathIn} from '../link/sockets.ts';
import type {Repository} from '../model/job.ts';
import {createEngine, type Engine} from '../scaler/engine.ts';
import {firstOfMonth} from '../scaler/ledger.ts';
import {activityLimit} from '../scaler/live.ts';
import {PortError, type Clock} from '../scaler/ports.ts';
import {systemdNotify, watchEngine, watchdogSecondsOf} from '../service/watchdog.ts';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf, type Settings} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {consoleLookOf} from './console-look.ts';
import {createJournal, readJournal, readPaid} from './journal.ts';
import {openLogs} from './logs.ts';
import {measure} from './metrics.ts';
import {reachEngine, watchReached} from './attach.ts';
import {operate} from './operate.ts';
import {hasTerminal} from './show-console.ts';
import {stateFolder} from './state-folder.ts';
import {
	accountOf, connectWorld, missingSettings, policyOf, portsOf, scriptsOf, type World,
} from './ports.ts';
import {shellCommand} from './shell-command.ts';

/** Serves queued jobs until told to stop. Answers the exit code; throws UsageError and PortError. */
export async function run({words, given, version}: Call): Promise<number> {
	if (words.length > 0) {
		throw new UsageError(`There is nothing more to say after "run", but "${words.join(' ')}" follows it.`);
	}

	const named = given.get('settingsFile')?.texts[0];
	if (named !== undefined && !existsSync(named)) {
		throw new UsageError(`--settings-file is ${JSON.stringify(named)}, but there is no such file.`);
	}

	const file = openSettingsFile(given);
	const resolved = resolveSettings({given, environment: process.env, file});
	const settings = settingsOf(resolved);
	const hasConsole = settings.console && hasTerminal();
	if (settings.host !== undefined && !hasConsole) {
		throw new UsageError('--host shows the console of another machine\'s engine, which needs a terminal; "list" and "logs" work without one.');
	}

	const running = hasConsole && settings.attach ? await reachEngine(settings, version, true) : undefined;
	if (running !== undefined) {
		return watchReached(running, resolved);
	}

	if (hasConsole && missingSettings(settings).length > 0) {
		const {firstStart} = await import('./first-start.ts');
		const ending = await firstStart({
			settings, file, clock: systemClock(), version,
		});
		return ending === 'saved' ? run({words, given, version}) : (ending === 'demo' ? (await import('./demo.ts')).demo({words, given: new Map(), version}) : 0);
	}

	const account = accountOf(settings);
	warn(file.warning);
	for (const {option, source} of resolved) {
		if (option.isSecret === true && source.kind === 'flag') {
			warn(`${source.name} on the command line can be read by every user of this machine; ${option.variables?.[0] ?? 'the settings file'} cannot.`);
		}
	}

	const scripts = await scriptsOf(settings);
	const clock = systemClock();
	const folder = stateFolder(account.repository);
	const secrets = [account.githubToken, account.hetznerToken];
	const logs = openLogs(settings, hasConsole, secrets);
	const earlier = {activity: readJournal(folder, activityLimit), paid: readPaid(folder, firstOfMonth(clock.now()))};
	const measured = measure(settings, createJournal({
		logs, stateFolder: folder, secrets, now: clock.now, onTrouble: warn,
	}), clock, tell);
	const world = await connectWorld(settings, account, clock, {speed: 1, version, stateFolder: folder});
	await checkAccess(world, settings);
	const engine = createEngine(portsOf(world, clock, measured.journal, scripts), policyOf(settings, account.repository), {version, clockSpeed: 1, earlier});
	const closeMetrics = await measured.open(engine);
	const unwatch = tellSystemd(engine, clock);
	try {
		return await operate({
			engine,
			version,
			socketPath: socketToServe(settings, account.repository),
			onTrouble: warn,
			hasConsole,
			isReadOnly: settings.readOnly,
			look: consoleLookOf(resolved),
			onShell: shellCommand(settings, folder),
		});
	} finally {
		unwatch();
		await closeMetrics();
	}
}

// Under a systemd unit of Type=notify; elsewhere nothing.
function tellSystemd(engine: Engine, clock: Clock): () => void {
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

	const folder = ownFolder(process.env);
	try {
		makeFolder(folder);
		return socketPathIn(folder, repository);
	} catch (error) {
		warn(`consoles cannot attach to this engine: ${error instanceof Error ? error.message : String(error)}`);
		return undefined;
	}
}

// Seconds that a start waits for one API; a slow one is asked again by the engine, on a screen that says so.
const accessSeconds = 15;

// Before anything is created: a wrong key would make every server useless, at an hour's price each. An API that is only out of reach
// now stops nobody: the console says so, and the engine asks again.
async function checkAccess(world: World, settings: Settings): Promise<void> {
	const ofGitHub = unlessOutOfReach('GitHub', async signal => {
		await world.github.readRunners(signal);
	});
	const ofHetzner = unlessOutOfReach('Hetzner', async () => {
		await world.hetzner.findSshKey();
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

/** One line to standard error that is no warning. */
export function tell(words: string): void {
	process.stderr.write(`${words}\n`);
}

/** One line of warning to standard error. */
export function warn(words: string | undefined): void {
	if (words !== undefined) {
		process.stderr.write(`warning: ${words}\n`);
	}
}
