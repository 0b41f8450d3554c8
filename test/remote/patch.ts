import test from 'ava';
import {applyPatch, patchBetween, type Patch} from '../../source/remote/patch.ts';
import {decode, encode} from '../../source/remote/codec.ts';
import {busyDay} from '../support/busy-day.ts';
import {givenState} from '../support/given/state.ts';
import {seeded} from '../support/seeded.ts';
import {withoutUndefined} from '../support/without-undefined.ts';

// What one console gets after another change: over the wire and put together again.
function carried(before: unknown, after: unknown): unknown {
	const change = patchBetween(before, after);
	return change === undefined ? before : applyPatch(before, decode(encode(change)) as Patch);
}

test('maps and sets wherever they are keep what they are, and what is undefined is not there', t => {
	const value = {
		map: new Map<unknown, unknown>([[1, new Set(['x64'])], ['b', new Map([[{c: 1}, 'd']])]]), nothing: undefined, text: '$\n\t\u{2028}', list: [null, new Map()], nested: ['map', ['list']],
	};
	t.is(encode(value).split('\n').length, 1);
	t.deepEqual(decode(encode(value)), withoutUndefined(value));
	for (const whole of [new Map([[1, 2]]), new Set(['a']), 'text', 7, null, [new Set([new Map()])]]) {
		t.deepEqual(decode(encode(whole)), whole);
	}

	const state = givenState(busyDay);
	const before = structuredClone(state);
	t.deepEqual(decode(encode(state)), withoutUndefined(state));
	t.deepEqual(state, before);
});

test('a line that names places which are not there is refused, and nothing else changes', t => {
	for (const places of ['[["map",["__proto__","x"]]]', '[["map",["a","b"]]]', '[["set",["constructor","prototype"]]]', '[["map",["a"]]]', '[["map",7]]', '[7]', 'null', '{}']) {
		t.throws(() => {
			decode(`{"a":1}\t${places}`);
		}, {instanceOf: Error}, `${places} was read`);
	}

	t.false('x' in {});
});

test('a list that loses rows in front and gains them at the end tells only the new ones', t => {
	t.deepEqual(patchBetween(['a', 'b', 'c'], ['b', 'c', 'd']), {is: 'moved', skip: 1, more: ['d']});
	t.is(patchBetween([{at: 1}, {at: 2}], [{at: 1}, {at: 2}]), undefined);
	t.deepEqual(patchBetween(['a'], ['b']), {is: 'new', value: ['b']});
	t.deepEqual(patchBetween(['a'], []), {is: 'new', value: []});
	t.deepEqual(patchBetween([], ['a']), {is: 'new', value: ['a']});
});

test('of a long list of rows only those are told that are new, changed or gone', t => {
	const before = Array.from({length: 1000}, (_, id) => ({id, name: `job ${id}`}));
	const row = {id: 500, name: 'another'};
	const after = [{id: 2000, name: 'in front'}, ...before.filter(({id}) => id !== 7).map(one => one.id === 500 ? row : one), {id: 2001, name: 'at the end'}];
	t.deepEqual(patchBetween(before, after), {
		is: 'rows', gone: [7], changed: [row], front: [{id: 2000, name: 'in front'}], back: [{id: 2001, name: 'at the end'}],
	});
	t.deepEqual(carried(before, after), after);
	t.is(patchBetween(before, structuredClone(before)), undefined);
	t.deepEqual(carried(before, []), []);
	t.deepEqual(carried([], after), after);
	t.deepEqual(carried(before, before.toReversed()), before.toReversed());
	t.deepEqual(carried(before, [row, row]), [row, row]);
	const [first] = before;
	const changed = applyPatch(before, patchBetween(before, after) ?? {is: 'new', value: after});
	t.is((changed as typeof before)[1], first);
});

test('what has not changed stays the same object', t => {
	const before = {kept: {deep: [1]}, other: 1};
	const after = applyPatch(before, {is: 'parts', parts: [['other', {is: 'new', value: 2}]], gone: []}) as typeof before;
	t.is(after.kept, before.kept);
	t.deepEqual(after, {kept: {deep: [1]}, other: 2});
	t.is(before.other, 1);
});

test('whatever a value becomes, its difference leads there', t => {
	for (let seed = 0; seed < 3000; seed++) {
		const chance = seeded(seed);
		const before = anything(chance, 3);
		const after = chance() < 0.5 ? altered(before, chance) : anything(chance, 3);
		t.deepEqual(withoutUndefined(carried(before, after)), withoutUndefined(after), `seed ${seed}`);
	}
});

function anything(chance: () => number, depth: number): unknown {
	const kind = Math.floor(chance() * (depth > 0 ? 8 : 4));
	const some = (): unknown[] => Array.from({length: Math.floor(chance() * 4)}, () => anything(chance, depth - 1));
	switch (kind) {
		case 0: {
			return Math.floor(chance() * 3);
		}

		case 1: {
			return ['', 'a', '$', '__proto__'][Math.floor(chance() * 4)];
		}

		case 2: {
			return null;
		}

		case 3: {
			return chance() < 0.5;
		}

		case 4: {
			return some();
		}

		case 5: {
			return some().map(value => ({id: Math.floor(chance() * 6), value}));
		}

		case 6: {
			return new Map(some().map((value, at) => [at, value]));
		}

		default: {
			return Object.fromEntries(some().map((value, at) => [`part ${at}`, chance() < 0.2 ? undefined : value]));
		}
	}
}

function altered(value: unknown, chance: () => number): unknown {
	if (Array.isArray(value)) {
		const kept: readonly unknown[] = value.slice(Math.floor(chance() * 2));
		return [...kept, ...(chance() < 0.5 ? [anything(chance, 1)] : [])];
	}

	if (value instanceof Map) {
		return new Map([...value].filter(() => chance() < 0.8).map(([key, item]) => [key, chance() < 0.5 ? altered(item, chance) : item] as [unknown, unknown]));
	}

	return typeof value === 'object' && value !== null
		? Object.fromEntries(Object.entries(value).filter(() => chance() < 0.8).map(([key, item]: [string, unknown]) => [key, chance() < 0.5 ? altered(item, chance) : item]))
		: anything(chance, 1);
}
