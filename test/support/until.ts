import {setTimeout as pause} from 'node:timers/promises';

/**
Waits until it is so; throws after twenty seconds, with those words.
*/
export async function until(what: string, isSo: () => boolean): Promise<void> {
	for (let tries = 0; !isSo(); tries++) {
		if (tries > 1000) {
			throw new Error(`never: ${what}`);
		}

		await pause(20);
	}
}
