import {monthlyEuros} from './catalogue-2026-09.ts';

/**
What Hetzner sells and what it runs.
*/
export type CatalogueType = {
	readonly id: number;
	readonly name: string;
	readonly cores: number;
	readonly memory: number;
	readonly disk: number;
	readonly cpuType: 'shared' | 'dedicated';
	readonly architecture: 'x86' | 'arm';
	readonly category: string;
	readonly locations: readonly string[];
	/**
	Net euros a month in the EU; elsewhere a fifth more.
	*/
	readonly monthlyEuros: number;
};

export type CatalogueLocation = {
	readonly id: number;
	readonly name: string;
	readonly description: string;
	readonly country: string;
	readonly city: string;
	readonly latitude: number;
	readonly longitude: number;
	readonly zone: string;
};

export type CatalogueImage = {
	readonly id: number;
	readonly name: string;
	/**
	Default: an operating system alone.
	*/
	readonly kind?: 'app';
	readonly architecture: 'x86' | 'arm';
	readonly flavor: 'ubuntu' | 'debian';
	readonly version: string;
	readonly created: string;
};

const eu = ['fsn1', 'nbg1', 'hel1'];
const us = ['ash', 'hil'];

type Row = readonly [id: number, name: string, cores: number, memory: number, disk: number];

function types(
	category: string, cpuType: CatalogueType['cpuType'], architecture: CatalogueType['architecture'],
	locations: readonly string[], rows: readonly Row[],
): CatalogueType[] {
	return rows.map(([id, name, cores, memory, disk]) => ({
		id, name, cores, memory, disk, cpuType, architecture, category, locations, monthlyEuros: monthlyEuros[name] ?? NaN,
	}));
}

export const serverTypes: readonly CatalogueType[] = [
	...types('Regular Performance', 'shared', 'x86', us, [
		[22, 'cpx11', 2, 2, 40], [23, 'cpx21', 3, 4, 80], [24, 'cpx31', 4, 8, 160], [25, 'cpx41', 8, 16, 240], [26, 'cpx51', 16, 32, 360],
	]),
	...types('Cost-Optimized', 'shared', 'arm', eu, [
		[45, 'cax11', 2, 4, 40], [93, 'cax21', 4, 8, 80], [94, 'cax31', 8, 16, 160], [95, 'cax41', 16, 32, 320],
	]),
	...types('General Purpose', 'dedicated', 'x86', [...eu, ...us, 'sin'], [
		[96, 'ccx13', 2, 8, 80], [97, 'ccx23', 4, 16, 160], [98, 'ccx33', 8, 32, 240], [99, 'ccx43', 16, 64, 360], [100, 'ccx53', 32, 128, 600], [101, 'ccx63', 48, 192, 960],
	]),
	...types('Regular Performance', 'shared', 'x86', [...eu, 'sin'], [
		[108, 'cpx12', 1, 2, 40], [109, 'cpx22', 2, 4, 80], [110, 'cpx32', 4, 8, 160], [111, 'cpx42', 8, 16, 320], [112, 'cpx52', 12, 24, 480], [113, 'cpx62', 16, 32, 640],
	]),
	...types('Cost-Optimized', 'shared', 'x86', eu, [
		[114, 'cx23', 2, 4, 40], [115, 'cx33', 4, 8, 80], [116, 'cx43', 8, 16, 160], [117, 'cx53', 16, 32, 320],
	]),
];

export const locations: readonly CatalogueLocation[] = [
	{
		id: 1, name: 'fsn1', description: 'Falkenstein DC Park 1', country: 'DE', city: 'Falkenstein', latitude: 50.47612, longitude: 12.370071, zone: 'eu-central',
	},
	{
		id: 2, name: 'nbg1', description: 'Nuremberg DC Park 1', country: 'DE', city: 'Nuremberg', latitude: 49.452102, longitude: 11.076665, zone: 'eu-central',
	},
	{
		id: 3, name: 'hel1', description: 'Helsinki DC Park 1', country: 'FI', city: 'Helsinki', latitude: 60.169855, longitude: 24.938379, zone: 'eu-central',
	},
	{
		id: 4, name: 'ash', description: 'Ashburn, VA', country: 'US', city: 'Ashburn, VA', latitude: 39.045821, longitude: -77.487073, zone: 'us-east',
	},
	{
		id: 5, name: 'hil', description: 'Hillsboro, OR', country: 'US', city: 'Hillsboro, OR', latitude: 45.543222, longitude: -122.95266, zone: 'us-west',
	},
	{
		id: 6, name: 'sin', description: 'Singapore', country: 'SG', city: 'Singapore', latitude: 1.283333, longitude: 103.833333, zone: 'ap-southeast',
	},
];

function image(id: number, flavor: CatalogueImage['flavor'], version: string, architecture: CatalogueImage['architecture'], created: string): CatalogueImage {
	return {
		id, name: `${flavor}-${version}`, architecture, flavor, version, created: `${created}T09:00:00Z`,
	};
}

export const images: readonly CatalogueImage[] = [
	image(67_794_396, 'ubuntu', '22.04', 'x86', '2022-04-21'),
	image(103_908_130, 'ubuntu', '22.04', 'arm', '2023-03-20'),
	image(114_690_387, 'debian', '12', 'x86', '2023-06-13'),
	image(114_690_389, 'debian', '12', 'arm', '2023-06-13'),
	image(161_547_269, 'ubuntu', '24.04', 'x86', '2024-04-25'),
	image(161_547_270, 'ubuntu', '24.04', 'arm', '2024-04-25'),
	image(310_557_660, 'debian', '13', 'x86', '2025-08-11'),
	image(310_557_661, 'debian', '13', 'arm', '2025-08-11'),
	image(387_894_169, 'ubuntu', '26.04', 'x86', '2026-05-18'),
	{...image(40_093_140, 'ubuntu', '24.04', 'x86', '2021-09-08'), name: 'docker-ce', kind: 'app'},
];

/**
Percent; Hetzner's answer for a German customer.
*/
export const vatPercent = 19;

export type Money = {readonly net: string; readonly gross: string};

/**
Ten-thousandths of a euro as Hetzner writes money: decimal text, net and with VAT.
*/
export function money(net: number): Money {
	const whole = (net / 10_000).toFixed(10);
	const grossMillionths = net * (100 + vatPercent);
	return {net: whole, gross: `${(grossMillionths / 1_000_000).toFixed(6)}0000000000`};
}

/**
What an hour and a month there cost, in ten-thousandths of a euro, net. An hour is a month / 624.
*/
export function netPrice(type: CatalogueType, location: string): {readonly hourly: number; readonly monthly: number} {
	const factor = eu.includes(location) ? 1 : 1.2;
	return {
		hourly: Math.round(type.monthlyEuros * factor * 10_000 / 624),
		monthly: Math.round(type.monthlyEuros * factor * 10_000),
	};
}

/**
The same for a public IPv4 address.
*/
export const netPriceOfIpv4 = {hourly: 8, monthly: 5000};

/**
Micros with VAT of an amount in ten-thousandths net.
*/
export function grossMicros(net: number): number {
	return Math.round(net * (100 + vatPercent));
}
