import test from 'ava';
import {isCounted, parseLine, splitLines} from '../../source/ssh/protocol.ts';

test('lines are whole, however the text was cut', t => {
	const text = '@answered fresh 1795521600\n@step setup\n| ä 😀\n|\n@ended setup 7 1795521601\n';
	for (let size = 1; size < 20; size++) {
		let pending = '';
		const lines: string[] = [];
		for (let at = 0; at < text.length; at += size) {
			const split = splitLines(pending, text.slice(at, at + size));
			lines.push(...split.lines);
			pending = split.pending;
		}

		t.deepEqual(lines, text.trimEnd().split('\n'));
		t.is(pending, '');
	}
});

test('a line without an end does not grow', t => {
	let pending = '';
	for (let turn = 0; turn < 1000; turn++) {
		({pending} = splitLines(pending, 'x'.repeat(10_000)));
	}

	t.is(pending.length, 8192);
	t.deepEqual(splitLines(pending, 'more\nnext').lines.map(line => line.length), [8192]);
});

test('each line says one thing', t => {
	t.deepEqual(parseLine('@answered fresh 1795521600'), {
		line: 'answered', isResumed: false, epochSeconds: 1_795_521_600, hostKey: undefined,
	});
	const hostKey = `ssh-ed25519 ${'A'.repeat(68)}`;
	t.deepEqual(parseLine(`@answered resumed 1 ${hostKey}`), {
		line: 'answered', isResumed: true, epochSeconds: 1, hostKey,
	});
	for (const odd of [`${hostKey} *.example ssh-ed25519 ${'A'.repeat(68)}`, `${hostKey}\r`, `* ${'A'.repeat(68)}`, '@cert-authority x']) {
		t.is(parseLine(`@answered fresh 1 ${odd}`).line, 'other', 'a server writes no line of known_hosts but its own key');
	}

	t.deepEqual(parseLine('@step startup'), {line: 'step', script: 'startup'});
	t.deepEqual(parseLine('| @ended startup 0 1'), {line: 'text', text: '@ended startup 0 1'});
	t.deepEqual(parseLine('|'), {line: 'text', text: ''});
	t.deepEqual(parseLine('@ended setup 254 1'), {
		line: 'ended', script: 'setup', exitCode: 254, epochSeconds: 1,
	});
	t.deepEqual(parseLine('This account is currently not available.'), {line: 'other', text: 'This account is currently not available.'});
	t.deepEqual(parseLine('@ended setup oops'), {line: 'other', text: '@ended setup oops'});
});

test('the lines that a server counts are counted here', t => {
	t.deepEqual(['@answered fresh 1', '@step setup', '| a', '|', '@ended setup 0 1', 'Welcome'].filter(line => isCounted(line)), ['@step setup', '| a', '|', '@ended setup 0 1']);
});
