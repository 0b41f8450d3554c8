// How long `npx` takes from an empty cache to the console's first frame: the bundle that is published, and beside it the same
// program unbundled with its dependencies. `npm run bench:start`; needs the network for the second.
import {execFileSync} from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hetzner-runners-bench-'));

type About = {
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
	readonly name: string;
	readonly version: string;
	readonly bin: Readonly<Record<string, string>>;
};
const about = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as About;

function pack(folder: string): string {
	const [{filename}] = JSON.parse(execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch], {cwd: folder, encoding: 'utf8'})) as [{filename: string}];
	const to = path.join(scratch, `${path.basename(folder)}.tgz`);
	cpSync(path.join(scratch, filename), to);
	return to;
}

// Source by tsc, a file each, and what it imports as dependencies.
function unbundled(): string {
	const folder = path.join(scratch, 'unbundled');
	const project = path.join(scratch, 'tsconfig.json');
	writeFileSync(project, JSON.stringify({
		extends: path.join(root, 'tsconfig.json'),
		compilerOptions: {
			noEmit: false, allowImportingTsExtensions: false, rootDir: path.join(root, 'source'), outDir: path.join(folder, 'dist'), typeRoots: [path.join(root, 'node_modules/@types')],
		},
		include: [path.join(root, 'source')],
	}));
	execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project], {stdio: 'inherit'});
	cpSync(path.join(root, 'source/host-scripts'), path.join(folder, 'dist/host-scripts'), {recursive: true, filter: file => !file.endsWith('.ts')});
	cpSync(path.join(root, 'bin.js'), path.join(folder, 'bin.js'));
	const texts = readdirSync(path.join(folder, 'dist'), {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.js')).map(file => readFileSync(path.join(folder, 'dist', file), 'utf8'));
	const wanted = Object.entries(about.devDependencies).filter(([name]) => texts.some(text => text.includes(`from '${name}'`) || text.includes(`from '${name}/`)));
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify({
		name: about.name, version: about.version, type: 'module', bin: about.bin, files: ['dist'], dependencies: Object.fromEntries(wanted),
	}));
	return folder;
}

async function untilFirstFrame(tarball: string): Promise<{readonly milliseconds: number; readonly megabytes: number}> {
	const cache = mkdtempSync(path.join(scratch, 'cache-'));
	const home = mkdtempSync(path.join(scratch, 'home-'));
	const begun = performance.now();
	const child = pty.spawn('npx', ['--yes', '--loglevel=error', `--cache=${cache}`, `--package=${tarball}`, about.name, 'demo', '--jobs', '1'], {
		cols: 120, rows: 36, name: 'xterm-256color', cwd: home, env: {...process.env, XDG_STATE_HOME: home, XDG_RUNTIME_DIR: home},
	});
	let seen = '';
	const milliseconds = await new Promise<number>((resolve, reject) => {
		child.onData(text => {
			seen += text;
			if (seen.includes('SCALING')) {
				resolve(performance.now() - begun);
			}
		});
		child.onExit(() => {
			reject(new Error(`It ended before its first frame:\n${seen}`));
		});
	});
	child.kill('SIGTERM');
	return {milliseconds, megabytes: sizeOf(cache) / 1_000_000};
}

function sizeOf(folder: string): number {
	const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	return files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

mkdirSync(scratch, {recursive: true});
try {
	for (const [name, tarball] of [['bundle', pack(root)], ['unbundled', pack(unbundled())]] as const) {
		const {milliseconds, megabytes} = await untilFirstFrame(tarball);
		process.stdout.write(`${name.padEnd(10)} ${(milliseconds / 1000).toFixed(1).padStart(6)} s from npx with an empty cache to the first frame, ${(statSync(tarball).size / 1_000_000).toFixed(2)} MB packed, ${megabytes.toFixed(1)} MB in the cache\n`);
	}
} finally {
	rmSync(scratch, {recursive: true, force: true});
}
