import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import process from 'node:process';
import type {Call} from '../call.ts';
import {unitName} from '../../service/paths.ts';
import {resolveSettings, settingsOf} from '../../settings/read.ts';
import {didYouMean, UsageError} from '../../settings/usage-error.ts';
import {installService, uninstallService} from './install.ts';
import {serviceStatus} from './status.ts';

const actions = ['install', 'uninstall', 'status', 'logs', 'start', 'stop', 'restart'];

/** What systemctl ends with when there is no such unit. */
const notInstalledCode = 5;

/**
`service install | uninstall | status | logs | start | stop | restart`: answers the exit code. Throws UsageError.
*/
export async function service(call: Call): Promise<number> {
	const [action, ...more] = call.positionals;
	if (action === undefined || !actions.includes(action) || more.length > 0) {
		throw new UsageError(`service takes one of ${actions.join(', ')}.${action === undefined ? '' : didYouMean(action, actions)}`);
	}

	const {root, force, follow, lines, json} = settingsOf(resolveSettings({flags: call.flags, environment: {}, file: undefined}));
	if (root !== undefined && !existsSync(root)) {
		throw new UsageError(`--root is ${JSON.stringify(root)}, but there is no such folder.`);
	}

	switch (action) {
		case 'install': {
			requireRoot(action, root);
			return installService(call, {root, isForced: force});
		}

		case 'uninstall': {
			requireRoot(action, root);
			return uninstallService({root});
		}

		case 'status': {
			return serviceStatus({root, isJson: json, version: call.version});
		}

		case 'logs': {
			return pass(['journalctl', ...(root === undefined ? [] : [`--root=${root}`]), '--unit', unitName, ...(lines === undefined ? [] : ['-n', String(lines)]), ...(follow || lines === undefined ? ['-f'] : [])]);
		}

		default: {
			if (root !== undefined) {
				throw new UsageError(`service ${action} needs a running system: --root is for install, uninstall, status and logs.`);
			}

			requireRoot(action, root);
			const code = await pass(['systemctl', action, unitName]);
			if (code === notInstalledCode) {
				throw new UsageError('The service is not installed: sudo github-runners service install');
			}

			return code;
		}
	}
}

function requireRoot(action: string, root: string | undefined): void {
	if (root === undefined && process.geteuid?.() !== 0) {
		throw new UsageError(`service ${action} needs root: sudo github-runners service ${action}`);
	}
}

/** Runs a program in the place of this one; answers its exit code. */
async function pass([program = '', ...rest]: readonly string[]): Promise<number> {
	const child = spawn(program, rest, {stdio: 'inherit'});
	return new Promise((resolve, reject) => {
		child.once('error', () => {
			reject(new UsageError(`${program} is missing: this machine does not run systemd.`));
		});
		child.once('close', code => {
			resolve(code ?? 0);
		});
	});
}
