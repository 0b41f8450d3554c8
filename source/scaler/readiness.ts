import {imageFault} from '../model/catalogue.ts';
import {usualArchitectures} from '../model/placements.ts';
import {ageSeconds, type Instant} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {PortError} from './ports.ts';

/**
How soon after it was found a fault of our own is looked for again, seconds; and how soon while there is none.
*/
const againSeconds = 60;
const seldomSeconds = 3600;

/**
What every new server needs, asked for before the first of them is paid for: the key, a state folder, GitHub's leave to register runners, a runner program.
*/
export type Readiness = {
	readonly isDue: () => boolean;
	/**
	Sets `engine.ownFault`. Never throws: what could not be asked is no fault.
	*/
	readonly check: () => Promise<void>;
};

/**
The checks of one engine.
*/
export function createReadiness(engine: EngineInternals): Readiness {
	let checkedAt: Instant | undefined;
	let hadCatalogue = false;
	return {
		isDue: () => checkedAt === undefined || (!hadCatalogue && engine.catalogue !== undefined) || ageSeconds(checkedAt, engine.ports.clock.now()) >= (engine.ownFault === undefined ? seldomSeconds : againSeconds),
		async check() {
			checkedAt = engine.ports.clock.now();
			hadCatalogue = engine.catalogue !== undefined;
			const reason = engine.policy.isDryRun ? undefined : await findFault(engine);
			if (reason !== undefined) {
				recordOwnFault(engine, reason);
			} else if (engine.ownFault !== undefined) {
				engine.clearOwnFault();
				engine.record({code: 'notice', text: 'servers are created again: what was in the way is mended'});
			}
		},
	};
}

/**
Something on our own side makes every new server useless: none is created until it is mended. Told once, in a sentence that says what to do.
*/
export function recordOwnFault(engine: EngineInternals, reason: string): void {
	if (engine.ownFault?.reason !== reason) {
		engine.record({code: 'notice', text: `no server is created: ${reason}`});
	}

	engine.recordOwnFault(reason);
}

async function findFault({ports, policy, catalogue}: EngineInternals): Promise<string | undefined> {
	const {github, machine, scripts} = ports;
	const [here] = await machine.problems();
	const ofImage = catalogue === undefined ? undefined : imageFault(catalogue, policy.image, scripts.setup.source !== 'built in');
	if (here !== undefined || ofImage !== undefined) {
		return here ?? ofImage;
	}

	const asked = [async () => github.registrationToken(), ...usualArchitectures(policy, catalogue).map(architecture => async () => github.runnerDownload(architecture))];
	for (const ask of asked) {
		try {
			await ask();
		} catch (error) {
			if (error instanceof PortError && (error.kind === 'refused' || error.kind === 'notFound')) {
				return error.message;
			}
		}
	}

	return undefined;
}
