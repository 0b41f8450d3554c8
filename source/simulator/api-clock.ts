import {later, type Instant} from '../model/time.ts';
import type {Api} from './faults.ts';
import type {World} from './world.ts';

/**
A moment as that API's own clock shows it, which may be fast or slow.
*/
export function apiTime(world: Pick<World, 'parameters'>, api: Api, at: Instant): Instant {
	return later(at, world.parameters[api === 'github' ? 'githubClockSeconds' : 'hetznerClockSeconds']);
}
