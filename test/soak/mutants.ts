// Puts one fault after another into a copy of the engine and soaks it until a promise breaks: npm run simulate:mutants [-- --seeds 400] [--only "max-runners"] [--skip 5]
import {spawn} from 'node:child_process';
import {
	cp, mkdtemp, readFile, rm, symlink, writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {mutations, type Mutation} from './mutations.ts';

const {values} = parseArgs({
	options: {
		seeds: {type: 'string', default: '400'}, from: {type: 'string', default: '1'}, only: {type: 'string', default: ''}, skip: {type: 'string', default: '0'},
	},
});
const root = path.join(import.meta.dirname, '../..');

// A copy of the program with these edits; throws when one no longer fits the source.
async function copyWith(edits: Mutation['edits']): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-mutant-'));
	await Promise.all(['source', 'test', 'package.json'].map(async name => cp(path.join(root, name), path.join(folder, name), {recursive: true})));
	await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
	for (const [file, from, to] of edits) {
		const where = path.join(folder, 'source', file);
		const text = await readFile(where, 'utf8');
		if (text.split(from).length !== 2) {
			throw new Error(`${file} has "${from}" ${text.split(from).length - 1} times, not once: mend the mutation`);
		}

		await writeFile(where, text.replace(from, () => to));
	}

	return folder;
}

type Outcome = {readonly days: number; readonly broken?: {readonly seed: number; readonly promise: string; readonly story: string}};

async function soakCopy(folder: string, isWired: boolean | undefined): Promise<Outcome> {
	const words = ['--seeds', values.seeds, '--from', values.from, '--first', ...(isWired === undefined ? [] : [isWired ? '--wired' : '--in-process'])];
	const child = spawn(process.execPath, [path.join(folder, 'test/soak/soak.ts'), ...words], {stdio: ['ignore', 'pipe', 'inherit']});
	let text = '';
	for await (const part of child.stdout) {
		text += String(part);
	}

	const line = text.trim().split('\n').at(-1) ?? '';
	if (!line.startsWith('{')) {
		throw new Error(`the soak ended without a result: ${text}`);
	}

	return JSON.parse(line) as Outcome;
}

const wanted = mutations.filter(({name}) => name.includes(values.only)).slice(Number(values.skip));
let missed = 0;
for (const mutation of [...wanted, {name: 'none', edits: []} satisfies Mutation]) {
	const folder = await copyWith(mutation.edits);
	try {
		const isControl = mutation.edits.length === 0;
		const {days, broken} = await soakCopy(folder, isControl ? undefined : 'isWired' in mutation);
		const isRight = isControl === (broken === undefined);
		missed += isRight ? 0 : 1;
		console.log(`${isRight ? '✔' : '✖'} ${mutation.name.padEnd(58)} ${broken === undefined ? `not found in ${days} days` : `day ${days}: ${broken.promise}`}`);
		if (isControl && broken !== undefined) {
			console.log(`  seed ${broken.seed}: ${broken.story}`);
		}
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

console.log(missed === 0 ? `${wanted.length} mutations, all found; the engine as it is: clean` : `${missed} wrong`);
process.exitCode = missed === 0 ? 0 : 1;
