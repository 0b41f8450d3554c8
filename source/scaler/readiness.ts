import {imageFault} from '../model/catalogue.ts';
import {usualArchitectures} from '../model/placements.ts';
import {ageSeconds, type Instant} from '../model/time.ts';
import type {Live} from './live.ts';
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
	Sets `live.ownFault`. Never throws: what could not be asked is no fault.
	*/
	readonly check: () => Promise<void>;
};

/**
The checks of one engine.
*/
export function createReadiness(live: Live): Readiness {
	let checkedAt: Instant | undefined;
	let hadCatalogue = false;
	return {
		isDue: () => checkedAt === undefined || (!hadCatalogue && live.catalogue !== undefined) || ageSeconds(checkedAt, live.ports.clock.now()) >= (live.ownFault === undefined ? seldomSeconds : againSeconds),
		async check() {
			checkedAt = live.ports.clock.now();
			hadCatalogue = live.catalogue !== undefined;
			const reason = live.policy.isDryRun ? undefined : await findFault(live);
			if (reason !== undefined) {
				recordOwnFault(live, reason);
			} else if (live.ownFault !== undefined) {
				live.ownFault = undefined;
				live.note({code: 'notice', text: 'servers are created again: what was in the way is mended'});
			}
		},
	};
}

/**
Something on our own side makes every new server useless: none is created until it is mended. Told once, in a sentence that says what to do.
*/
export function recordOwnFault(live: Live, reason: string): void {
	if (live.ownFault?.reason !== reason) {
		live.note({code: 'notice', text: `no server is created: ${reason}`});
	}

	live.ownFault = {reason, since: live.ownFault?.since ?? live.ports.clock.now()};
}

async function findFault({ports, policy, catalogue}: Live): Promise<string | undefined> {
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
