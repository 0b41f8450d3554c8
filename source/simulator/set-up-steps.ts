import {rngFor} from './chance.ts';
import {
	endSetUp,
	plan,
	writeLine,
	type Host,
	type HostParts,
	type SetUpInput,
} from './host.ts';
import {downloadFor} from './runner-downloads.ts';

/**
Something a host does, seconds after its set-up began. After the end of the scripts only `isAfterEnd` acts still happen.
*/
export type Step = {readonly afterSeconds: number; readonly isAfterEnd?: true; readonly act: () => void};

const setupOutput = [
	'Reading package lists...',
	'Building dependency tree...',
	'The following NEW packages will be installed: jq libicu74',
	'Get:1 https://mirror.hetzner.com/ubuntu/packages noble/main amd64 jq',
	'Setting up jq (1.7.1-3build1) ...',
	'Processing triggers for man-db (2.12.0-4build2) ...',
	'Adding user `ubuntu\' ...',
	'ubuntu ALL=(ALL) NOPASSWD:ALL',
];

/**
Starts the scripts, unless they have been started before: returns which of both.
*/
export function startSetUp(host: Host, input: SetUpInput, parts: HostParts): 'fresh' | 'resumed' {
	if (host.setUpAt !== undefined) {
		return 'resumed';
	}

	host.setUpAt = parts.schedule.now();
	for (const act of stepsOf(host, input, parts)) {
		host.dueAt.push(plan(host, parts, act.afterSeconds, () => {
			host.dueAt.shift();
			if (host.exitCode === undefined || act.isAfterEnd === true) {
				act.act();
			}
		}));
	}

	host.dueAt.sort((a, b) => a - b);
	return 'fresh';
}

/**
All that the two scripts do on this host, by its outcome.
*/
function stepsOf(host: Host, input: SetUpInput, parts: HostParts): readonly Step[] {
	const {parameters} = parts;
	const rng = rngFor(parts.seed, 'set-up', host.serverName);
	const setupSeconds = rng.between(parameters.setupSeconds);
	const startupSeconds = rng.between(parameters.startupSeconds);
	const say = (afterSeconds: number, text: string): Step => ({
		afterSeconds,
		act() {
			writeLine(host, parts, text);
		},
	});
	const end = (afterSeconds: number, script: 'setup' | 'startup', exitCode: number): Step => ({
		afterSeconds,
		act() {
			endSetUp(host, parts, script, exitCode);
		},
	});
	const step = setupSeconds / (setupOutput.length + 1);
	const setup = [say(0, '@step setup'), ...setupOutput.map((text, index) => say(step * (index + 1), `| ${text}`))];
	const script = setupSeconds > input.maxSetupSeconds ? 'setup' : 'startup';
	const limit = end(input.maxSetupSeconds, script, 124);
	if (host.outcome === 'setupFails') {
		return [...setup.slice(0, -2), say(setupSeconds - 0.1, '| E: Unable to locate package jq'), end(setupSeconds, 'setup', 100), limit];
	}

	const began = setupSeconds + 0.1;
	const at = (part: number) => began + (startupSeconds * part);
	const filename = input.environment.RUNNER_DOWNLOAD_FILENAME ?? 'actions-runner.tar.gz';
	const acts = [
		...setup,
		say(began, '@step startup'),
		say(at(0.05), `| downloading ${oneLine(filename)}`),
		say(at(0.3), '|  42  182M   42 76.4M    0     0  31.2M      0  0:00:05  0:00:02'),
	];
	if (host.outcome === 'freezes') {
		return acts;
	}

	if (host.outcome === 'hangsMidScript') {
		return [...acts, limit];
	}

	if (host.outcome === 'fillsDisk') {
		return [...acts, say(at(0.4), '| tar: bin/libcoreclr.so: Cannot write: No space left on device'), end(at(0.41), 'startup', 2), limit];
	}

	if (host.outcome === 'floods') {
		acts.push(flood(host, parts, at(0.4)));
	}

	const fault = downloadFault(host, input);
	const {GITHUB_RUNNER_JIT_CONFIG: jit, GITHUB_RUNNER_TOKEN: token = ''} = input.environment;
	// As a custom script under `set -x` would; of a long line in pieces, as the real program frames it.
	const trace = jit === undefined
		? [say(at(0.7), `| + ./config.sh --token ${oneLine(token)} --unattended`)]
		: chunksOf(`+ export ACTIONS_RUNNER_INPUT_JITCONFIG=${oneLine(jit)}`).map(piece => say(at(0.7), `| ${piece}`));
	return fault === undefined
		? [...acts, say(at(0.5), `| ${oneLine(filename)}: OK`), ...trace, ...(jit === undefined ? configActs(host, input, parts, at) : jitSteps(host, jit, parts, at)), limit]
		: [...acts, say(at(0.5), `| ${fault}`), end(at(0.51), 'startup', 1), limit];
}

// The same text each time: the world keeps it once.
function flood(host: Host, parts: HostParts, afterSeconds: number): Step {
	const text = `| ${'flood '.repeat(33)}`;
	return {
		afterSeconds,
		act() {
			for (let line = 0; line < parts.parameters.floodLines; line++) {
				writeLine(host, parts, text);
			}
		},
	};
}

// Labels and names are data: what the world prints of them never breaks a line.
function oneLine(text: string): string {
	return text.replaceAll(/[\n\r]/gv, ' ');
}

const pieceLength = 4000;

function chunksOf(line: string): readonly string[] {
	return Array.from({length: Math.ceil(line.length / pieceLength)}, (_, index) => line.slice(index * pieceLength, (index + 1) * pieceLength));
}

function downloadFault(host: Host, input: SetUpInput): string | undefined {
	const url = input.environment.RUNNER_DOWNLOAD_URL;
	const known = downloadFor(host.architecture);
	if (url !== undefined && !url.includes(`linux-${host.architecture}`)) {
		return './config.sh: cannot execute binary file: Exec format error';
	}

	const sha = input.environment.RUNNER_DOWNLOAD_SHA256;
	return sha !== undefined && sha !== known.sha256 ? 'sha256sum: WARNING: 1 computed checksum did NOT match' : undefined;
}

function configActs(host: Host, input: SetUpInput, parts: HostParts, at: (part: number) => number): readonly Step[] {
	const fail = (text: string) => {
		writeLine(host, parts, `| ${text}`);
		endSetUp(host, parts, 'startup', 1);
	};

	const rng = rngFor(parts.seed, 'online', host.serverName);
	return [
		{
			afterSeconds: at(0.8),
			act() {
				if (host.outcome === 'configFails') {
					fail('Http response code: Forbidden from \'POST https://api.github.com/actions/runner-registration\'');
				} else if (host.outcome !== 'neverRegisters') {
					const answer = register(host, input, parts);
					if (typeof answer === 'string') {
						fail(answer);
					} else {
						host.runner = answer;
						writeLine(host, parts, '| √ Runner successfully added');
					}
				}
			},
		},
		{
			afterSeconds: at(0.9),
			act() {
				const again = host.outcome === 'registersTwice' ? register(host, input, parts) : undefined;
				host.runner = typeof again === 'object' ? again : host.runner;
				writeLine(host, parts, '| √ Settings Saved.');
			},
		},
		{
			afterSeconds: at(1),
			act() {
				endSetUp(host, parts, 'startup', 0);
			},
		},
		{
			afterSeconds: at(1) + rng.between(parts.parameters.onlineSeconds),
			isAfterEnd: true,
			act() {
				if (host.runner !== undefined && host.exitCode === 0) {
					listen(host, host.runner, parts);
				}
			},
		},
	];
}

// With a just-in-time configuration nothing is configured: the scripts end once run.sh is started, and whether GitHub takes it shows after that.
function jitSteps(host: Host, config: string, parts: HostParts, at: (part: number) => number): readonly Step[] {
	return [
		{
			afterSeconds: at(1),
			act() {
				writeLine(host, parts, '| Start runner');
				endSetUp(host, parts, 'startup', 0);
			},
		},
		{
			afterSeconds: at(1) + rngFor(parts.seed, 'online', host.serverName).between(parts.parameters.onlineSeconds),
			isAfterEnd: true,
			act() {
				if (host.exitCode !== 0 || host.outcome === 'neverRegisters') {
					return;
				}

				const answer = host.outcome === 'configFails' ? 'Http response code: Forbidden' : parts.github.startJit(config);
				if (typeof answer === 'string') {
					powerOff(host, parts);
					return;
				}

				if (host.outcome === 'registersTwice') {
					parts.github.startJit(config); // Refused; the first goes on.
				}

				host.runner = answer;
				listen(host, answer, parts);
			},
		},
	];
}

function powerOff(host: Host, parts: HostParts): void {
	plan(host, parts, rngFor(parts.seed, 'power off', host.serverName).between(parts.parameters.powerOffSeconds), () => {
		parts.onPoweredOff(host);
	});
}

/**
How long a listener may take to learn that its runner was removed: its long poll, seconds.
*/
const longPollSeconds = 50;

function register(host: Host, input: SetUpInput, parts: HostParts) {
	const {environment} = input;
	const asked = (environment.GITHUB_RUNNER_LABELS ?? '').split(',').map(label => label.trim()).filter(label => label !== '');
	const own = ['self-hosted', 'Linux', host.architecture === 'arm64' ? 'ARM64' : 'X64'];
	const known = new Set(own.map(label => label.toLowerCase()));
	const isOld = host.outcome === 'oldName';
	const labels = isOld || host.outcome === 'wrongLabels' ? [...own.slice(1), 'mislabelled'] : [...own, ...asked.filter(label => !known.has(label.toLowerCase()))];
	const version = /-(?<version>\d{1,4}\.\d{1,4}\.\d{1,4})\./v.exec(environment.RUNNER_DOWNLOAD_FILENAME ?? environment.RUNNER_DOWNLOAD_URL ?? '')?.groups?.version;
	return parts.github.register({
		token: environment.GITHUB_RUNNER_TOKEN ?? '',
		name: isOld ? `gh-actions-runner-1-${host.serverId}` : environment.RUNNER_NAME ?? host.serverName,
		labels,
		architecture: host.architecture,
		version: version ?? parts.parameters.runnerVersion,
	});
}

// What run.sh does, detached from the scripts; the server powers itself off at its end.
function listen(host: Host, runner: NonNullable<Host['runner']>, parts: HostParts): void {
	if (host.outcome === 'runShFails' || host.outcome === 'deprecatedRunner') {
		powerOff(host, parts);
		return;
	}

	runner.version = parts.parameters.runnerVersion;
	runner.isOverlooked = host.outcome === 'neverGetsJob';
	runner.losesAssignment = host.outcome === 'losesAssignment';
	if (host.outcome === 'ghost') {
		plan(host, parts, rngFor(parts.seed, 'ghost', host.serverName).between(parts.parameters.ghostSeconds), () => {
			parts.github.forget(runner);
		});
	}

	parts.github.connect(runner, how => {
		host.hasRunJob ||= how === 'job';
		if (host.outcome !== 'neverPowersOff') {
			if (how === 'job') {
				powerOff(host, parts);
			} else {
				plan(host, parts, rngFor(parts.seed, 'long poll', host.serverName).between([0, longPollSeconds]), () => {
					powerOff(host, parts);
				});
			}
		}
	});
}
