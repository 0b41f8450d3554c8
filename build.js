// Bundles the program into dist/: one file a command, no dependency at run time. The scripts for servers lie beside it.
import {
	readFile,
	writeFile,
	mkdir,
	rm,
	copyFile,
	readdir,
} from 'node:fs/promises';
import path from 'node:path';
import {build} from 'esbuild';

// Ink asks for it in development only, and esbuild would hoist its import.
const withoutDevtools = {
	name: 'without-devtools',
	setup(bundler) {
		bundler.onResolve({filter: /^react-devtools-core$/}, () => ({path: 'react-devtools-core', namespace: 'nothing'}));
		bundler.onLoad({filter: /.*/, namespace: 'nothing'}, () => ({contents: 'export default {connectToDevTools() {}, initialize() {}};'}));
	},
};

// Native parts of ssh2 are optional: it works without them.
const withoutNative = {
	name: 'without-native',
	setup(bundler) {
		bundler.onResolve({filter: /\.node$|^cpu-features$/}, found => ({path: found.path, namespace: 'native'}));
		bundler.onLoad({filter: /.*/, namespace: 'native'}, () => ({contents: 'throw new Error("not bundled");', loader: 'js'}));
	},
};

await rm('dist', {recursive: true, force: true});
const {metafile} = await build({
	entryPoints: {cli: 'source/cli.ts'},
	outdir: 'dist',
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node22',
	supported: {'regexp-unicode-property-escapes': true, 'regexp-set-notation': true}, // Else it makes them anew with each call.
	jsx: 'automatic',
	minifySyntax: true,
	minifyWhitespace: true, // What is shorter is compiled sooner.
	sourcemap: true,
	sourcesContent: false,
	legalComments: 'none',
	metafile: true,
	define: {'process.env.NODE_ENV': '"production"'},
	plugins: [withoutDevtools, withoutNative],
	// What CommonJS packages take for granted.
	banner: {js: 'import {createRequire as __createRequire} from "node:module"; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;'},
	logLevel: 'warning',
});

for (const file of await readdir('source/host-scripts')) {
	if (file.endsWith('.sh')) {
		await mkdir('dist', {recursive: true});
		await copyFile(path.join('source/host-scripts', file), path.join('dist', file));
	}
}

// The licences of everything that ended up in the bundle, in one file.
const packages = new Set(Object.keys(metafile.inputs).flatMap(input => {
	const match = /^(?<folder>(?:.*\/)?node_modules\/(?:@[^\/]+\/)?[^\/]+)\//v.exec(input);
	return match === null ? [] : [match.groups.folder];
}));
const notices = [];
for (const folder of [...packages].toSorted()) {
	const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
	const licence = (await readdir(folder)).find(file => /^licen[cs]e/iv.test(file));
	const text = licence === undefined ? await licenceTextOf(about) : await readFile(path.join(folder, licence), 'utf8');
	const notice = (await readdir(folder)).find(file => /^notice/iv.test(file));
	const more = notice === undefined ? '' : `\n${(await readFile(path.join(folder, notice), 'utf8')).trim()}\n`;
	notices.push(`${about.name} ${about.version}\n\n${text.trim()}\n${more}`);
}

// Packages that name their licence and bring no text of it: the text is the licence's own, the holder is who the package says made it.
async function licenceTextOf({name, license, author}) {
	const holder = typeof author === 'string' ? author.split('<', 1)[0].trim() : author?.name;
	if (holder === undefined || holder === '') {
		throw new Error(`${name} says neither its licence's text nor who made it`);
	}

	if (license === 'Apache-2.0') {
		return `Copyright ${holder}\n\n${await readFile('LICENSE', 'utf8')}`;
	}

	if (license === 'MIT') {
		const sample = await readFile('node_modules/react/LICENSE', 'utf8'); // Its wording, with the other holder.
		return sample.replace(/^Copyright .*$/mv, () => `Copyright (c) ${holder}`);
	}

	throw new Error(`the licence of ${name}, ${license}, has no text here`);
}

await writeFile('dist/THIRD-PARTY-NOTICES', notices.join(`\n${'-'.repeat(80)}\n\n`));
