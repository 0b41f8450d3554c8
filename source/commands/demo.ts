import {rmSync} from 'node:fs';
import {mkdtemp} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {systemClock} from '../clock/system-clock.ts';
import {formatMoney} from '../model/money.ts';
import {formatDuration} from '../model/time.ts';
import type {Clock} from '../scaler/ports.ts';
import {scriptsOf} from '../settings/policy.ts';
import {resolveSettings, settingsOf} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {auditWorld, type Audit} from '../simulator/audit.ts';
import {busyScenario, isFinished} from '../simulator/scenario.ts';
import {serveWorld} from '../simulator/serve.ts';
import {createWorld, type World} from '../simulator/world.ts';
import {consoleAppearanceOf} from '../wiring/console-options.ts';
import {createJournal} from '../logging/journal.ts';
import {operate} from '../wiring/lifecycle.ts';
import {accountOf} from '../settings/account.ts';
import {connectWorld, requireSsh} from '../wiring/adapters.ts';
import {buildEngine} from '../wiring/engine.ts';
import {scriptRecords} from '../wiring/script-records.ts';
import {secretsOf} from '../wiring/secrets.ts';
import {shellCommand} from '../wiring/shell-command.ts';
import {openLogs} from '../logging/destinations.ts';
import {measure} from '../wiring/metrics.ts';
import {print, printNotice, warn} from '../terminal/print.ts';
import {hasTerminal} from '../wiring/console.ts';
import type {Call} from './call.ts';

/**
The engine, its adapters and ssh on a simulated world on loopback. Without
a terminal it prints the log and ends when the morning's jobs are done;
the exit code is 1 when the world's own count says that something went wrong.
*/
export async function demo({positionals, flags, version}: Call): Promise<number> {
	if (positionals.length > 0) {
		throw new UsageError(`"demo" takes options only, not "${positionals.join(' ')}".`);
	}

	requireSsh();
	const {speed = 5, seed, jobs} = settingsOf(resolveSettings({flags, environment: {}, file: undefined}));
	const clock = systemClock(speed);
	const world = createWorld({seed, clock});
	busyScenario(world, {jobs});
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-demo-'));
	process.once('exit', () => {
		rmSync(folder, {recursive: true, force: true}); // After a crash, too.
	});
	const served = await serveWorld({world, directory: folder});
	const leave = new AbortController();
	let closeMetrics: (() => Promise<void>) | undefined;
	try {
		const resolved = resolveSettings({flags, environment: {HETZNER_LOCATION: 'fsn1,nbg1,hel1', ...served.environment}, file: undefined});
		const settings = settingsOf(resolved);
		const account = accountOf(settings);
		const hasConsole = settings.console && hasTerminal();
		const secrets = secretsOf(account).all;
		const measured = measure(settings, createJournal({
			logs: openLogs(settings, hasConsole, secrets), stateFolder: folder, secrets, now: clock.now, onTrouble: warn,
		}), clock, printNotice);
		const engine = buildEngine({
			world: await connectWorld(settings, account, clock, {speed, version, stateFolder: folder}), settings, repository: account.repository, scripts: await scriptsOf(settings), clock, journal: measured.journal, version, speed, scriptsKept: scriptRecords(folder, warn),
		});
		closeMetrics = await measured.open(engine);
		const code = await operate({
			engine,
			version,
			socketPath: settings.socket,
			onTrouble: warn,
			hasConsole,
			isReadOnly: settings.readOnly,
			appearance: consoleAppearanceOf(resolved, true),
			onShell: shellCommand(settings, folder),
			...(!hasConsole && {until: whenFinished(world, clock, leave.signal)}),
		});
		const audit = auditWorld(world);
		const faults = hasConsole || !isFinished(world) ? faultsAnyway(audit) : faultsOf(audit, jobs);
		if (!hasConsole) {
			print(summary(audit, jobs, isFinished(world)));
		}

		for (const fault of faults) {
			printNotice(fault);
		}

		return faults.length > 0 ? 1 : code;
	} finally {
		leave.abort();
		await closeMetrics?.();
		await served.close();
	}
}

async function whenFinished(world: World, clock: Clock, signal: AbortSignal): Promise<void> {
	try {
		while (!isFinished(world)) {
			await clock.sleep(2, signal);
		}
	} catch {
		// Left before the end.
	}
}

/** What the world counted, in lines for people. */
export function summary(audit: Audit, jobs: number, isOver: boolean): string {
	const {waits, requests} = audit;
	return [
		'',
		`jobs      ${audit.jobs.done} of ${jobs} done${isOver ? '' : ' when it was left'}${audit.jobs.failed > 0 ? `, ${audit.jobs.failed} failed` : ''}`,
		`waits     ${waits === undefined ? 'none' : `p50 ${formatDuration(waits.p50Seconds)}, p95 ${formatDuration(waits.p95Seconds)} from queued to started`}`,
		`servers   ${audit.serversCreated} created, ${audit.serversLeft} left, ${audit.mostServersAtOnce} at once at the most, ${audit.serversWithoutJob} never ran a job`,
		`foreign   ${audit.foreignTouched} servers of others touched`,
		`killed    ${audit.jobsKilled} running jobs`,
		`requests  GitHub ${requests.github.requests} (${requests.github.unchanged} unchanged), Hetzner ${requests.hetzner.requests}`,
		`cost      ${formatMoney(audit.costMicros, 'EUR')}`,
		'',
	].join('\n');
}

function faultsOf(audit: Audit, jobs: number): readonly string[] {
	return [
		audit.jobs.done === jobs ? [] : `only ${audit.jobs.done} of ${jobs} jobs are done`,
		audit.serversLeft === 0 ? [] : `${audit.serversLeft} servers are left`,
		faultsAnyway(audit),
	].flat();
}

function faultsAnyway(audit: Audit): readonly string[] {
	return [
		audit.foreignTouched === 0 ? [] : `${audit.foreignTouched} servers of others were touched`,
		audit.jobsKilled === 0 ? [] : `${audit.jobsKilled} running jobs were killed`,
	].flat();
}
