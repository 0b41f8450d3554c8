import githubAppJwt from 'universal-github-app-jwt';
import {parseInstant} from '../model/time.ts';
import {PortError, type Clock} from '../scaler/ports.ts';
import {tokenMask, type TokenSource} from './token-source.ts';

/**
A clock that is no further off than this does not explain a refusal, seconds: GitHub's Date has whole seconds, an answer takes a while, and
the JWT begins 30 s early.
*/
const skewThatCounts = 5;

/**
An App's own token: a JWT for ten minutes by GitHub's clock, signed for each request. How far our clock is off GitHub's is learned from the
Date of a refusal,
and kept. `readKey` throws an Error whose sentence is for people.
*/
export function appJwt({appId, readKey, clock}: {readonly appId: string; readonly readKey: () => string; readonly clock: Clock}): TokenSource {
	const {add, mask} = tokenMask();
	let skewSeconds = 0;

	async function sign(): Promise<string> {
		const privateKey = keyOrRefusal(readKey);
		const {token} = await githubAppJwt({id: appId, privateKey, now: Math.floor(clock.now() / 1000) + skewSeconds});
		add(token);
		return token;
	}

	return {
		scheme: 'bearer',
		take: sign,
		async replace(_token, headers) {
			const theirs = parseInstant(String(headers.date ?? ''));
			const skew = theirs === undefined ? skewSeconds : Math.round((theirs - clock.now()) / 1000);
			if (Math.abs(skew - skewSeconds) < skewThatCounts) {
				return undefined;
			}

			skewSeconds = skew;
			return sign();
		},
		mask,
		holder: () => ({kind: 'app', page: undefined}),
	};
}

function keyOrRefusal(readKey: () => string): string {
	try {
		return readKey();
	} catch (error) {
		throw new PortError((error instanceof Error ? error.message : String(error)).replace(/\.$/v, ''), {kind: 'refused'});
	}
}
