import {writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {readFollowProgram, readHostScripts} from '../../source/host-scripts/find.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const folder = temporaryFolder('scripts');

function file(name: string, text: string): string {
	const where = path.join(folder, name);
	writeFileSync(where, text);
	return where;
}

test('without options all scripts are built in', async t => {
	const scripts = await readHostScripts();
	t.deepEqual(scripts.named, []);
	for (const script of [scripts.setup, scripts.startupX64, scripts.startupArm64]) {
		t.is(script.source, 'built in');
		t.true(script.text.startsWith('#!/bin/bash\n'));
	}

	t.deepEqual([scripts.setup.kind, scripts.startupX64.kind, scripts.startupArm64.kind], ['setup', 'startup-x64', 'startup-arm64']);
	t.regex(await readFollowProgram(), /^hrt_hello <\/dev\/null$/mv);
});

test('the two startup scripts differ in the architecture they check, and in nothing else', async t => {
	const {startupX64, startupArm64} = await readHostScripts();
	t.is(startupX64.text.replaceAll('x86_64', 'aarch64'), startupArm64.text);
});

test('a custom script takes the place of one', async t => {
	const own = file('own.sh', 'echo mine\n');
	const scripts = await readHostScripts({startupArm64Script: own});
	t.deepEqual(scripts.startupArm64, {kind: 'startup-arm64', source: {path: own}, text: 'echo mine\n'});
	t.is(scripts.setup.source, 'built in');
});

test('a script that cannot be used is refused with its flag and path', async t => {
	await t.throwsAsync(readHostScripts({setupScript: '/nowhere.sh'}), {message: '--setup-script /nowhere.sh: there is no such file or folder'});
	await t.throwsAsync(readHostScripts({startupX64Script: folder}), {message: `--startup-x64-script ${folder}: it is a folder`});
	await t.throwsAsync(readHostScripts({startupArm64Script: file('empty.sh', ' \n')}), {message: /^--startup-arm64-script .*: the file is empty$/v});
	await t.throwsAsync(readHostScripts({setupScript: file('crlf.sh', 'echo a\r\n')}), {message: /its lines end in CR LF/v});
	await t.throwsAsync(readHostScripts({setupScript: file('binary.sh', 'a\0b')}), {message: /this is no text file/v});
});
