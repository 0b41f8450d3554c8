import {
	accessSync, constants, realpathSync, statSync,
} from 'node:fs';
import path from 'node:path';

/**
Why a service could not rely on that file or folder, in words that fit after "because"; undefined when it can.
*/
export function whyNotLasting(file: string): string | undefined {
	const real = realpathSync(file);
	if (real.includes('/_npx/')) {
		return 'npm may delete its npx cache at any time';
	}

	if (/^\/(?:home|root)\//v.test(real)) {
		return 'the service sees nothing below /home and /root';
	}

	if (/^\/(?:tmp|var\/tmp|run|dev)\//v.test(real)) {
		return 'it lies in a folder that is emptied';
	}

	const closed = pathsAbove(real).find(place => !isOpenToAll(place));
	return closed === undefined ? undefined : `other users may not read ${closed}`;
}

function pathsAbove(file: string): readonly string[] {
	const parent = path.dirname(file);
	return parent === file ? [file] : [...pathsAbove(parent), file];
}

function isOpenToAll(file: string): boolean {
	const {mode} = statSync(file);
	const others = mode % 0o10;
	return statSync(file).isDirectory() ? [1, 3, 5, 7].includes(others) : others >= 4;
}

/**
The folder of this package: the nearest one above `from` that holds bin.js.
*/
export function packageFolder(from: string): string {
	for (let folder = from; ; folder = path.dirname(folder)) {
		try {
			accessSync(path.join(folder, 'bin.js'), constants.R_OK);
			return folder;
		} catch (error) {
			if (folder === path.dirname(folder)) {
				throw new Error('The folder of this package cannot be found.', {cause: error});
			}
		}
	}
}
