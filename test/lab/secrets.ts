// Where secrets are found while the lab runs: in files (disks of machines among them), in processes, in memory.
import {
	closeSync, openSync, readdirSync, readFileSync, readSync, statSync,
} from 'node:fs';
import {Buffer} from 'node:buffer';
import path from 'node:path';

const piece = 4_194_304;
const longest = 512; // No secret that is looked for is longer.

/**
Names of the secrets that this file holds, searched piece by piece.
*/
export function secretsInFile(file: string, secrets: ReadonlyMap<string, string>, from = 0, to = Infinity): ReadonlySet<string> {
	const found = new Set<string>();
	const descriptor = openSync(file, 'r');
	const buffer = Buffer.alloc(piece + longest);
	try {
		for (let at = from; at < to; at += piece) {
			const length = readSync(descriptor, buffer, 0, Math.min(buffer.length, to - at), at);
			const seen = buffer.subarray(0, length);
			for (const [name, secret] of secrets) {
				if (seen.includes(secret)) {
					found.add(name);
				}
			}

			if (length < buffer.length) {
				break;
			}
		}
	} finally {
		closeSync(descriptor);
	}

	return found;
}

/**
Files below a folder that hold a secret, with its names; those whose path is in `allowed` are passed over.
*/
export function secretsBelow(folder: string, secrets: ReadonlyMap<string, string>, allowed: readonly string[] = []): readonly string[] {
	return readdirSync(folder, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name))
		.filter(file => !allowed.includes(file) && statSync(file).size > 0)
		.flatMap(file => {
			const found = secretsInFile(file, secrets);
			return found.size === 0 ? [] : [`${path.relative(folder, file)} (${[...found].join(', ')})`];
		});
}

/**
Names of the secrets in what that process can read of its own memory.
*/
export function secretsInMemory(pid: number, secrets: ReadonlyMap<string, string>): ReadonlySet<string> {
	const found = new Set<string>();
	for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
		const {from = '', to = ''} = /^(?<from>[0-9a-f]+)-(?<to>[0-9a-f]+) r/v.exec(line)?.groups ?? {};
		if (from !== '' && !line.endsWith('[vvar]') && !line.endsWith('[vsyscall]')) {
			try {
				for (const name of secretsInFile(`/proc/${pid}/mem`, secrets, Number.parseInt(from, 16), Number.parseInt(to, 16))) {
					found.add(name);
				}
			} catch {
				continue; // A hole.
			}
		}
	}

	return found;
}

/**
Processes whose arguments hold that text.
*/
export function processesWith(text: string): readonly number[] {
	return readdirSync('/proc').filter(name => /^\d+$/v.test(name)).filter(pid => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
		} catch {
			return false;
		}
	}).map(Number);
}
