import {createHash} from 'node:crypto';
import {
	readdirSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type {Server} from '../../source/model/server.ts';
import {createEngine} from '../../source/scaler/engine.ts';
import {engineController} from '../../source/scaler/engine-controller.ts';
import type {HostScripts} from '../../source/scaler/ports.ts';
import {given, job} from '../../source/simulator/given.ts';
import {inProcessPorts} from '../../source/simulator/ports/in-process.ts';
import {scriptRecords} from '../../source/wiring/script-records.ts';
import {givenPolicy} from '../support/given.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const scriptsWith = (setup: string): HostScripts => ({
	setup: {kind: 'setup', source: {path: '/etc/setup.sh'}, text: setup},
	startupX64: {kind: 'startup-x64', source: 'built in', text: '# x64\n'},
	startupArm64: {kind: 'startup-arm64', source: 'built in', text: '# arm64\n'},
	named: [],
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

test('which scripts a server was handed is known to the next engine, though it hands out others', async t => {
	const folder = temporaryFolder('script-records');
	const day = given({jobs: [job('test')]});
	const run = (setup: string) => {
		const {records, recorded} = scriptRecords(folder, text => {
			t.fail(text);
		});
		const ports = inProcessPorts(day.world, {scripts: scriptsWith(setup)});
		const engine = createEngine({...ports, shell: recorded(ports.shell), scriptRecords: records}, givenPolicy(), {version: '0.0.0', clockSpeed: 1});
		void engine.run();
		return {engine, controller: engineController(engine)};
	};

	const first = run('# first\n');
	t.true(await day.until('test', 'running'));
	await day.pass(20);
	const [server] = first.engine.state().servers.items;
	const handed = first.engine.state().serverScripts.get(server?.id ?? (0 as Server['id']));
	t.deepEqual(handed, {setup: hashOf('# first\n'), startup: hashOf('# x64\n')});
	const stopped = first.engine.stop();
	await day.pass(20);
	await stopped;

	const second = run('# second\n');
	await day.pass(20);
	t.deepEqual(second.engine.state().serverScripts.get(server?.id ?? (0 as Server['id'])), handed);
	t.is(await second.controller.scriptText(hashOf('# first\n')), '# first\n');
	t.is((await second.controller.scripts()).setup.text, '# second\n');
	t.is(await second.controller.scriptText('../../../etc/passwd'), undefined);
	t.is(await second.controller.scriptText(hashOf('# never\n')), undefined);
	const end = second.engine.stop();
	await day.pass(20);
	await end;

	for (const name of readdirSync(path.join(folder, 'scripts'))) {
		t.is(statSync(path.join(folder, 'scripts', name)).mode % 0o1000, 0o600, name);
	}
});

test('a record that cannot be read counts as none, texts that no server got go, and a folder that cannot be written is reported once', t => {
	const folder = temporaryFolder('script-records');
	const troubles: string[] = [];
	const open = () => scriptRecords(folder, text => {
		troubles.push(text);
	}).records;
	t.is(open().servers().size, 0);
	writeFileSync(path.join(folder, 'scripts', 'servers.jsonl'), '{"server":1,"setup":"aaaaaaaaaaaa","startup":"bbbbbbbbbbbb"}\n{"server":2,"setup":"../passwd","startup":"x"}\nno JSON\n');
	writeFileSync(path.join(folder, 'scripts', 'aaaaaaaaaaaa.sh'), 'kept');
	writeFileSync(path.join(folder, 'scripts', 'cccccccccccc.sh'), 'unused');
	t.deepEqual([...open().servers().keys()].map(Number), [1]);
	t.deepEqual(readdirSync(path.join(folder, 'scripts')).toSorted(), ['aaaaaaaaaaaa.sh', 'servers.jsonl']);
	t.deepEqual(troubles, []);
	rmSync(path.join(folder, 'scripts'), {recursive: true});
	writeFileSync(path.join(folder, 'scripts'), 'a file where the folder should be');
	t.is(open().servers().size, 0);
	t.regex(troubles.join('\n'), /^cannot record which scripts servers get: .+$/v);
});
