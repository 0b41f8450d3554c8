// The words of the project's early dialect, and the field's words that replace them (CONTRIBUTING.md, Glossary).
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import test from 'ava';
import ts from 'typescript';

const replacements: Readonly<Record<string, string>> = {
	look: 'poll, check', looks: 'polls, checks', say: 'format, describe', hush: 'clear', tell: 'record, print', told: 'recorded', said: 'answer, state', spoken: 'announced',
	deed: 'request, operation', deeds: 'requests, operations', stance: 'plan input', doomed: 'to delete', farewell: 'shutdown', attend: 'reconcile',
	cooling: 'backoff', ledger: 'accounting', sighting: 'observation streak', cover: 'match', covered: 'matched', supply: 'capacity', settle: 'reconcile',
	thread: 'related', bow: 'shutdown', alarm: 'wakeable sleep', ring: 'wake', ground: 'target', lasting: 'stable', births: 'arrivals', unborn: 'scheduled', born: 'created',
	knob: 'parameter', knobs: 'parameters', dice: 'rng', strike: 'trigger', dress: 'format error', front: 'API server', twist: 'corrupt', morning: 'scenario',
	truth: 'actual state', story: 'trace', lives: 'runs', things: 'resources', acts: 'steps', house: 'harness, architecture', room: 'width, capacity', door: 'entry point',
	drawn: 'rendered', meant: 'action', hello: 'handshake', pieces: 'chunks',
};

// Identifiers that still have such a word. This list may only shrink.
const remaining = new Set(`
	acts alarm configActs covered drawn front hasRoom hello helloProgram
	isLasting isMeant isSaidBusy isSaidOnline isTold lookUp lookUpPauses recordNoRoom ring
	room said saidOf say settle supply things told
`.trim().split(/\s+/v));

test('no identifier of the source has a word of the old dialect, and the list of exceptions holds none that is gone', t => {
	const found = new Map<string, string>();
	for (const file of execFileSync('git', ['ls-files', 'source/**/*.ts', 'source/**/*.tsx', 'source/*.ts'], {encoding: 'utf8'}).trim().split('\n')) {
		for (const name of identifiersOf(file)) {
			const word = wordsOf(name).find(one => Object.hasOwn(replacements, one));
			if (word !== undefined) {
				found.set(name, `${file}: "${name}" has "${word}"; use ${replacements[word]}`);
			}
		}
	}

	t.deepEqual([...found].filter(([name]) => !remaining.has(name)).map(([, problem]) => problem), []);
	t.deepEqual([...remaining].filter(name => !found.has(name)), [], 'gone from the source: take these off the list');
});

function wordsOf(identifier: string): readonly string[] {
	return identifier.replaceAll(/(?<=[0-9a-z])(?=[A-Z])/gv, ' ').toLowerCase().split(/[ $_]+/v);
}

function identifiersOf(file: string): ReadonlySet<string> {
	const names = new Set<string>();
	const visit = (node: ts.Node): void => {
		if (ts.isIdentifier(node)) {
			names.add(node.text);
		}

		ts.forEachChild(node, visit);
	};

	visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, false, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
	return names;
}
