import {readFileSync} from 'node:fs';
import test from 'ava';

// Each is a whole script, to be read, shown and replaced by itself; this keeps the two from drifting apart.
test('the startup scripts differ in the machine they are for, and in nothing else', t => {
	const read = (name: string) => readFileSync(new URL(`../../source/host-scripts/${name}`, import.meta.url), 'utf8');
	t.is(read('startup-arm64.sh').replaceAll('aarch64', 'x86_64'), read('startup-x64.sh'));
});
