import test from 'ava';
import {soak} from '../support/soak.ts';

test('bad days keep all promises, the real adapters over the simulator\'s HTTP', async t => {
	t.timeout(600_000);
	await soak(t, 501, 16, true);
});
