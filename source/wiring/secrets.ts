import type {Account} from '../settings/account.ts';

/** No more tokens of a GitHub App than that are remembered: each is good for an hour. */
const mostOfApp = 16;

/**
What must not be written anywhere: the tokens that are set, and those that a GitHub App is given while it runs, which `add` takes in. `all`
is live.
*/
export function secretsOf({github, hetznerToken}: Pick<Account, 'github' | 'hetznerToken'>): {readonly all: readonly string[]; readonly add: (secret: string) => void} {
	const fixed = github.kind === 'token' ? [github.token, hetznerToken] : [hetznerToken];
	const all = [...fixed];
	return {
		all,
		add(secret) {
			all.push(secret);
			all.splice(fixed.length, Math.max(0, all.length - fixed.length - mostOfApp));
		},
	};
}
