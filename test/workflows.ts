import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';

const folder = path.join(import.meta.dirname, '../.github/workflows');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

// A tag can be moved to other code, a commit cannot.
test('workflows name each action by its commit, and what they may is written down', t => {
	for (const name of readdirSync(folder)) {
		const text = read(name);
		const actions = text.match(/uses: .*/gv) ?? [];
		t.true(actions.length > 0, name);
		for (const action of actions) {
			t.regex(action, /^uses: [\w\-\/]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/v, name);
		}

		t.regex(text, /^permissions:/mv, name);
	}
});

test('a job of the release that may write runs nothing of the tree: no checkout, no install, no build', t => {
	const jobs = read('release.yml').split(/^(?= {2}[a-z]+:$)/mv).filter(job => /: write\b/v.test(job));
	t.is(jobs.length, 1);
	t.notRegex(jobs[0] ?? '', /actions\/checkout|npm (?:ci|install|run|exec)|\.ci\/run|node build/v);
	t.regex(jobs[0] ?? '', /sha256sum -c/v);
});
