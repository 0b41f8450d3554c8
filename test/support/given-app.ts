// An App's installation at a simulated GitHub, and the adapter on it; time passes when somebody sleeps, or by hand.
import {githubAccess} from '../../source/github/access.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createGitHubProbe} from '../../source/github/probe.ts';
import {fetchFrom} from '../../source/simulator/http/fetch.ts';
import {githubApi} from '../../source/simulator/http/github-api.ts';
import type {WorldParameters} from '../../source/simulator/parameters.ts';
import {quietScenario} from '../../source/simulator/scenario.ts';
import {createWorld} from '../../source/simulator/world.ts';
import {handClock} from './hand-clock.ts';

export type Sent = {readonly method: string; readonly path: string; readonly authorization: string; readonly status: number};

type Options = {
	readonly parameters?: Partial<WorldParameters>;
	readonly installation?: number;
	readonly appId?: string;
	readonly readKey?: () => string;
	readonly apiPath?: string;
};

export function givenApp(options: Options = {}) {
	const clock = handClock();
	const world = createWorld({seed: 11, clock, parameters: {githubLatencySeconds: [0, 0], ...options.parameters}});
	quietScenario(world);
	const origin = 'https://github.simulated';
	const simulated = fetchFrom(new Map([[origin, githubApi(world)]]));
	const sent: Sent[] = [];
	const secrets: string[] = [];
	const send: typeof fetch = async (input, init) => {
		const response = await simulated(input, init);
		const url = new URL(input instanceof Request ? input.url : input);
		sent.push({
			method: init?.method ?? 'GET', path: `${url.pathname}${url.search}`, authorization: new Headers(init?.headers).get('authorization') ?? '', status: response.status,
		});
		return response;
	};

	const {githubApp: app} = world;
	const clientOptions = {
		apiUrl: `${origin}${options.apiPath ?? ''}`, repository: world.repository, clock, speed: 1000, fetch: send,
	};
	const {tokens, app: facts} = githubAccess({
		kind: 'app', appId: options.appId ?? String(app.id), installation: options.installation, readKey: options.readKey ?? app.privateKey,
	}, {
		...clientOptions, onSecret(secret) {
			secrets.push(secret);
		},
	});
	return {
		world, app, clock, sent, secrets, tokens, facts,
		github: createGitHub({...clientOptions, token: tokens}),
		probe: createGitHubProbe({...clientOptions, token: tokens}),
		minted: () => sent.filter(({path, status}) => path.endsWith('/access_tokens') && status === 201).length,
	};
}
