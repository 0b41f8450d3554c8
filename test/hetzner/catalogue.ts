import test from 'ava';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {imageFault, priceOf} from '../../source/model/catalogue.ts';
import {instant} from '../../source/model/time.ts';
import {answeringServer, type Answer} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {page} from '../support/hetzner-bodies.ts';
import {sharedFixtures} from '../support/shared-fixtures.ts';

function price(location: string, hourly: string, monthly: string): Record<string, unknown> {
	return {location, price_hourly: {net: '0.0', gross: hourly}, price_monthly: {net: '0.0', gross: monthly}};
}

const ended = {announced: '2026-08-01T00:00:00Z', unavailable_after: '2026-11-01T00:00:00Z'};
const ending = {announced: '2026-11-01T00:00:00Z', unavailable_after: '2027-02-01T00:00:00Z'};
const types = [
	{
		id: 114, name: 'cx23', architecture: 'x86', cores: 2, memory: 4, deprecation: null,
		prices: [price('fsn1', '0.0104720000000000', '6.5331'), price('nbg1', '0.02', '7'), price('ash', '0.03', '9')],
		locations: [{name: 'fsn1', deprecation: null, available: false}, {name: 'nbg1', deprecation: ended, available: true}],
	},
	{
		id: 45, name: 'cax11', architecture: 'arm', cores: 2, memory: 4, prices: [price('fsn1', '0.0114', '7.1')], locations: [{name: 'fsn1', deprecation: ending, available: true}],
	},
];
const pricing = {pricing: {currency: 'EUR', vat_rate: '19.000000', primary_ips: [{type: 'ipv4', prices: [price('fsn1', '0.000952', '0.595')]}, {type: 'ipv6', prices: [price('fsn1', '9', '9')]}]}};

async function given(image: string, more: Readonly<Record<string, Answer>> = {}) {
	const bodies: Readonly<Record<string, Answer>> = {
		'/v1/server_types': {body: page('server_types', types)},
		'/v1/pricing': {body: pricing},
		'/v1/locations': {body: page('locations', [{id: 1, name: 'fsn1'}, {id: 2, name: 'nbg1'}])},
		'/v1/images': {body: page('images', [{id: 1, name: 'ubuntu-24.04', architecture: 'x86'}, {id: 2, name: 'ubuntu-24.04', architecture: 'arm'}])},
		'/v1/images/77': {body: {image: {id: 77, name: null, architecture: 'arm'}}},
		...more,
	};
	const server = await answeringServer(({path}) => bodies[path] ?? {status: 404, body: {error: {code: 'not_found', message: 'not found'}}});
	const hetzner = createHetzner({
		apiUrl: `${server.url}/v1`, token: 'hetzner-secret', repository: {owner: 'acme', name: 'widgets'}, sshKeyName: 'laptop', image, clock: handClock(),
	});
	return {server, hetzner};
}

test('prices are gross, with the IPv4 address, where the type is sold; `available` is not believed', async t => {
	const {server, hetzner} = await given('ubuntu-24.04');
	const catalogue = await hetzner.readCatalogue();
	t.is(catalogue.currency, 'EUR');
	t.deepEqual(catalogue.locations, ['fsn1', 'nbg1']);
	const small = catalogue.serverTypes.get('cx23');
	t.like(small, {
		architecture: 'x64', cores: 2, memoryGigabytes: 4, unavailableAfter: undefined,
	});
	t.deepEqual([...small?.prices ?? []], [['fsn1', {hourlyMicros: 10_472 + 952, monthlyMicros: 6_533_100 + 595_000}]]);
	t.like(catalogue.serverTypes.get('cax11'), {architecture: 'arm64', unavailableAfter: instant(Date.UTC(2027, 1, 1))});
	t.deepEqual([...catalogue.imageArchitectures], ['x64', 'arm64']);
	await server.close();
});

test('an image is found by name or number, or in no architecture', async t => {
	for (const [image, architectures] of [['77', ['arm64']], ['78', []], ['debian-99', []]] as const) {
		const {server, hetzner} = await given(image);
		const catalogue = await hetzner.readCatalogue();
		t.deepEqual([...catalogue.imageArchitectures], [...architectures]);
		await server.close();
	}
});

test('the system of an image or snapshot is told in Hetzner\'s word; a row that does not say so says nothing against it', async t => {
	for (const [row, flavor, refusal] of [
		[{os_flavor: 'rocky'}, 'rocky', undefined],
		[{os_flavor: 'ubuntu', type: 'snapshot'}, 'ubuntu', undefined],
		[{os_flavor: null}, undefined, undefined],
		[{}, undefined, undefined],
		[{os_flavor: 'arch'}, 'arch', /image 77 is of the system arch, .* take another image \(--image\), or give a script of your own \(--setup-script\)/v],
		[{os_flavor: 'unknown'}, 'unknown', /^Hetzner does not know which system image 77 is/v],
	] as const) {
		const {server, hetzner} = await given('77', {
			'/v1/images/77': {
				body: {
					image: {
						id: 77, name: null, architecture: 'x86', ...row,
					},
				},
			},
		});
		const catalogue = await hetzner.readCatalogue();
		t.is(catalogue.imageFlavor, flavor);
		t.is(imageFault(catalogue, '77', true), undefined, 'a setup script of one\'s own may know any system');
		const fault = imageFault(catalogue, '77', false);
		t.true(refusal === undefined ? fault === undefined : refusal.test(fault ?? ''), fault);
		await server.close();
	}
});

test('an odd price, type, location or image costs no more than itself (ksail#4660)', async t => {
	const priced = (location: string, hourly: unknown) => ({location, price_hourly: hourly, price_monthly: {net: '0', gross: '6'}});
	const type = (id: number, name: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
		id, name, architecture: 'x86', cores: 2, memory: 4, prices: [priced('fsn1', {net: '0', gross: '0.01'})], locations: [{name: 'fsn1', deprecation: null}], ...more,
	});
	const {server, hetzner} = await given('ubuntu-24.04', {
		'/v1/server_types': {
			body: page('server_types', [
				type(1, 'cx23', {prices: [priced('fsn1', null), priced('nbg1', {net: '0', gross: 'much'}), null, priced('hel1', {gross: '0.02'})], locations: ['fsn1', 'nbg1', 'hel1', 'sin'].map(name => ({name}))}),
				type(2, 'cx33', {
					prices: null, cores: null, memory: 'plenty', deprecation: 4,
				}),
				type(3, null),
				{name: 'without an id', cores: 1, memory: 1},
			]),
		},
		'/v1/locations': {body: page('locations', [{id: 1, name: 'fsn1'}, {id: 2, name: null}, 'hel1'])},
		'/v1/images': {body: page('images', [{id: 1, name: 'ubuntu-24.04', architecture: null}, {id: 2, name: 'ubuntu-24.04', architecture: 'x86'}])},
	});
	const catalogue = await hetzner.readCatalogue();
	const prices = catalogue.serverTypes.get('cx23')?.prices;
	t.deepEqual([...prices?.keys() ?? []].toSorted((a, b) => a.localeCompare(b)), ['fsn1', 'hel1', 'nbg1', 'sin'], 'it can be had without a price');
	t.deepEqual([prices?.get('fsn1'), prices?.get('nbg1'), prices?.get('sin')], [undefined, undefined, undefined]);
	t.true((prices?.get('hel1')?.hourlyMicros ?? 0) >= 20_000);
	t.is(priceOf(catalogue, 'cx23', 'fsn1'), undefined, 'an unknown price is not another location\'s');
	t.true(catalogue.serverTypes.get('cx33')?.prices.has('fsn1'));
	t.deepEqual(catalogue.locations, ['fsn1']);
	t.deepEqual([...catalogue.imageArchitectures], ['x64']);
	await server.close();
});

test('documented types, prices, locations and images are understood', async t => {
	const read = (name: string): Answer[] => sharedFixtures('hetzner/documented', name).map(({body}) => ({body: lastPage(body)}));
	const [serverTypes] = read('schema-example-get_server_types-200');
	const [locations] = read('schema-example-get_locations-200');
	const [prices] = read('schema-example-get_pricing-200');
	const [images] = read('schema-example-get_images-200');
	t.log(serverTypes === undefined ? 'fixtures are not here' : 'fixtures read');
	const {server, hetzner} = await given('ubuntu-24.04', {
		...serverTypes !== undefined && {'/v1/server_types': serverTypes},
		...locations !== undefined && {'/v1/locations': locations},
		...prices !== undefined && {'/v1/pricing': prices},
		...images !== undefined && {'/v1/images': images},
	});
	const catalogue = await hetzner.readCatalogue();
	t.true(catalogue.serverTypes.size > 0);
	t.true(catalogue.locations.includes('fsn1'));
	t.true(catalogue.imageArchitectures.has('x64'));
	await server.close();
});

// The examples claim to be page 3 of 4; a server that always says so would be read for ever.
function lastPage(body: unknown): unknown {
	return {...body as Record<string, unknown>, meta: {pagination: {next_page: null}}};
}
