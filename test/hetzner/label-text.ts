import test from 'ava';
import {nameValue, textsOf, textValues} from '../../source/hetzner/label-text.ts';
import {oddText, seeded} from '../support/seeded.ts';

// As in hcloud-go's schema.
const valid = /^(?:(?:[0-9A-Za-z][\w\-.]{0,61})?[0-9A-Za-z])?$/v;

test('most names stay as they are, without case', t => {
	t.is(nameValue('Acme'), 'acme');
	t.is(nameValue('my.repo_1-b'), 'my.repo_1-b');
});

test('names with ends that no label may have, and long ones, become valid and stay apart', t => {
	t.is(nameValue('.github'), 'x--.github--x');
	t.is(nameValue('a'.repeat(63)), 'a'.repeat(63));
	t.regex(nameValue('a'.repeat(100)), /^h--a{20}--[0-9a-f]{32}$/v);
	const random = seeded(4821);
	const alphabet = 'ab.-_xh';
	const names = new Set(['x--.github--x', '.github', 'x--a', 'h--a', '-', '.', '_', 'a-', '', ...Array.from({length: 3000}, () =>
		Array.from({length: 1 + Math.floor(random() * (random() < 0.1 ? 100 : 8))}, () => alphabet[Math.floor(random() * alphabet.length)]).join(''))]);
	const values = new Set([...names].map(name => nameValue(name)));
	t.is(values.size, names.size);
	for (const value of values) {
		t.regex(value, valid);
	}
});

test('any labels come back from label values as they went in', t => {
	const random = seeded(70);
	const cases: readonly string[][] = [
		[],
		[''],
		['', ''],
		['_'],
		['__', '_'],
		['a_', '_b'],
		['x\'; touch PWNED; echo \''],
		['self-hosted', 'server-cx23'],
		['😀'.repeat(150)],
		['a'.repeat(300)],
		['_5f', 'u0041'],
		...Array.from({length: 500}, () => Array.from({length: Math.floor(random() * 5)}, () => oddText(random, random() < 0.1 ? 300 : 12))),
	];
	for (const labels of cases) {
		const values = textValues(labels);
		t.true(values.every(value => valid.test(value) && value.length <= 63));
		t.deepEqual(textsOf(values), labels);
	}
});

test('usual labels can be read on the server', t => {
	t.deepEqual(textValues(['self-hosted', 'server-cx23']), ['xself-hosted__server-cx23x']);
});

test('values that were changed by hand say nothing', t => {
	t.is(textsOf(['self-hosted']), undefined);
	t.is(textsOf(['xa_zzx']), undefined);
	t.is(textsOf(['x']), undefined);
});
