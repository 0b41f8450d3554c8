import {
	appendFileSync,
	existsSync,
	mkdirSync,
	renameSync,
	statSync,
} from 'node:fs';
import path from 'node:path';

/** When a file is full, and how many full ones are kept beside it as FILE.1 (the newest), FILE.2, … */
export type Rotation = {readonly maxBytes: number; readonly keep: number};

/** Appends to a file that starts anew when it is full. Written at once, so that nothing is lost when the process is killed. */
export type RotatingFile = {readonly append: (text: string) => void};

/**
A file of mode 0600; it and its folder are made when they are not there. Throws what the file system throws, also later from `append`.
*/
export function rotatingFile(file: string, {maxBytes, keep}: Rotation): RotatingFile {
	mkdirSync(path.dirname(file), {recursive: true, mode: 0o700});
	appendFileSync(file, '', {mode: 0o600});
	let bytes = statSync(file).size;
	return {
		append(text) {
			const more = new TextEncoder().encode(text).length;
			if (bytes > 0 && bytes + more > maxBytes) {
				turn(file, keep);
				bytes = 0;
			}

			appendFileSync(file, text, {mode: 0o600});
			bytes += more;
		},
	};
}

/** The files that hold what was appended, the oldest first. */
export function rotatedFiles(file: string, keep: number): readonly string[] {
	return [...Array.from({length: keep}, (_, index) => `${file}.${keep - index}`), file].filter(name => existsSync(name));
}

// FILE.2 becomes FILE.3, FILE.1 becomes FILE.2, FILE becomes FILE.1; what was the last is overwritten.
function turn(file: string, keep: number): void {
	for (let number = keep; number > 0; number--) {
		const from = number === 1 ? file : `${file}.${number - 1}`;
		if (existsSync(from)) {
			renameSync(from, `${file}.${number}`);
		}
	}
}
