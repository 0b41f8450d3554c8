import test from 'ava';
import type {Catalogue, ServerType} from '../../source/model/catalogue.ts';
import {placementsFor} from '../../source/model/placements.ts';
import {describeUnservable} from '../../source/model/unservable.ts';
import {givenPolicy} from '../support/given.ts';

type Row = readonly [name: string, cores: number, memory: number, disk: number, prices: Readonly<Record<string, number>>, likelyAt?: readonly string[]];

// Prices in thousandths of a euro an hour.
function catalogueOf(...rows: readonly Row[]): Catalogue {
	const type = ([name, cores, memoryGigabytes, diskGigabytes, prices, likelyAt = []]: Row): readonly [string, ServerType] => [name, {
		name, cores, memoryGigabytes, diskGigabytes, architecture: name.startsWith('cax') ? 'arm64' : 'x64', unavailableAfter: undefined, likelyAt: new Set(likelyAt),
		prices: new Map(Object.entries(prices).map(([location, thousandths]) => [location, {hourlyMicros: thousandths * 1000, monthlyMicros: thousandths * 600_000}])),
	}];
	return {
		currency: 'EUR', locations: ['fsn1', 'nbg1', 'sin'], serverTypes: new Map(rows.map(row => type(row))), imageArchitectures: new Set(['x64', 'arm64']),
		images: [
			{
				id: 1, kind: 'app', name: 'docker-ce', description: 'Docker', architecture: 'x64',
			}, {
				id: 2, kind: 'snapshot', name: undefined, description: 'Our Tools', architecture: 'arm64',
			},
		],
	};
}

const eu = (price: number) => ({fsn1: price, nbg1: price});
const catalogue = catalogueOf(
	['ccx13', 2, 8, 80, {...eu(70), sin: 84}], ['cpx12', 1, 2, 40, {...eu(18), sin: 22}], ['cpx22', 2, 4, 80, {...eu(32), sin: 40}, ['nbg1']], ['cx23', 2, 4, 40, eu(9)], ['cx33', 4, 8, 80, eu(14)], ['cax11', 2, 4, 40, eu(8)], ['cax21', 4, 8, 80, eu(13)],
);
const byNeed = givenPolicy({serverTypes: []});

const placed = (labels: readonly string[], policy = byNeed) => {
	const found = placementsFor(labels, policy, catalogue);
	return 'why' in found ? describeUnservable(found) : found.map(({serverType, location}) => location === undefined ? serverType : `${serverType}@${location}`).join(' ');
};

test('without a wish and a configured type it is the cheapest of the usual size, then dearer ones', t => {
	t.is(placed(['self-hosted']), 'cx23 cx33 cpx22@nbg1 cpx22@fsn1 cpx22@sin ccx13@fsn1 ccx13@nbg1 ccx13@sin');
});

test('a need is met by the cheapest type that fits, up to the price limit', t => {
	t.is(placed(['cpu-4', 'ram-8']), 'cx33');
	t.is(placed(['arm64']), 'cax11 cax21');
	t.is(placed(['cpu-4', 'arch-arm64']), 'cax21');
	t.is(placed(['ram-3'], givenPolicy({serverTypes: ['cx33']})), 'cx23 cx33 cpx22@nbg1 cpx22@fsn1 cpx22@sin ccx13@fsn1 ccx13@nbg1 ccx13@sin', 'a need of the job\'s own goes before configured types');
	t.is(placed(['self-hosted'], {...byNeed, maxPriceMicros: 20_000}), 'cx23 cx33');
	t.is(placed(['self-hosted'], {...byNeed, maxPriceMicros: 5000}), 'cx23 costs €0.009 an hour, the limit is €0.005 (--max-price-per-hour)');
	t.is(placed(['server-ccx13'], {...byNeed, maxPriceMicros: 20_000}), 'ccx13 costs €0.084 an hour, the limit is €0.020 (--max-price-per-hour)', 'a job cannot name its way past the limit');
	t.is(placed(['cpu-64', 'ram-256']), 'no server type has 64 cores, 256 GB of memory, x64');
	t.is(placed(['cpu-1', 'disk-10']), 'cx23 cx33 cpx12@fsn1 cpx12@nbg1 cpx12@sin cpx22@nbg1 cpx22@fsn1 cpx22@sin ccx13@fsn1 ccx13@nbg1 ccx13@sin');
});

test('without a price limit a need is never met at more than ten times the cheapest', t => {
	const dear = catalogueOf(['cx23', 2, 4, 40, eu(9)], ['ccx13', 2, 8, 80, eu(70)], ['ccx63', 48, 192, 960, eu(1300)]);
	const found = placementsFor(['self-hosted'], byNeed, dear);
	t.deepEqual('why' in found ? found : found.map(({serverType}) => serverType), ['cx23', 'ccx13']);
});

test('named types and locations are tried in their order, each type in each location', t => {
	t.is(placed(['type-cpx22-cx23', 'in-nbg1-fsn1']), 'cpx22@nbg1 cpx22@fsn1 cx23@nbg1 cx23@fsn1');
	t.is(placed(['type-cx23', 'in-sin']), 'cx23 is not sold in sin');
	t.is(placed(['in-sin']), 'cpx22@sin ccx13@sin');
	t.is(placed(['type-cx23', 'in-house']), 'Hetzner has no location house; there is fsn1, nbg1, sin');
	t.is(placed(['type-large']), 'Hetzner has no server type large');
	t.is(placed(['type-cx23', 'cpu-8']), 'cx23 has less than 8 cores');
	t.is(placed(['type-cx23', 'type-cx33', 'cpu-4']), 'cx33', 'a named type that is too small is passed over');
	t.is(placed(['type-cax11', 'x64']), 'label x64 never fits an arm64 server');
});

test('an image of a label is found by name, or by description for a snapshot, in its architecture', t => {
	const images = (...labels: string[]) => {
		const found = placementsFor(labels, byNeed, catalogue);
		return 'why' in found ? describeUnservable(found) : found.slice(0, 1).map(({serverType, image}) => `${serverType} with ${image}`).join('');
	};

	t.is(images('self-hosted', 'type-cpx22', 'image-x86-app-docker-ce'), 'cpx22 with 1');
	t.is(images('image-arm-snapshot-our tools'), 'cax11 with 2');
	t.is(images('image-x86-app-gone'), 'image gone does not exist for x64');
	t.is(images('type-cax11', 'image-x86-app-docker-ce'), 'image docker-ce does not exist for arm64');
	t.is(images('type-cax11'), 'cax11 with ubuntu-24.04', 'an arm type alone gets the usual image for arm');
});

test('an image of a label whose system the built-in setup script does not know is refused before a server is paid for (os_flavor)', t => {
	const images = [
		{
			id: 8, kind: 'snapshot', name: undefined, description: 'gentoo', architecture: 'x64', flavor: 'gentoo',
		}, {
			id: 9, kind: 'snapshot', name: undefined, description: 'rocky', architecture: 'x64', flavor: 'rocky',
		}, {
			id: 10, kind: 'app', name: 'untold', description: '', architecture: 'x64', flavor: undefined,
		}, {
			id: 11, kind: 'app', name: 'odd', description: '', architecture: 'x64', flavor: 'unknown',
		},
	] as const;
	const why = (labels: readonly string[], hasOwnSetup = false) => {
		const found = placementsFor(labels, {...byNeed, hasOwnSetup, scriptNames: ['gpu']}, {...catalogue, images});
		return 'why' in found ? describeUnservable(found) : undefined;
	};

	t.regex(why(['image-x86-snapshot-gentoo']) ?? '', /^image gentoo is of the system gentoo, and the built-in setup script knows .*setup-NAME/v);
	t.regex(why(['image-x86-app-odd']) ?? '', /^Hetzner does not know which system image odd is/v);
	t.is(why(['image-x86-snapshot-rocky']), undefined);
	t.is(why(['image-x86-app-untold']), undefined, 'what nobody says is no reason against it');
	t.is(why(['image-x86-snapshot-gentoo', 'setup-gpu']), undefined, 'a script of the operator\'s own may know it');
	t.is(why(['image-x86-snapshot-gentoo'], true), undefined);
});

test('what cannot be given is said with the option that helps', t => {
	t.is(placed(['volume-cache']), 'label volume-cache: volumes are not supported yet (--ignore-volume-labels serves the job without)');
	t.is(placed(['type-cx23', 'volume-cache'], {...byNeed, ignoresVolumes: true}), 'cx23');
	t.is(placed(['setup-docker']), 'there is no script docker.sh (--scripts)');
	t.is(placed(['type-cx23', 'setup-docker'], {...byNeed, scriptNames: ['docker']}), 'cx23');
	t.regex(placed(['image-builder']), /^label image-builder is not image-ARCH-TYPE-NAME, .* \(with --label-prefix/v);
	t.like(placementsFor(['self-hosted'], byNeed, undefined), {why: 'catalogueUnread'});
	t.false('why' in placementsFor(['server-cx23'], byNeed, undefined), 'a named type needs no catalogue');
});

test('a label asks for one network only', t => {
	t.like(placementsFor(['type-cx23', 'net-ipv6'], byNeed, catalogue), [{network: 'ipv6'}]);
	t.like(placementsFor(['type-cx23'], byNeed, catalogue), [{network: undefined}]);
});
