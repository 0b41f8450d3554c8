import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {Machine} from '../scaler/ports.ts';
import {checkReadiness, type Parts} from '../doctor/readiness.ts';

/**
The machine of an engine: whether its state folder can be written, and whether all is there that every server needs, as `doctor` sees it.
*/
export function machineOf(parts: Parts, stateFolder: string): Machine {
	return {
		async problems() {
			const [folder, found] = await Promise.all([folderProblem(stateFolder), checkReadiness(parts)]);
			return [...folder, ...found.map(({problem, advice}) => advice === '' ? problem : `${problem}: ${advice}`)];
		},
	};
}

async function folderProblem(stateFolder: string): Promise<readonly string[]> {
	try {
		await mkdir(stateFolder, {recursive: true, mode: 0o700});
		const probe = path.join(stateFolder, `.probe-${process.pid}`);
		await writeFile(probe, 'x');
		await rm(probe);
		return [];
	} catch (error) {
		return [`the state folder cannot be written (${error instanceof Error ? error.message : String(error)}): give ${stateFolder} to the user that the engine runs as`];
	}
}
