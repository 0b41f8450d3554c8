import type {Instant} from '../model/time.ts';
import type {CatalogueImage, CatalogueType} from './catalogue.ts';
import type {Host} from './host.ts';

export type SimulatedAction = {
	readonly id: number;
	readonly command: string;
	/**
	0: of none.
	*/
	readonly serverId: number;
	readonly firewallId?: number;
	readonly startedAt: Instant;
	readonly seconds: number;
	status: 'running' | 'success' | 'error';
	finishedAt: Instant | undefined;
	error: {readonly code: string; readonly message: string} | undefined;
};

export type Protection = {readonly delete: boolean; readonly rebuild: boolean};

export type SimulatedServer = {
	readonly id: number;
	readonly createdAt: Instant;
	readonly type: CatalogueType;
	readonly location: string;
	image: CatalogueImage | SimulatedSnapshot;
	readonly ip: string;
	readonly userData: string | undefined;
	readonly publicKeys: readonly string[];
	host: Host;
	name: string;
	status: 'initializing' | 'starting' | 'running' | 'stopping' | 'off' | 'deleting' | 'rebuilding';
	labels: Readonly<Record<string, string>>;
	/**
	Somebody else's: whatever changes it breaks a promise.
	*/
	isForeign: boolean;
	/**
	What its owner forbids.
	*/
	protection: Protection;
	deletedAt: Instant | undefined;
};

/**
An image made of a server. Its name is empty: none has one.
*/
export type SimulatedSnapshot = CatalogueImage & {readonly of: {readonly id: number; readonly name: string}; readonly createdAt: Instant; description: string; labels: Readonly<Record<string, string>>; isReady: boolean};

export type SimulatedKey = {readonly id: number; readonly publicKey: string; readonly createdAt: Instant; name: string; labels: Readonly<Record<string, string>>};

export type ForeignServer = {readonly name: string; readonly type?: string; readonly location?: string; readonly labels?: Readonly<Record<string, string>>; readonly ageSeconds?: number};

export type PowerCommand = 'poweroff' | 'poweron' | 'shutdown' | 'reboot' | 'reset';
