// Whoever made an image into whose root folder a service is installed, or owns a folder from which root would start a program.
import {
	chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {whyUnstable} from '../../source/service/stable-path.ts';
import {inRoot} from '../../source/service/paths.ts';
import {takeSteps, undoSteps, type Step} from '../../source/service/steps.ts';
import {needs} from '../support/needs.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const asRoot = needs('root');
const nobody = 65_534;

const steps: readonly Step[] = [
	{type: 'folder', path: '/etc/ours/files', mode: 0o750},
	{
		type: 'file', path: '/etc/ours/files/secret', mode: 0o600, text: 'secret',
	},
	{type: 'link', path: '/usr/local/bin/ours', to: '/usr/local/lib/ours/bin.js'},
];

test('nothing is written, removed or read through a link of an alternative root, whichever part of the way is one', async t => {
	for (const link of ['etc', 'etc/ours', 'etc/ours/files', 'usr/local', 'usr/local/bin']) {
		const folder = temporaryFolder('image');
		const [root = '', outside = ''] = ['root', 'outside'].map(name => path.join(folder, name));
		mkdirSync(path.join(outside, 'files'), {recursive: true});
		mkdirSync(path.dirname(path.join(root, link)), {recursive: true});
		symlinkSync(outside, path.join(root, link));
		const before = readdirSync(outside, {recursive: true});
		await t.throwsAsync(takeSteps(steps, {root, print: () => undefined}), {message: /is a link/v}, link);
		await undoSteps(steps, {root, print: () => undefined});
		t.deepEqual(readdirSync(outside, {recursive: true}), before, link);
	}

	const root = temporaryFolder('image');
	mkdirSync(path.join(root, 'etc'));
	symlinkSync('/etc/shadow', path.join(root, 'etc/passwd'));
	t.throws(() => inRoot(root, '/etc/passwd'), {message: /is a link/v});
});

asRoot('root starts no program that others can change, nor one in a folder that they can', t => {
	const folder = `/usr/local/lib/hrt-test-${process.pid}`; // What lies below the temporary folder does not last anyway.
	const program = path.join(folder, 'package', 'dist', 'cli.js');
	mkdirSync(path.dirname(program), {recursive: true});
	t.teardown(() => {
		process.getBuiltinModule('node:fs').rmSync(folder, {recursive: true});
	});
	writeFileSync(program, '');
	const ours = path.join(folder, 'package');
	t.is(whyUnstable(ours), undefined);
	for (const place of [folder, ours, path.dirname(program), program]) {
		const usual = place === program ? 0o644 : 0o755;
		for (const mode of [usual + 0o020, usual + 0o002]) {
			chmodSync(place, mode);
			t.regex(whyUnstable(ours) ?? '', /others than root may change/v, `${place} ${mode.toString(8)}`);
			chmodSync(place, usual);
		}

		chownSync(place, nobody, 0);
		t.regex(whyUnstable(ours) ?? '', /others than root may change/v, place);
		chownSync(place, 0, 0);
	}

	t.is(whyUnstable(ours), undefined);
});
