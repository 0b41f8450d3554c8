import {imageFault} from '../model/catalogue.ts';
import {usualArchitectures} from '../model/placements.ts';
import {ageSeconds, type Instant} from '../model/time.ts';
import type {EngineInternals} from './engine-state.ts';
import {recordOwnFault} from './own-fault.ts';
import {PortError} from './ports.ts';
import {mayRegister} from './register.ts';

/**
How soon after it was found a fault of our own is looked for again, seconds; and how soon while there is none.
*/
const againSeconds = 60;
const seldomSeconds = 3600;

/**
How long GitHub's refusal of a configuration is believed, seconds: each try costs a server.
*/
const mintRefusalSeconds = 600;

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

async function findFault(engine: EngineInternals): Promise<string | undefined> {
	const {ports, policy, catalogue, mintRefusal} = engine;
	const {github, machine, scripts, clock} = ports;
	const [here] = await machine.problems();
	const ofImage = catalogue === undefined ? undefined : imageFault(catalogue, policy.image, scripts.setup.source !== 'built in');
	if (here !== undefined || ofImage !== undefined) {
		return here ?? ofImage;
	}

	// A configuration can be asked for only with the name of a server that is there: what GitHub then refused, and the questions below cannot show, stands for a while.
	if (mintRefusal !== undefined && ageSeconds(mintRefusal.at, clock.now()) < mintRefusalSeconds) {
		return mintRefusal.reason;
	}

	const architectures = usualArchitectures(policy, catalogue);
	const startups = new Set(architectures.map(architecture => (architecture === 'arm64' ? scripts.startupArm64 : scripts.startupX64).text));
	const asked = [...[...startups].map(startup => async () => mayRegister(engine, startup)), ...architectures.map(architecture => async () => github.runnerDownload(architecture))];
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
