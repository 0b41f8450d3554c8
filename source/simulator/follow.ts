import type {SimulatedServer} from './hetzner-resources.ts';
import type {HostLine, SetUpInput} from './host.ts';
import type {World} from './world.ts';

/**
What a session that follows a set-up meets. `broken`: the connection is gone, for whatever reason.
*/
export type Followed =
	| {readonly met: 'answered'; readonly how: 'fresh' | 'resumed'}
	| {readonly met: 'started'}
	| {readonly met: 'line'; readonly line: HostLine}
	| {readonly met: 'ended'; readonly exitCode: number; readonly script: 'setup' | 'startup'; readonly line: HostLine}
	| {readonly met: 'broken'};

/**
Says whether the scripts have been started; if not, starts them with what `start` answers, unless it answers nothing. Then follows their output from that line on,
in the world's time. Rejects when the signal says so, or `start` does.

@yields What the session meets, one by one; `ended` or `broken` is the last.
*/
export async function * follow(
	world: World,
	server: SimulatedServer,
	start: () => Promise<SetUpInput | undefined>,
	from: number,
	signal: AbortSignal,
): AsyncGenerator<Followed, void> {
	world.now();
	const {host} = server;
	const {life} = host;
	if (!host.doesSshAnswer) {
		yield {met: 'broken'};
		return;
	}

	const how = host.setUpAt === undefined ? 'fresh' : 'resumed';
	yield {met: 'answered', how};
	if (how === 'fresh') {
		const input = await start();
		world.now();
		if (input === undefined || host.life !== life) {
			yield {met: 'broken'};
			return;
		}

		world.hetzner.startSetUp(server, input);
		yield {met: 'started'};
	}

	let at = from;
	let sent = 0;
	for (;;) {
		world.now();
		if (host.life !== life) {
			yield {met: 'broken'};
			return;
		}

		for (; at < host.lines.length; at++) {
			const line = host.lines[at];
			if (line === undefined) {
				break;
			}

			if ((host.outcome === 'dropsConnection' || host.outcome === 'hostKeyChanges') && !host.hasDropped && ++sent > 5) {
				host.hasDropped = true;
				yield {met: 'broken'};
				return;
			}

			if (host.exitCode !== undefined && at === host.lines.length - 1) {
				yield {
					met: 'ended', exitCode: host.exitCode, script: host.endedScript, line,
				};
				return;
			}

			yield {met: 'line', line};
		}

		if (host.exitCode !== undefined) {
			// The caller has seen all there is, the end too: it is told the end again.
			const last = host.lines.at(-1);
			if (last !== undefined) {
				yield {
					met: 'ended', exitCode: host.exitCode, script: host.endedScript, line: last,
				};
			}

			return;
		}

		// A server may die at any moment, so nobody sleeps long.
		const dueSeconds = ((host.dueAt[0] ?? Infinity) - world.schedule.now()) / 1000;
		await world.clock.sleep(Math.min(2, Math.max(0.02, dueSeconds)), signal);
	}
}
