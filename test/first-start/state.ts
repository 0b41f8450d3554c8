import test from 'ava';
import {edit, pressesOf, type Line} from '../../source/first-start/edit.ts';
import {
	beginning, nextState, formatProgress, typeChoices, type Project,
} from '../../source/first-start/state.ts';
import type {Catalogue, ServerType} from '../../source/model/catalogue.ts';

const type = (name: string, hourlyMicros: number, changes: Partial<ServerType> = {}): readonly [string, ServerType] => [name, {
	name, architecture: 'x64', cores: 2, memoryGigabytes: 4, diskGigabytes: 40, likelyAt: new Set(), unavailableAfter: undefined, prices: new Map([['fsn1', {hourlyMicros, monthlyMicros: hourlyMicros * 600}]]), ...changes,
}];
const catalogue: Catalogue = {
	currency: 'EUR', locations: ['fsn1'], imageArchitectures: new Set(['x64']), images: [], serverTypes: new Map([type('cx33', 14_000), type('cpx11', 8000), type('cx23', 9000), type('cax11', 7000, {architecture: 'arm64'}), type('old', 1000, {prices: new Map()})]),
};
const project: Project = {
	catalogue, keys: [], keysElsewhere: [], keyProblems: [],
};

test('types that can be had with the image are offered, the usual one first, then the cheapest', t => {
	t.deepEqual(typeChoices(project, 'cx23').map(({value}) => value), ['cx23', 'cpx11', 'cx33']);
});

test('back goes one question back, and not while something is checked', t => {
	const begun = nextState(beginning({}), {type: 'answered', answers: {}});
	t.is(begun.step, 'repository');
	const asked = nextState(begun, {type: 'answered', answers: {githubRepository: 'acme/widgets'}});
	t.is(asked.step, 'githubToken');
	t.is(nextState(asked, {type: 'back'}).step, 'repository');
	const checking = nextState(asked, {type: 'checks', what: 'asking GitHub'});
	t.is(nextState(checking, {type: 'back'}), checking);
	const failed = nextState(checking, {type: 'failed', fault: 'no', refused: 'ghp_x'});
	t.like(failed, {
		step: 'githubToken', fault: 'no', checking: undefined, refused: 'ghp_x',
	});
	t.true(failed.turn > asked.turn, 'the field is made anew');
});

test('each question says which it is of how many, and one core is one', t => {
	t.deepEqual([formatProgress('welcome'), formatProgress('repository'), formatProgress('firewall')], ['', '1 of 8', '8 of 8']);
	const small = {...catalogue, serverTypes: new Map([type('one', 9000, {cores: 1})])};
	t.regex(typeChoices({...project, catalogue: small}, '')[0]?.label ?? '', /^one {5}1 core {5}4 GB/v);
});

test('a question can be left and come back to', t => {
	const asked = nextState(beginning({}), {type: 'answered', answers: {}});
	const leaving = nextState(asked, {type: 'leaves'});
	t.true(leaving.isLeaving);
	t.like(nextState(leaving, {type: 'back'}), {isLeaving: false, step: 'repository'});
});

test('keys that come together are told apart', t => {
	t.deepEqual(pressesOf('ab\u{1}c\u{7F}\u{7F}', {}).map(({input, ctrl = false, backspace = false}) => `${ctrl ? '^' : ''}${backspace ? 'back' : input}`), ['ab', '^a', 'c', 'back', 'back']);
	t.deepEqual(pressesOf('\u{15}', {}), [{input: 'u', ctrl: true}], 'what is left of it when an enter came with it');
	t.deepEqual(pressesOf('a', {ctrl: true}), [{input: 'a', ctrl: true}]);
});

test('a field is edited as a shell edits a line', t => {
	const keys = {
		'^a': {input: 'a', ctrl: true}, '^e': {input: 'e', ctrl: true}, '^u': {input: 'u', ctrl: true}, '^k': {input: 'k', ctrl: true}, '^w': {input: 'w', ctrl: true}, '^x': {input: 'x', ctrl: true}, left: {input: '', leftArrow: true}, right: {input: '', rightArrow: true}, back: {input: '', delete: true}, altBack: {input: '', delete: true, meta: true}, home: {input: '', home: true}, end: {input: '', end: true},
	} as const;
	const after = (...presses: ReadonlyArray<keyof typeof keys | (string & {})>): string => {
		let line: Line = {text: '', cursor: 0};
		for (const press of presses) {
			line = edit(line, Object.hasOwn(keys, press) ? keys[press as keyof typeof keys] : {input: press}) ?? line;
		}

		const characters = [...line.text];
		return [...characters.slice(0, line.cursor), '|', ...characters.slice(line.cursor)].join('');
	};

	const cases: ReadonlyArray<readonly [string, readonly string[]]> = [
		['acme/x|', ['acme/', 'x']],
		['|acme', ['acme', '^a']],
		['Xacme|', ['acme', '^a', 'X', '^e']],
		['|', ['acme', '^u']],
		['|me', ['acme', 'left', 'left', '^u']],
		['ac|', ['acme', 'left', 'left', '^k']],
		['two |', ['two words', '^w']],
		['|', ['two words', '^w', '^w']],
		['a |c', ['a b c', 'left', '^w']],
		['a |', ['a b', 'altBack']],
		['acm|', ['acme', 'back']],
		['|', ['back', '^w', '^u', 'left']],
		['a|', ['a', 'right', 'right']],
		['|a', ['a', 'home']],
		['ab|', ['a', 'home', 'end', 'b']],
		['acme|', ['acme', '^x']],
		['😀|b', ['😀b', 'left']],
		['|b', ['😀b', 'left', 'back']],
		['ab|', ['a\u{7}b']],
	];
	for (const [wanted, presses] of cases) {
		t.is(after(...presses), wanted, presses.join(' '));
	}
});
