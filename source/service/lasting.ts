import {
	accessSync, constants, lstatSync, readdirSync, realpathSync, statSync,
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

	const places = pathsAbove(real);
	const closed = places.find(place => !isOpenToAll(place));
	if (closed !== undefined) {
		return `other users may not read ${closed}`;
	}

	// Root starts what lies there: whoever can change it, or a folder above it, would be root.
	const loose = [...places, ...contentsOf(real)].find(place => !isRootsAlone(place));
	return loose === undefined ? undefined : `others than root may change ${loose}`;
}

function pathsAbove(file: string): readonly string[] {
	const parent = path.dirname(file);
	return parent === file ? [file] : [...pathsAbove(parent), file];
}

function contentsOf(real: string): readonly string[] {
	return statSync(real).isDirectory()
		? readdirSync(real, {withFileTypes: true}).filter(entry => entry.name !== 'node_modules' && entry.name !== '.git').flatMap(entry => {
			const place = path.join(real, entry.name);
			return entry.isDirectory() ? [place, ...contentsOf(place)] : [place];
		})
		: [];
}

function isRootsAlone(file: string): boolean {
	const found = lstatSync(file);
	return found.uid === 0 && (found.isSymbolicLink() || (found.mode & 0o022) === 0); // eslint-disable-line no-bitwise
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
