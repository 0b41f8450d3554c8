import {foldLabel} from './labels.ts';
import type {Architecture} from './placement.ts';

/**
The smallest machine that will do. What is undefined does not matter.
*/
export type Need = {
	readonly cores?: number | undefined;
	readonly memoryGigabytes?: number | undefined;
	readonly diskGigabytes?: number | undefined;
	readonly architecture?: Architecture | undefined;
};

/**
An image named by a label. Snapshots and backups have no name at Hetzner: they go by their description.
*/
export type ImageWish = {readonly architecture: Architecture; readonly kind: 'system' | 'app' | 'snapshot' | 'backup'; readonly name: string};

/**
What a job's labels ask for, read by `readWishes`.
*/
export type Wishes = {
	/**
	The labels that its runner gets: the job's own, and what its meta labels stand for.
	*/
	readonly labels: readonly string[];
	/**
	Server types in the order in which they are to be tried; empty: none was named.
	*/
	readonly serverTypes: readonly string[];
	/**
	Locations in that order; empty: none was named.
	*/
	readonly locations: readonly string[];
	readonly need: Need;
	readonly image: ImageWish | undefined;
	/**
	The one public network it is to have; undefined: both.
	*/
	readonly network: 'ipv4' | 'ipv6' | undefined;
	/**
	Names of scripts in the folder of scripts.
	*/
	readonly scripts: {readonly setup: string | undefined; readonly startup: string | undefined};
	/**
	The first label that asks for a volume.
	*/
	readonly volume: string | undefined;
	/**
	A label that has the beginning of a form and not its rest, with the form.
	*/
	readonly malformed: {readonly label: string; readonly form: string} | undefined;
};

/**
How labels are read.
*/
export type LabelLanguage = {
	/**
	Only labels that begin with this and a dash are read as wishes; empty:
	all are. `server-{type}` and GitHub's `x64` and `arm64` need no prefix.
	*/
	readonly prefix: string;
	/**
	Labels that stand for others, by their name in lower case.
	*/
	readonly metaLabels: ReadonlyMap<string, readonly string[]>;
};

export const plainLanguage: LabelLanguage = {prefix: '', metaLabels: new Map()};

const architectures: ReadonlyMap<string, Architecture> = new Map([['x64', 'x64'], ['x86', 'x64'], ['amd64', 'x64'], ['arm64', 'arm64'], ['arm', 'arm64'], ['aarch64', 'arm64']]);

const imageForm = 'image-ARCH-TYPE-NAME, where ARCH is x86 or arm, and TYPE is system, app, snapshot or backup';

/**
The job's labels with what its meta labels stand for behind them; the
names of meta labels stay. Meta labels in meta labels are not read again.
*/
export function expandLabels(labels: readonly string[], {metaLabels}: LabelLanguage): readonly string[] {
	return [...new Set([...labels, ...labels.flatMap(label => metaLabels.get(foldLabel(label)) ?? [])])];
}

/**
Reads what labels ask for, in the language of testflows' github-hetzner-runners (`type-`,
`in-`, `image-`, `net-`, `setup-`, `startup-`, `recycle-`, `volume-`; composites
such as `type-cx33-cx43`), in needs (`cpu-4`, `ram-16`, `disk-80`, `arch-arm64`) and
in the older `server-{type}`. A prefix holds for composites and meta labels too,
which testflows' own program forgets. Any other label asks for nothing.
*/
export function readWishes(given: readonly string[], language: LabelLanguage): Wishes {
	const labels = expandLabels(given, language);
	const serverTypes: string[] = [];
	const locations: string[] = [];
	const networks = new Set<'ipv4' | 'ipv6'>();
	let need: Need = {};
	let image: ImageWish | undefined;
	let setup: string | undefined;
	let startup: string | undefined;
	let volume: string | undefined;
	let malformed: Wishes['malformed'];
	for (const label of labels) {
		const folded = foldLabel(label);
		if (folded.startsWith('server-')) {
			serverTypes.push(folded.slice('server-'.length));
			continue;
		}

		if (folded === 'x64' || folded === 'arm64') {
			need = {...need, architecture: folded};
			continue;
		}

		const wish = wishOf(folded, language.prefix);
		switch (wish?.form) {
			case 'type': {
				serverTypes.push(...wish.value.split('-'));
				break;
			}

			case 'in': {
				locations.push(...wish.value.split('-'));
				break;
			}

			case 'cpu': {
				need = {...need, cores: Math.max(need.cores ?? 0, Number(wish.value))};
				break;
			}

			case 'ram': {
				need = {...need, memoryGigabytes: Math.max(need.memoryGigabytes ?? 0, Number(wish.value))};
				break;
			}

			case 'disk': {
				need = {...need, diskGigabytes: Math.max(need.diskGigabytes ?? 0, Number(wish.value))};
				break;
			}

			case 'arch': {
				need = {...need, architecture: architectures.get(wish.value)};
				break;
			}

			case 'image': {
				image = imageOf(wish.value);
				malformed ??= image === undefined ? {label, form: imageForm} : undefined;
				break;
			}

			case 'net': {
				networks.add(wish.value === 'ipv4' ? 'ipv4' : 'ipv6');
				break;
			}

			case 'setup': {
				setup = wish.value;
				break;
			}

			case 'startup': {
				startup = wish.value;
				break;
			}

			case 'volume': {
				volume ??= label;
				break;
			}

			case 'recycle': // A rebuilt server is set up as a new one is.
			case undefined:
		}
	}

	return {
		labels, serverTypes: unique(serverTypes), locations: unique(locations), need, image, network: networks.size === 1 ? [...networks][0] : undefined,
		scripts: {setup, startup}, volume, malformed,
	};
}

const forms = {
	type: /^.+$/v, in: /^.+$/v, image: /^.*$/v, setup: /^.+$/v, startup: /^.+$/v, recycle: /^.+$/v, volume: /^.+$/v, net: /^ipv[46]$/v,
	cpu: /^\d{1,4}$/v, ram: /^\d{1,5}$/v, disk: /^\d{1,6}$/v, arch: /^(?:x64|x86|amd64|arm64|arm|aarch64)$/v,
} as const;

function wishOf(label: string, prefix: string): {readonly form: keyof typeof forms; readonly value: string} | undefined {
	const before = prefix === '' ? '' : `${foldLabel(prefix)}-`;
	const rest = label.startsWith(before) ? label.slice(before.length) : undefined;
	const dash = rest?.indexOf('-') ?? -1;
	const form = rest?.slice(0, Math.max(0, dash));
	const value = rest?.slice(dash + 1) ?? '';
	return form !== undefined && isForm(form) && forms[form].test(value) ? {form, value} : undefined;
}

function isForm(text: string): text is keyof typeof forms {
	return Object.hasOwn(forms, text);
}

function imageOf(value: string): ImageWish | undefined {
	const {arch = '', kind, name = ''} = /^(?<arch>[^\-]+)-(?<kind>[^\-]+)-(?<name>.+)$/v.exec(value)?.groups ?? {};
	const architecture = architectures.get(arch);
	return architecture !== undefined && isKind(kind) ? {architecture, kind, name} : undefined;
}

function isKind(text: string | undefined): text is ImageWish['kind'] {
	return ['system', 'app', 'snapshot', 'backup'].includes(text ?? '');
}

function unique(texts: readonly string[]): readonly string[] {
	return [...new Set(texts)];
}
