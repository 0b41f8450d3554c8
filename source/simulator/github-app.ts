import {Buffer} from 'node:buffer';
import {createPublicKey, createVerify, generateKeyPairSync} from 'node:crypto';
import {later, type Instant} from '../model/time.ts';
import {apiTime} from './api-clock.ts';
import {rngFor} from './chance.ts';
import type {Faults} from './faults.ts';
import type {WorldParameters} from './parameters.ts';
import type {Schedule} from './schedule.ts';

export type AppToken = {readonly text: string; readonly createdAt: Instant; readonly endsAt: Instant; readonly permissions: Readonly<Record<string, string>>};

/**
A GitHub App that is installed for the world's repository. What goes wrong with it is in its faults: appKeyRevoked, installationSuspended,
installationNarrowed, installationGone,
permissionLost, tokenUnknownAtFirst.
*/
export type GitHubApp = {
	readonly id: number;
	readonly clientId: string;
	readonly slug: string;
	readonly installationId: number;
	/**
	The private key as GitHub lets one download it (PKCS#1); made when it is first asked for.
	*/
	readonly privateKey: () => string;
	/**
	What the App may do, after what it has lost.
	*/
	readonly permissions: () => Readonly<Record<string, string>>;
	/**
	What GitHub says to a JWT that it does not take; undefined when it takes it.
	*/
	readonly jwtFault: (jwt: string | undefined) => string | undefined;
	readonly mint: (permissions?: Readonly<Record<string, string>>) => AppToken;
	/**
	A token that is known and has not ended.
	*/
	readonly tokenOf: (text: string | undefined) => AppToken | undefined;
	/**
	All that were ever made.
	*/
	readonly tokens: readonly AppToken[];
	/**
	Ends all tokens that there are.
	*/
	readonly revokeTokens: () => void;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const undecodable = 'A JSON web token could not be decoded';

export function createGitHubApp(parts: {readonly seed: number; readonly parameters: WorldParameters; readonly schedule: Schedule; readonly faults: Faults}): GitHubApp {
	const {seed, parameters, schedule, faults} = parts;
	const rng = rngFor(seed, 'github app');
	const id = 100_000 + rng.below(900_000);
	const clientId = `Iv23li${rng.text(14, letters.slice(0, 62))}`;
	const tokens: AppToken[] = [];
	const revoked = new Set<string>();
	let pair: {readonly privateKey: string; readonly publicKey: string} | undefined;
	const keys = () => {
		pair ??= generateKeyPairSync('rsa', {modulusLength: 2048, privateKeyEncoding: {type: 'pkcs1', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}});
		return pair;
	};

	// By GitHub's own clock, which need not be ours. Signature and issuer first: a foreign key and a wrong App are answered alike
	// (octokit/auth-app.js#375).
	function jwtFault(jwt: string | undefined): string | undefined {
		const [header = '', payload = '', signature = ''] = jwt?.split('.') ?? [];
		const claims = parsePart(payload);
		const isOurs = parsePart(header).alg === 'RS256' && [String(id), clientId].includes(String(claims.iss));
		if (!isOurs || faults.trigger('appKeyRevoked', () => true) !== undefined
			|| !createVerify('RSA-SHA256').update(`${header}.${payload}`).verify(createPublicKey(keys().publicKey), signature, 'base64url')) {
			return undecodable;
		}

		const now = Math.floor(apiTime({parameters}, 'github', schedule.now()) / 1000);
		const {iat, exp} = claims;
		if (typeof exp !== 'number' || exp <= now) {
			return '\'Expiration time\' claim (\'exp\') must be a numeric value representing the future time at which the assertion expires';
		}

		if (exp > now + 600) {
			return '\'Expiration time\' claim (\'exp\') is too far in the future';
		}

		return typeof iat === 'number' && Number.isSafeInteger(iat) && iat <= now ? undefined : '\'Issued at\' claim (\'iat\') must be an Integer representing the time that the assertion was issued';
	}

	const permissions = () => {
		const lost = new Set<string>();
		const held: Readonly<Record<string, string>> = {actions: 'read', administration: 'write', metadata: 'read'};
		faults.trigger('permissionLost', fault => {
			lost.add(fault.permission);
			return false; // Counted where a request meets it.
		});
		return Object.fromEntries(Object.entries(held).filter(([name]) => !lost.has(name)).map(([name, level]) => [name, lost.has(`${name}=write`) ? 'read' : level]));
	};

	return {
		id,
		clientId,
		slug: 'simulated-runners',
		installationId: 10_000_000 + rng.below(80_000_000),
		privateKey: () => keys().privateKey,
		permissions,
		jwtFault,
		// Since 2026-04-27 "ghs_APPID_JWT", hundreds of characters.
		mint(asked) {
			const createdAt = schedule.now();
			const token: AppToken = {
				text: `ghs_${id}_${rng.text(36, letters)}.${rng.text(420, letters)}.${rng.text(86, letters)}`,
				createdAt, endsAt: later(createdAt, parameters.appTokenSeconds), permissions: asked ?? permissions(),
			};
			tokens.push(token);
			return token;
		},
		tokenOf(text) {
			const now = schedule.now();
			const token = tokens.find(known => known.text === text && known.endsAt > now && !revoked.has(known.text));
			const isUnknown = token !== undefined && faults.trigger('tokenUnknownAtFirst', ({seconds}) => later(token.createdAt, seconds) > now) !== undefined;
			return isUnknown ? undefined : token;
		},
		tokens,
		revokeTokens() {
			for (const {text} of tokens) {
				revoked.add(text);
			}
		},
	};
}

function parsePart(part: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
		return typeof value === 'object' && value !== null ? {...value} : {};
	} catch {
		return {};
	}
}
