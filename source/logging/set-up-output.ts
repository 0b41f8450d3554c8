import {createHash} from 'node:crypto';
import {
	appendFileSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
} from 'node:fs';
import path from 'node:path';

/** What is kept of the output of servers' set-ups. */
export type Keep = {readonly seconds: number; readonly bytes: number; readonly bytesOfOne: number};

const usual: Keep = {seconds: 7 * 86_400, bytes: 200_000_000, bytesOfOne: 20_000_000};
const tidySeconds = 3600;

export type SetUpLogs = {readonly append: (server: string, line: string, nowMilliseconds: number) => void};

/**
A file of mode 0600 for each server, in `folder`: kept for seven days, 200 MB in all, the oldest go first. One server's is cut off at 20 MB.
Throws what the file system throws, also later from `append`.
*/
export function setUpLogs(folder: string, nowMilliseconds: number, keep = usual): SetUpLogs {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	tidy(folder, nowMilliseconds, keep);
	let tidiedAt = nowMilliseconds;
	const sizes = new Map<string, number>();
	return {
		append(server, line, now) {
			const file = path.join(folder, `${/^\w[\w\-]{0,199}$/v.test(server) ? server : digestOf(server)}.log`);
			const before = sizes.get(server) ?? statSync(file, {throwIfNoEntry: false})?.size ?? 0;
			if (before >= keep.bytesOfOne) {
				return;
			}

			const after = before + new TextEncoder().encode(line).length;
			sizes.set(server, after);
			appendFileSync(file, after < keep.bytesOfOne ? line : `${line}cut off here: more than ${keep.bytesOfOne / 1_000_000} MB\n`, {mode: 0o600});
			if (!(now - tidiedAt > tidySeconds * 1000)) {
				return;
			}

			tidiedAt = now;
			sizes.clear();
			tidy(folder, now, keep);
		},
	};
}

// A name that is none of ours came from outside, and could be a path.
function digestOf(name: string): string {
	return createHash('sha256').update(name).digest('hex').slice(0, 16);
}

function tidy(folder: string, nowMilliseconds: number, {seconds, bytes}: Keep): void {
	const files = readdirSync(folder).map(name => {
		const file = path.join(folder, name);
		const {mtimeMs, size} = statSync(file);
		return {file, mtimeMs, size};
	}).toSorted((a, b) => b.mtimeMs - a.mtimeMs);
	let sum = 0;
	for (const {file, mtimeMs, size} of files) {
		sum += size;
		if (sum > bytes || nowMilliseconds - mtimeMs > seconds * 1000) {
			rmSync(file);
		}
	}
}
