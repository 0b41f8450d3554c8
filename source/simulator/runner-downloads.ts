import type {Faults} from './faults.ts';
import {defaultParameters} from './parameters.ts';

export type SimulatedDownload = {
	readonly os: 'linux' | 'osx' | 'win';
	readonly architecture: 'x64' | 'arm64' | 'arm';
	readonly filename: string;
	readonly url: string;
	readonly sha256: string;
};

function download(os: SimulatedDownload['os'], architecture: SimulatedDownload['architecture'], sha256: string): SimulatedDownload {
	const version = defaultParameters.runnerVersion;
	const filename = `actions-runner-${os}-${architecture}-${version}.${os === 'win' ? 'zip' : 'tar.gz'}`;
	return {
		os, architecture, filename, sha256, url: `https://github.com/actions/runner/releases/download/v${version}/${filename}`,
	};
}

/**
What GitHub's runners/downloads offers. Only the first checksum is a real release's.
*/
const runnerDownloads: readonly [SimulatedDownload, SimulatedDownload, ...SimulatedDownload[]] = [
	download('linux', 'x64', 'af4b794c1bc41d73d40535e3fe092a39f9679cd8d965954c2aca25a05ca41d32'),
	download('linux', 'arm64', '6ad4cf5a2f1e8c8b3f6f0d6c1e4e9c7d2b5a8f03916d7e4c2ab59180f3e7d6c4'),
	download('osx', 'x64', '0f3b7c2e9a5d4816c8e1f27a6b90d35e4c7a8b1f2d6e9035a4c8b7d1e6f20953'),
	download('osx', 'arm64', '1b6c0e7d4f92a835d1c7e06b3a58f942e7d01c6b9a34f58e2d7c10b6a95e843f'),
	download('win', 'x64', '2c7d1f8e5a03b946e2d8f17c4b69a053f8e12d7c0b45a69f3e8d21c7ba6f9540'),
];

/**
What it offers now: without those that a fault takes away.
*/
export function offeredDownloads(faults: Faults): readonly SimulatedDownload[] {
	return runnerDownloads.filter(({os, architecture}) => os !== 'linux' || faults.trigger('noDownload', fault => fault.architecture === architecture) === undefined);
}

/**
The Linux runner for that architecture.
*/
export function downloadFor(architecture: 'x64' | 'arm64'): SimulatedDownload {
	return architecture === 'x64' ? runnerDownloads[0] : runnerDownloads[1];
}
