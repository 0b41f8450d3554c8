import {once} from 'node:events';
import {createServer} from 'node:http';
import {connect} from 'node:net';
import test from 'ava';
import {githubUrlOf} from '../../source/settings/policy.ts';
import {createGitHub} from '../../source/github/github.ts';
import {createHetzner} from '../../source/hetzner/hetzner.ts';
import {proxiedFetch, proxyFor} from '../../source/http/proxy.ts';
import type {JobId} from '../../source/model/job.ts';
import type {ServerId} from '../../source/model/server.ts';
import {answeringServer} from '../support/answering-server.ts';
import {jobRow} from '../support/github-bodies.ts';
import {handClock} from '../support/hand-clock.ts';
import {serverRow} from '../support/hetzner-bodies.ts';

const plain = 'http:'; // What is meant here is plain: no certificate is needed to see who asks whom.
const repository = {owner: 'acme', name: 'widgets'};

// A proxy on loopback that tunnels to the given port, whatever host it is asked for.
async function proxyTo(port: number): Promise<{readonly url: string; readonly asked: readonly string[]; readonly close: () => void}> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(request.url ?? '');
		response.writeHead(502).end();
	});
	server.on('connect', (request, socket) => {
		asked.push(request.url ?? '');
		const upstream = connect(port, '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n');
			upstream.pipe(socket).pipe(upstream);
		});
		upstream.on('error', () => {
			socket.destroy();
		});
		socket.on('error', () => {
			upstream.destroy();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	server.unref();
	const address = server.address();
	return {
		url: `http://user:hunter2@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked, close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

test('requests to both APIs go through the proxy that the environment names, but to those that NO_PROXY leaves out', async t => {
	const server = await answeringServer(({path}) => ({body: path.includes('/servers/') ? {server: serverRow(1, 'a')} : jobRow(70, 7)}));
	const proxy = await proxyTo(Number(new URL(server.url).port));
	for (const [environment, isUsed] of [[{HTTP_PROXY: proxy.url}, true], [{http_proxy: proxy.url, HTTP_PROXY: 'http://127.0.0.1:9'}, true], [{HTTP_PROXY: proxy.url, NO_PROXY: 'api.example'}, false], [{HTTPS_PROXY: proxy.url}, false]] as const) {
		const fetch = await proxiedFetch(environment);
		const before = proxy.asked.length;
		const github = createGitHub({
			apiUrl: `${plain}//api.example`, token: 'x', repository, clock: handClock(), speed: 1_000_000, fetch,
		});
		const hetzner = createHetzner({
			apiUrl: `${plain}//api.example/v1`, token: 'x', repository, sshKeyName: 'laptop', image: 'ubuntu-24.04', clock: handClock(), fetch,
		});
		const answers = await Promise.allSettled([github.readJob(70 as JobId), hetzner.readServer(1 as ServerId)]);
		t.deepEqual(answers.map(({status}) => status), isUsed ? ['fulfilled', 'fulfilled'] : ['rejected', 'rejected'], 'there is no other way to that name');
		t.is(proxy.asked.slice(before).length > 0, isUsed);
	}

	proxy.close();
	await server.close();
});

test('without a proxy in the environment nothing is loaded; a bad one is a sentence without its password', async t => {
	t.is(await proxiedFetch({HTTPS_PROXY: ' ', NO_PROXY: '*'}), undefined);
	t.deepEqual(proxyFor('https', {HTTPS_PROXY: 'https://user:hunter2@proxy.corp:3128', no_proxy: 'localhost,.corp'}), {variable: 'HTTPS_PROXY', shown: 'proxy.corp:3128', except: 'localhost,.corp'});
	for (const value of ['proxy.corp:3128', 'socks5://user:hunter2@proxy.corp', 'http://', 'user:hunter2@proxy']) {
		const error = await t.throwsAsync(proxiedFetch({https_proxy: value}));
		t.is(error.message, 'https_proxy (environment) is no address of a proxy: it must have the form http://host:port');
	}
});

test('runners register where people see the repository', t => {
	t.is(githubUrlOf('https://api.github.com'), 'https://github.com');
	t.is(githubUrlOf('https://api.acme.ghe.com'), 'https://acme.ghe.com');
	t.is(githubUrlOf('https://github.corp:8443/api/v3'), 'https://github.corp:8443');
	t.is(githubUrlOf('https://api.acme.ghe.com.evil.example/'), 'https://api.acme.ghe.com.evil.example');
});
