import {createHash} from 'node:crypto';
import {
	later, parseInstant, secondsBetween, type Instant,
} from '../model/time.ts';
import {PortError} from '../scaler/ports.ts';
import {tokenBody, type Installation} from './app-answers.ts';
import {
	explainApp, findInstallation, notInstalled, readApp, withoutRepository,
} from './app-installation.ts';
import {appJwt} from './app-jwt.ts';
import {createClient, type ClientOptions} from './client.ts';
import type {Asked} from './errors.ts';
import {singleFlight} from './single-flight.ts';
import {tokenMask, type TokenSource} from './token-source.ts';

export type AppOptions = Omit<ClientOptions, 'token'> & {
	/**
	Its number or its client ID.
	*/
	readonly appId: string;
	readonly installation: number | undefined;
	/**
	The App's private key, PEM; throws an Error whose sentence is for people.
	*/
	readonly readKey: () => string;
	/**
	Told every token that must not be seen.
	*/
	readonly onSecret?: ((secret: string) => void) | undefined;
};

/**
What `doctor` says of an App.
*/
export type AppFacts = {readonly name: string; readonly account: string; readonly page: string | undefined; readonly permissions: Readonly<Record<string, string>>};

export type AppTokens = TokenSource & {readonly facts: () => Promise<AppFacts>};

type Token = {readonly text: string; readonly mintedAt: Instant; readonly endsAt: Instant; readonly permissions: Readonly<Record<string, string>>};

/**
Parts of a token's life: it is renewed in the last sixth (ten minutes of an hour) and not used in the last sixtieth.
*/
const renewalPart = 1 / 6;
const lastPart = 1 / 60;

/**
GitHub's servers do not all know a token at once: a 401 within that time is asked once more a moment later (octokit/auth-app.js retries in
the same way).
*/
const newTokenSeconds = 30;
const pauseSeconds = 2;

/**
How long a failure is the answer to all who want a token, seconds: not every request of a poll asks anew.
*/
const keptSeconds = {
	refused: 30, notFound: 30, unreachable: 5, limited: 5,
} as const;

const minting: Asked = {doing: 'getting a token for the GitHub App', permission: 'Actions: read'};

/**
Tokens of an App's installation for one repository: each is good for an hour and renewed before that, by one request however many wait for
it. They have a budget of requests of
their own, that of the installation.
*/
export function appTokens(options: AppOptions): AppTokens {
	const {clock, repository, onSecret} = options;
	const app = {
		appId: options.appId, installation: options.installation, repository,
	};
	const client = createClient({...options, token: appJwt(options)});
	const {add, mask} = tokenMask();
	let installation: Installation | undefined;
	let repositoryId: number | undefined; // A repository's name may change while it is served.
	let current: Token | undefined;
	let previous: Token | undefined;
	let failure: {readonly error: PortError; readonly until: Instant} | undefined;

	const renew = singleFlight(async () => {
		if (failure !== undefined && failure.until > clock.now()) {
			throw failure.error;
		}

		try {
			const token = await mint();
			failure = undefined;
			previous = current;
			current = token;
			return token;
		} catch (error) {
			if (error instanceof PortError) {
				failure = {error, until: error.retryAt ?? later(clock.now(), keptSeconds[error.kind])};
				installation = undefined; // It may have been removed and made anew.
			}

			throw error;
		}
	});

	async function mint(): Promise<Token> {
		installation ??= await findInstallation(client, app);
		const {id, html_url: page} = installation;
		const {owner, name} = repository;
		const answer = await client.ask('POST /app/installations/{installation_id}/access_tokens', {
			installation_id: id, ...repositoryId === undefined ? {repositories: [name]} : {repository_ids: [repositoryId]},
		}, minting, {expect: [404, 422], explain: refusal => explainApp(refusal, app, page)});
		if (answer.status === 404) {
			throw await notInstalled(client, app);
		}

		if (answer.status === 422) {
			throw withoutRepository(owner, name, page);
		}

		const parsed = tokenBody.safeParse(answer.data);
		const endsAt = parsed.success ? parseInstant(parsed.data.expires_at) : undefined;
		if (!parsed.success || endsAt === undefined) {
			throw client.broken(minting, 'it is no token'); // Without the answer's own words: they may hold one.
		}

		const {token, permissions, repositories} = parsed.data;
		repositoryId ??= repositories?.length === 1 ? repositories[0]?.id : undefined;
		add(token);
		onSecret?.(token);
		return {
			text: token, mintedAt: clock.now(), endsAt: client.limits.onOurClock(endsAt, answer.headers), permissions,
		};
	}

	// Whether more than that part of its life is left.
	function hasLeft({mintedAt, endsAt}: Token, part: number): boolean {
		return secondsBetween(clock.now(), endsAt) > secondsBetween(mintedAt, endsAt) * part;
	}

	async function ready(): Promise<Token> {
		if (current === undefined || !hasLeft(current, lastPart)) {
			return renew();
		}

		if (!hasLeft(current, renewalPart)) {
			renew().catch(() => undefined); // The one there is serves until it ends; who then needs another is told.
		}

		return current;
	}

	// The token before it, for reads whose turn has not come: each moves on at its own moment, so that not all lists are read in full at
	// once.
	function former(read: string, {mintedAt}: Token): Token | undefined {
		if (previous === undefined || !hasLeft(previous, lastPart)) {
			return undefined;
		}

		const end = later(previous.endsAt, -secondsBetween(previous.mintedAt, previous.endsAt) * lastPart);
		return secondsBetween(mintedAt, clock.now()) < secondsBetween(mintedAt, end) * shareOf(read) ? previous : undefined;
	}

	return {
		scheme: 'token',
		async take(read) {
			const token = await ready();
			return ((read === undefined ? undefined : former(read, token)) ?? token).text;
		},
		async replace(token) {
			if (previous?.text === token) {
				previous = undefined;
			}

			if (current !== undefined && current.text !== token) {
				return current.text; // Somebody else's refusal has brought it already.
			}

			if (current !== undefined && secondsBetween(current.mintedAt, clock.now()) < newTokenSeconds) {
				await clock.sleep(pauseSeconds);
				return token;
			}

			current = undefined;
			return (await renew()).text;
		},
		mask,
		holder: () => ({kind: 'app', page: installation?.html_url}),
		async facts() {
			const {permissions} = await ready();
			const {name} = await readApp(client, app);
			return {
				name, account: installation?.account?.login ?? repository.owner, page: installation?.html_url, permissions,
			};
		},
	};
}

// Where between 0 and 1 a read has its turn, the same for the same read.
function shareOf(read: string): number {
	return createHash('sha256').update(read).digest().readUInt32BE() / (2 ** 32);
}
