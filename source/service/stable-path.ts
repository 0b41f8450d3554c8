import {
	accessSync, constants, lstatSync, readdirSync, realpathSync, statSync,
} from 'node:fs';
import path from 'node:path';

/**
Why a service cannot rely on that file or folder, as text that follows "because"; undefined when it can.
*/
export function whyUnstable(file: string): string | undefined {
	const real = realpathSync(file);
	if (real.includes('/_npx/')) {
		return 'npm may delete its npx cache at any time';
	}

	if (/^\/(?:home|root)\//v.test(real)) {
		return 'the service sees nothing below /home and /root';
	}

	if (/^\/(?:tmp|var\/tmp|run|dev)\//v.test(real)) {
		return 'it is in a folder that gets emptied';
	}

	const paths = pathsAbove(real);
	const closed = paths.find(found => !isOpenToAll(found));
	if (closed !== undefined) {
		return `other users may not read ${closed}`;
	}

	// Root starts this program: whoever can change it, or a folder above it, would become root.
	const loose = [...paths, ...contentsOf(real)].find(found => !isRootsAlone(found));
	return loose === undefined ? undefined : `others than root may change ${loose}`;
}

function pathsAbove(file: string): readonly string[] {
	const parent = path.dirname(file);
	return parent === file ? [file] : [...pathsAbove(parent), file];
}

function contentsOf(real: string): readonly string[] {
	return statSync(real).isDirectory()
		? readdirSync(real, {withFileTypes: true}).filter(entry => entry.name !== 'node_modules' && entry.name !== '.git').flatMap(entry => {
			const found = path.join(real, entry.name);
			return entry.isDirectory() ? [found, ...contentsOf(found)] : [found];
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
