import test from 'ava';
import type {Image} from '../../source/model/catalogue.ts';
import {instant} from '../../source/model/time.ts';
import {catalogue as catalogueSchema} from '../../source/remote/schema/nouns.ts';
import {engineState as stateSchema} from '../../source/remote/schema/state.ts';
import {givenState} from '../support/given/state.ts';
import {withoutUndefined} from '../support/without-undefined.ts';

test('what a read could not tell of, and whether more may be missing, reaches the other side', t => {
	const gaps = [{what: 'the list of servers', hidesOthers: true}];
	const servers = {
		state: 'partial' as const, items: [], at: instant(1), gaps, fault: {reason: 'could not read the list of servers', since: instant(1), retryAt: undefined},
	};
	const {servers: read} = stateSchema.parse({...givenState(), servers});
	t.deepEqual(withoutUndefined(read.state === 'partial' ? read.gaps : []), gaps);
});

test('a price that could not be read, and an image\'s system, reach the other side', t => {
	const {catalogue} = givenState();
	const image: Image = {
		id: 1, kind: 'snapshot', name: undefined, description: 'tools', architecture: 'x64', flavor: 'rocky',
	};
	const [[name, type] = ['', undefined]] = catalogue?.serverTypes ?? [];
	const read = catalogueSchema.parse({...catalogue, images: [image], serverTypes: new Map([[name, {...type, prices: new Map([['fsn1', undefined]])}]])});
	t.is(read.images[0]?.flavor, 'rocky');
	t.deepEqual([...read.serverTypes.get(name)?.prices ?? []], [['fsn1', undefined]]);
});
