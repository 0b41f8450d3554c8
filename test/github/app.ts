import {generateKeyPairSync} from 'node:crypto';
import test from 'ava';
import {PortError} from '../../source/scaler/ports.ts';
import type {Fault} from '../../source/simulator/faults.ts';
import {givenApp} from '../support/given-app.ts';

const never = new AbortController().signal;

test('an App finds its installation by the repository, makes one token for it alone and reads with it', async t => {
	const {world, github, sent, app, clock} = givenApp();
	world.addRun({jobs: [{name: 'test'}]});
	clock.pass(5);
	const {items} = await github.readJobs(never);
	t.deepEqual(items.map(({name}) => name), ['test']);
	t.deepEqual(sent.slice(0, 2).map(({method, path}) => `${method} ${path}`), ['GET /repos/acme/widgets/installation', `POST /app/installations/${app.installationId}/access_tokens`]);
	t.true(sent.slice(0, 2).every(({authorization}) => /^bearer [\w\-]+\.[\w\-]+\.[\w\-]+$/v.test(authorization)));
	t.true(sent.slice(2).every(({authorization}) => authorization === `token ${app.tokens[0]?.text}`));
});

test('the client ID serves as well as the number, and a given installation is not looked for by the repository', async t => {
	const first = givenApp();
	const {github, sent, app} = givenApp({appId: first.app.clientId, installation: first.app.installationId});
	await github.readRunners(never);
	t.is(sent[0]?.path, `/app/installations/${app.installationId}`);
});

test('an Enterprise Server\'s App is asked below /api/v3', async t => {
	const {github, sent} = givenApp({apiPath: '/api/v3'});
	await github.readRunners(never);
	t.true(sent.length > 2 && sent.every(({path}) => path.startsWith('/api/v3/')));
});

for (const seconds of [600, -600, 3600, 40, -40]) {
	test(`GitHub's clock is ${seconds} s off ours: the App's signature goes by GitHub's, learned from its Date once`, async t => {
		const {github, sent, clock, minted} = givenApp({parameters: {githubClockSeconds: seconds}});
		await github.readRunners(never);
		clock.pass(3600);
		await github.readRunners(never);
		t.is(minted(), 2);
		t.true(sent.filter(({status}) => status === 401).length <= 1);
	});
}

test('fifty requests at the moment of expiry make one token', async t => {
	const {github, clock, minted} = givenApp();
	await github.readRunners(never);
	clock.pass(3601);
	await Promise.all(Array.from({length: 50}, async (_, number) => github.findRunner(`r${number}`)));
	t.is(minted(), 2);
});

test('a token is renewed ten minutes before its end, and nobody waits for that', async t => {
	const {github, clock, sent, app, minted} = givenApp();
	await github.readRunners(never);
	clock.pass(3001);
	const before = sent.length;
	await github.findRunner('r1');
	t.is(sent.slice(before).find(({path}) => path.includes('name=r1'))?.authorization, `token ${app.tokens[0]?.text}`);
	while (minted() < 2) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	await github.findRunner('r2');
	t.is(sent.at(-1)?.authorization, `token ${app.tokens[1]?.text}`);
});

test('a renewal that fails is no trouble while the token lasts', async t => {
	const {world, github, clock, minted} = givenApp();
	await github.readRunners(never);
	world.faults.inject({kind: 'down', api: 'github', operation: 'appToken'});
	for (let minutes = 51; minutes < 59; minutes++) {
		clock.pass(minutes === 51 ? minutes * 60 : 60);
		await github.readRunners(never);
	}

	t.is(minted(), 1);
	clock.pass(120);
	const error = await t.throwsAsync(github.readRunners(never), {instanceOf: PortError, message: /could not be reached while getting a token for the GitHub App/v});
	t.is(error.kind, 'unreachable');
});

test('after a renewal reads move to the new token one by one, as an ETag holds for the token that got it', async t => {
	const {world, github, clock, sent, app, minted} = givenApp();
	for (let count = 0; count < 20; count++) {
		world.addRun({jobs: [{name: `job ${count}`}]});
	}

	clock.pass(5);
	await github.readJobs(never);
	clock.pass(3001);
	await github.findRunner('renew');
	while (minted() < 2) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	const full: number[] = [];
	for (let minute = 0; minute < 9; minute++) {
		const before = sent.length;
		await github.readJobs(never, 'evidence');
		full.push(sent.slice(before).filter(({path, status}) => path.includes('/jobs') && status === 200).length);
		clock.pass(60);
	}

	t.true(Math.max(...full) <= 8, `full answers a minute: ${full.join(' ')}`);
	t.true(full.filter(count => count > 0).length >= 5, `full answers a minute: ${full.join(' ')}`);
	t.true(sent.at(-1)?.authorization === `token ${app.tokens[1]?.text}`);
	t.is(sent.filter(({status}) => status === 401).length, 0);
});

// Octokit retries in the same way: https://github.com/octokit/auth-app.js (README, "replication lag").
test('a 401 to a token just born is asked once more; to one that stays unknown there is one sentence', async t => {
	const lagging = givenApp();
	lagging.world.faults.inject({kind: 'tokenUnknownAtFirst', seconds: 1});
	await lagging.github.readRunners(never);
	t.is(lagging.sent.filter(({status}) => status === 401).length, 1);

	const lost = givenApp();
	lost.world.faults.inject({kind: 'tokenUnknownAtFirst', seconds: 1000});
	const error = await t.throwsAsync(lost.github.findRunner('r'), {instanceOf: PortError, message: /refused a new token of the GitHub App twice \(401 Bad credentials\)/v});
	t.is(error.kind, 'refused');
	t.is(lost.sent.filter(({status}) => status === 401).length, 2);
});

test('a token that was revoked is replaced at once, by one request for all who meet that', async t => {
	const {app, github, clock, minted} = givenApp();
	await github.readRunners(never);
	clock.pass(600);
	app.revokeTokens();
	await Promise.all(Array.from({length: 10}, async (_, number) => github.findRunner(`r${number}`)));
	t.is(minted(), 2);
});

const refusals: ReadonlyArray<readonly [title: string, fault: Fault, message: RegExp, kind: PortError['kind']]> = [
	['its key was deleted', {kind: 'appKeyRevoked'}, /does not know that key of the GitHub App \d+ \(401 A JSON web token could not be decoded\): --github-app-id and --github-app-key-file/v, 'refused'],
	['its installation is suspended', {kind: 'installationSuspended'}, /is suspended: an owner of the account lifts that by "Unsuspend" at https:\/\/github\.com\/settings\/installations\/\d+$/v, 'refused'],
	['the repository was taken out', {kind: 'installationNarrowed'}, /does not include acme\/widgets: add it under "Repository access" at https:\/\/github\.com\/settings\/installations\/\d+$/v, 'notFound'],
	['it was uninstalled', {kind: 'installationGone'}, /"Simulated runners" is not installed for acme: install it, with widgets, at https:\/\/github\.com\/apps\/simulated-runners\/installations\/new$/v, 'notFound'],
];
for (const [title, fault, message, kind] of refusals) {
	test(`an App of which ${title}: at the start, and at the next renewal; once it is mended the engine goes on by itself`, async t => {
		const {world, github, clock} = givenApp();
		const mend = world.faults.inject(fault);
		const atStart = await t.throwsAsync(github.readRunners(never), {instanceOf: PortError, message});
		t.is(atStart.kind, kind);
		mend();
		clock.pass(31);
		await github.readRunners(never);
		const again = world.faults.inject(fault);
		clock.pass(3601);
		await t.throwsAsync(github.readRunners(never), {instanceOf: PortError, message});
		again();
		clock.pass(31);
		await t.notThrowsAsync(github.readRunners(never));
	});
}

test('while GitHub refuses the App, the requests of one poll ask it once, not each', async t => {
	const {world, github, sent} = givenApp();
	world.faults.inject({kind: 'installationSuspended'});
	for (let count = 0; count < 20; count++) {
		await t.throwsAsync(github.findRunner(`r${count}`), {instanceOf: PortError});
	}

	t.is(sent.length, 1);
});

test('a lost right is named as GitHub names it, with the page where it is given', async t => {
	const {world, github} = givenApp();
	await github.readRunners(never);
	world.faults.inject({kind: 'permissionLost', permission: 'administration'});
	await t.throwsAsync(github.findRunner('r'), {
		instanceOf: PortError,
		message: /Resource not accessible by integration\): the GitHub App needs the permission "Administration: read" for acme\/widgets: give it on the App's page, then accept it at https:\/\/github\.com\/settings\/installations\/\d+$/v,
	});
	await t.throwsAsync(github.registrationToken(), {instanceOf: PortError, message: /needs the permission "Administration: read and write"/v});
});

test('a suspended installation whose token still lives says so, too', async t => {
	const {world, github} = givenApp();
	await github.readRunners(never);
	world.faults.inject({kind: 'installationSuspended'});
	await t.throwsAsync(github.findRunner('r'), {instanceOf: PortError, message: /This installation has been suspended\): an owner of the account lifts that by "Unsuspend" at/v});
});

test('a wrong installation is told with those that there are; a foreign key like a wrong App ID', async t => {
	const wrong = givenApp({installation: 7});
	await t.throwsAsync(wrong.github.readRunners(never), {instanceOf: PortError, message: /has no installation 7: it has \d+ \(acme\); check --github-app-installation, or leave it out/v});
	const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048, privateKeyEncoding: {type: 'pkcs8', format: 'pem'}, publicKeyEncoding: {type: 'spki', format: 'pem'}});
	for (const other of [givenApp({readKey: () => privateKey}), givenApp({appId: '7'})]) {
		await t.throwsAsync(other.github.readRunners(never), {instanceOf: PortError, message: /do not belong together/v});
	}
});

test('the key is read for each renewal: a new one counts without a restart, one that cannot be read is told', async t => {
	const keys: string[] = [];
	const {app, github, clock} = givenApp({
		readKey() {
			const [key] = keys;
			if (key === undefined) {
				throw new Error('/etc/key.pem (--github-app-key-file) cannot be read: EACCES.');
			}

			return key;
		},
	});
	const error = await t.throwsAsync(github.readRunners(never), {instanceOf: PortError, message: '/etc/key.pem (--github-app-key-file) cannot be read: EACCES'});
	t.is(error.kind, 'refused');
	keys.push(app.privateKey());
	clock.pass(31);
	await t.notThrowsAsync(github.readRunners(never));
});

test('tokens of hundreds of characters are told to whoever keeps secrets, and masked where an answer repeats one', async t => {
	const {world, app, github, secrets} = givenApp();
	await github.readRunners(never);
	t.deepEqual(secrets, app.tokens.map(({text}) => text));
	t.true((secrets[0]?.length ?? 0) > 400);
	world.faults.inject({
		kind: 'answer', api: 'github', operation: 'listRunners', status: 422, message: `no such token ${secrets[0]}`,
	});
	await t.throwsAsync(github.findRunner('r'), {instanceOf: PortError, message: /no such token \*{8}\)/v});
});

test('an answer to the App that is no token is told without its words', async t => {
	const {world, github} = givenApp();
	world.faults.inject({
		kind: 'answer', api: 'github', operation: 'appToken', status: 200, message: 'ghs_hidden',
	});
	await t.throwsAsync(github.readRunners(never), {instanceOf: PortError, message: 'GitHub\'s answer while getting a token for the GitHub App could not be understood: it is no token'});
});

test('a rename while the token is renewed: it is made for the number of the repository', async t => {
	const {github, clock, world, minted} = givenApp();
	await github.readRunners(never);
	clock.pass(3601);
	world.faults.inject({kind: 'moved'});
	await github.readRunners(never);
	t.is(minted(), 2);
});

test('the budget is that of the installation; what the App asks about itself is not of it', async t => {
	const {github} = givenApp();
	await github.findRunner('r');
	t.is(github.budget()?.remaining, 4999);
});
