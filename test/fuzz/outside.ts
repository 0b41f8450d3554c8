import test from 'ava';
import {fuzzTargets} from '../support/fuzz-targets.ts';

// `npm run fuzz` puts a hundred thousand through each.
for (const {name, run} of fuzzTargets) {
	test(`${name}: a thousand inputs, slightly wrong, do no harm`, async t => {
		t.is(await run(1000, 5), undefined);
	});
}
