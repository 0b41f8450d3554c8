import {mkdtemp, rm} from 'node:fs/promises';
import {once} from 'node:events';
import os from 'node:os';
import path from 'node:path';
import {systemClock} from '../clock/system-clock.ts';
import {resolveSettings, settingsOf} from '../settings/read.ts';
import {UsageError} from '../settings/usage-error.ts';
import {auditWorld} from '../simulator/audit.ts';
import {busyScenario} from '../simulator/scenario.ts';
import {serveWorld} from '../simulator/serve.ts';
import {createWorld} from '../simulator/world.ts';
import {print} from '../terminal/print.ts';
import {summary} from './demo.ts';
import type {Call} from './call.ts';

/**
Serves the simulated world alone until a signal comes, and prints the environment that points any client at it. Answers the exit code.
*/
export async function simulator({positionals, flags}: Call): Promise<number> {
	if (positionals.length > 0) {
		throw new UsageError(`"simulator" takes options only, not "${positionals.join(' ')}".`);
	}

	const {speed = 1, seed, jobs} = settingsOf(resolveSettings({flags, environment: {}, file: undefined}));
	const world = createWorld({seed, clock: systemClock(speed)});
	busyScenario(world, {jobs});
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-simulator-'));
	const served = await serveWorld({world, directory: folder});
	try {
		const lines = Object.entries(served.environment).map(([name, value]) => `export ${name}='${value}'`);
		print(`${lines.join('\n')}\n# The simulated world runs until Ctrl-C. Paste these lines into another shell, then try: hcloud server list\n`);
		await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map(async signal => once(process, signal)));
		print(summary(auditWorld(world), jobs, false));
		return 0;
	} finally {
		await served.close();
		await rm(folder, {recursive: true, force: true});
	}
}
