import type {World} from '../../source/simulator/world.ts';
import type {EngineHarness, RunningEngine} from './engines.ts';
import type {Watch} from './promises.ts';

const everySeconds = 300;

// Long lines of output come in pieces: each piece is as good as the whole.
function piecesOf(config: string): readonly string[] {
	return [0, 1500, config.length - 40].map(start => config.slice(start, start + 40));
}

/**
Checks that no token is in a journal, in what consoles get, or in a server's user data: promise 7.
*/
export function secretsWatch(world: World, harness: EngineHarness, running: readonly RunningEngine[], watch: Watch): (second: number) => void {
	let next = 0;
	let read = 0;
	return second => {
		if (second < next) {
			return;
		}

		next = second + everySeconds;
		const secrets = [world.githubToken, world.hetznerToken, ...world.github.tokens(), ...world.github.jitConfigs().flatMap(config => piecesOf(config))];
		const look = (where: string, text: string) => {
			watch.check('noSecrets', secrets.some(secret => text.includes(secret)) ? `a token is in ${where}` : undefined);
		};

		look('the journal', harness.journal.slice(read).join('\n'));
		read = harness.journal.length;
		for (const {engine, isAlive} of running) {
			if (isAlive()) {
				const {activity, output, setUps} = engine.state();
				look('what consoles get', JSON.stringify([activity.map(({event}) => event), [...output.values()], [...setUps.values()]]));
			}
		}

		look('user data', world.hetzner.servers.values().map(server => server.userData ?? '').toArray().join('\n'));
	};
}
