import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';

/**
A new folder, which goes with the process that asked for it.
*/
export function temporaryFolder(name: string): string {
	const folder = mkdtempSync(path.join(tmpdir(), `hrt-${name}-`));
	process.once('exit', () => {
		rmSync(folder, {recursive: true, force: true});
	});
	return folder;
}
