import test from 'ava';
import {soak} from '../support/soak.ts';

test('250 bad days keep all promises, ports in process', async t => {
	t.timeout(600_000);
	await soak(t, 251, 250, false);
});
