// Puts one fault after another into a copy of the engine and soaks it until a promise breaks, or runs the test that is named for it:
//   npm run simulate:mutants [-- --seeds 400] [--only "max-runners"] [--skip 5] [--tests | --soaks: those that a test, or a soak, is to find]
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
		seeds: {type: 'string', default: '400'}, from: {type: 'string', default: '1'}, only: {type: 'string', default: ''}, skip: {type: 'string', default: '0'}, tests: {type: 'boolean', default: false}, soaks: {type: 'boolean', default: false},
	},
});
const root = path.join(import.meta.dirname, '../..');

// A copy of the program with these edits; throws when one no longer fits the source.
async function copyWith(edits: Mutation['edits']): Promise<string> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hetzner-runners-mutant-'));
	await Promise.all(['source', 'test', 'package.json', 'ava.config.js'].map(async name => cp(path.join(root, name), path.join(folder, name), {recursive: true})));
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

type Outcome = {readonly days: number; readonly broken?: {readonly seed: number; readonly promise: string; readonly trace: string}};

// Answers the titles of tests that failed.
async function testCopy(folder: string, test: string): Promise<readonly string[]> {
	const child = spawn(process.execPath, [path.join(folder, 'node_modules/ava/entrypoints/cli.js'), test, '--tap'], {cwd: folder, stdio: ['ignore', 'pipe', 'ignore']});
	let text = '';
	for await (const part of child.stdout) {
		text += String(part);
	}

	if (!/^(?:not )?ok /mv.test(text)) {
		throw new Error(`${test} ran no test: ${text}`);
	}

	return text.split('\n').flatMap(line => /^not ok \d+ - (?<title>.*)$/v.exec(line)?.groups?.title ?? []);
}

async function soakCopy(folder: string, isWired: boolean | undefined, groups: string): Promise<Outcome> {
	const words = ['--seeds', values.seeds, '--from', values.from, '--groups', groups, '--first', ...(isWired === undefined ? [] : [isWired ? '--wired' : '--in-process'])];
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

async function tryOut(mutation: Mutation, folder: string): Promise<{readonly isFound: boolean; readonly how: string}> {
	if (mutation.test !== undefined) {
		const failed = await testCopy(folder, mutation.test);
		return failed.length === 0 ? {isFound: false, how: `not found by ${mutation.test}`} : {isFound: true, how: `${mutation.test}: ${failed[0] ?? ''}`};
	}

	const {days, broken} = await soakCopy(folder, mutation.edits.length === 0 ? undefined : 'isWired' in mutation, mutation.groups ?? 'classic');
	return broken === undefined ? {isFound: false, how: `not found in ${days} days`} : {isFound: true, how: `day ${days}: ${broken.promise}${mutation.edits.length === 0 ? `; seed ${broken.seed}: ${broken.trace}` : ''}`};
}

const control: Mutation = {name: 'none', edits: []};
const wanted = mutations.filter(({name, test}) => name.includes(values.only) && (test === undefined ? !values.tests : !values.soaks)).slice(Number(values.skip));
const controls = [...new Set(wanted.flatMap(({test}) => test ?? []))].map((test): Mutation => ({...control, test}));
let missed = 0;
for (const mutation of [...wanted, ...controls, ...(values.tests ? [] : [control])]) {
	const folder = await copyWith(mutation.edits);
	try {
		const {isFound, how} = await tryOut(mutation, folder);
		const isRight = isFound === (mutation.edits.length > 0);
		missed += isRight ? 0 : 1;
		console.log(`${isRight ? '✔' : '✖'} ${mutation.name.padEnd(58)} ${how}`);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

console.log(missed === 0 ? `${wanted.length} mutations, all found; the engine as it is: clean` : `${missed} wrong`);
process.exitCode = missed === 0 ? 0 : 1;
