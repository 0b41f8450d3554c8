import test from 'ava';
import {hetznerReadiness} from '../../source/doctor/readiness.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createGitHubProbe} from '../../source/github/probe.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {resolveSettings, settingsOf} from '../../source/settings/read.ts';
import {answeringServer} from '../support/answering-server.ts';
import {handClock} from '../support/hand-clock.ts';
import {page, serverRow} from '../support/hetzner-bodies.ts';

const named = (owner: string, name: string) => ({labels: {'managed-by': 'hetzner-runners-tui', 'github-owner': owner, 'github-repository': name}});

test('servers made before the repository was renamed are found by GitHub\'s redirect, and named; those of other repositories are not', async t => {
	const server = await answeringServer(({path, query}) => {
		if (path === '/v1/servers') {
			return query.get('label_selector') === 'managed-by==hetzner-runners-tui' ? {body: page('servers', [serverRow(1, 'now', named('acme', 'widgets')), serverRow(2, 'before', named('acme', 'old-widgets')), serverRow(3, 'other', named('acme', 'gadgets')), serverRow(4, 'odd', {labels: null})])} : {status: 400};
		}

		return path === '/repos/acme/old-widgets'
			? {status: 301, headers: {location: '/repositories/42'}, body: {message: 'Moved Permanently'}}
			: (path === '/repositories/42' ? {body: {full_name: 'Acme/Widgets'}} : {body: {full_name: path.slice('/repos/'.length)}});
	});
	t.teardown(async () => server.close());
	const clock = handClock();
	const repository = {owner: 'acme', name: 'widgets'};
	const options = {
		apiUrl: server.url, token: 'x', repository, clock, speed: 1_000_000,
	};
	const rows = hetznerReadiness({
		settings: settingsOf(resolveSettings({flags: new Map(), environment: {}, file: undefined})), repository, clock, github: createGitHub(options), probe: createGitHubProbe(options), hetzner: createHetzner({
			apiUrl: `${server.url}/v1`, token: 'x', repository, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock,
		}),
	});
	const found = await rows.find(({name}) => name === 'old names')?.run();
	t.is(found?.length, 1);
	t.regex(found?.[0]?.message ?? '', /^before were made when Acme\/Widgets was called acme\/old-widgets/v);
	t.regex(found?.[0]?.advice ?? '', /hcloud server delete before\)/v);
});
