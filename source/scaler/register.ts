import type {Placement} from '../model/placement.ts';
import {takesConfiguration} from '../model/registration.ts';
import type {Server} from '../model/server.ts';
import {formatDuration, later} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {mint, type Minted} from './mint.ts';
import {recordOwnFault} from './own-fault.ts';
import {PortError, type RunnerDownload} from './ports.ts';

/**
A registration token is good for a whole set-up and that much more, seconds.
*/
const spareTokenSeconds = 60;

/**
For how long GitHub is believed to give configurations once it has said so, seconds.
*/
const mintableSeconds = 300;

/**
What a server's runner registers with: a just-in-time configuration, one use of one runner, or a registration token that serves the whole repository.
*/
export type Registration = Minted | {readonly token: string} | {readonly refused: string};

/**
Which of the two a startup script gets, and why it is not the first.
*/
function registrationWay(
	{policy, mintable, slowSetUpSeconds}: Pick<EngineInternals, 'policy' | 'mintable' | 'slowSetUpSeconds'>,
	startupScript: string,
): {readonly way: 'jit'} | {readonly way: 'token'; readonly reason: string} {
	if (policy.registration === 'token') {
		return {way: 'token', reason: '--registration token says so'};
	}

	if (mintable === 'no') {
		return {way: 'token', reason: `${policy.githubUrl} has no just-in-time configurations`};
	}

	if (slowSetUpSeconds !== undefined) {
		return {way: 'token', reason: `setting up a server took ${formatDuration(slowSetUpSeconds)}, and a just-in-time configuration may lapse in that time`};
	}

	return takesConfiguration(startupScript) ? {way: 'jit'} : {way: 'token', reason: 'the startup script does not read GITHUB_RUNNER_JIT_CONFIG'};
}

/**
Whether GitHub lets a runner register, and the program for that architecture: asked before a server is paid for. A configuration is made for one server's name, so
none is made before that server is there; a request without a name shows that GitHub would, and makes nothing. What only a true one shows (mint.ts) is believed
for some minutes by `readiness.ts`. Throws PortError when GitHub does not let it. While it does not there is one question for all servers, more and more rarely,
or they would use up the hour's requests; a refusal stops all creation.
*/
export async function runnerNeeds(engine: EngineInternals, architecture: Placement['architecture'], startupScript: string): Promise<RunnerDownload> {
	await guarded(engine, async () => mayRegister(engine, startupScript));
	return engine.ports.github.runnerDownload(architecture);
}

/**
Resolves when GitHub would register a runner that such a script sets up. Throws PortError where it does not.
*/
export async function mayRegister(engine: EngineInternals, startupScript: string): Promise<void> {
	if (registrationWay(engine, startupScript).way === 'token' || !await mayMint(engine)) {
		await token(engine, startupScript);
	}
}

/**
What a new server's runner registers with, and its program. Throws PortError, see `runnerNeeds`.
*/
export async function register(engine: EngineInternals, server: Server, startupScript: string): Promise<{readonly registration: Registration; readonly download: RunnerDownload}> {
	const download = await engine.ports.github.runnerDownload(server.architecture); // First: a configuration lapses within minutes.
	const registration = await guarded(engine, async (): Promise<Registration> => {
		if (registrationWay(engine, startupScript).way === 'jit' && await mayMint(engine)) {
			const minted = await mint(engine, server);
			if (minted !== 'noEndpoint') {
				engine.recordMintable(later(engine.ports.clock.now(), mintableSeconds));
				return minted;
			}

			// It was there a moment ago: then it is the group that is not.
			throw new PortError(`GitHub gives no just-in-time configuration in the runner group ${engine.policy.runnerGroup} (404)`, {kind: 'notFound'});
		}

		return {token: await token(engine, startupScript)};
	});
	return {registration, download};
}

// Nothing is asked again while GitHub does not register runners, but after a pause; a refusal stops creation, as no server to come would fare better.
async function guarded<Answer>(engine: EngineInternals, ask: () => Promise<Answer>): Promise<Answer> {
	if (engine.noToken !== undefined && engine.noToken.until > engine.ports.clock.now()) {
		throw engine.noToken.error;
	}

	try {
		const answer = await ask();
		engine.recordToken();
		return answer;
	} catch (error) {
		const known = error instanceof PortError ? error : new PortError(error instanceof Error ? error.message : String(error), {kind: 'unreachable', cause: error});
		engine.recordNoToken(known);
		if (known.kind === 'refused' || known.kind === 'notFound') {
			engine.recordMintRefusal(known.message);
			recordOwnFault(engine, known.message);
		}

		throw known;
	}
}

// Whether this GitHub has configurations to give. An answer 404 is believed to mean that it has not only of an Enterprise Server, and when that gives a
// registration token, which takes the same right; a GitHub that is slow, limited or broken never makes a token of a configuration.
async function mayMint(engine: EngineInternals): Promise<boolean> {
	const {github, clock} = engine.ports;
	if (engine.mintable !== undefined && (engine.mintable === 'no' || engine.mintable > clock.now())) {
		return engine.mintable !== 'no';
	}

	const answer = await engine.shareQuestion('mint', async () => github.mayMint());
	if (answer === 'noEndpoint') {
		if (isGithubsOwn(engine.policy.githubUrl)) {
			throw new PortError('GitHub answers 404 when asked for a just-in-time runner configuration, which it has', {kind: 'notFound'});
		}

		await github.registrationToken();
		engine.recordMintable('no');
		return false;
	}

	engine.recordMintable(later(clock.now(), mintableSeconds));
	return true;
}

function isGithubsOwn(githubUrl: string): boolean {
	const {hostname} = new URL(githubUrl);
	return hostname === 'github.com' || hostname.endsWith('.ghe.com');
}

async function token(engine: EngineInternals, startupScript: string): Promise<string> {
	const way = registrationWay(engine, startupScript);
	const given = await engine.shareQuestion('token', async () => askForToken(engine));
	if (way.way === 'token') {
		engine.recordRegistrationWay(`runners register with a registration token, which is good for the whole repository: ${way.reason}`);
	}

	return given;
}

// The one that is kept, unless a startup script has failed with it: what config.sh says of a token that GitHub does not take differs by its version
// (actions/runner#4042, #1748), so whatever it failed of, the next set-up has another.
async function askForToken({ports: {github}, policy, suspectToken}: EngineInternals): Promise<string> {
	const minimumSeconds = policy.maxSetupSeconds + policy.maxRunnerRegistrationSeconds + spareTokenSeconds;
	const given = await github.registrationToken({minimumSeconds});
	return given === suspectToken ? github.registrationToken({minimumSeconds, isFresh: true}) : given;
}
