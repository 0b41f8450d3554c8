import * as z from 'zod';
import {later, parseInstant, type Instant} from '../model/time.ts';
import type {GitHub} from '../scaler/ports.ts';
import type {Client} from './client.ts';
import type {Asked} from './errors.ts';
import {singleFlight} from './single-flight.ts';

const usualSeconds = 5 * 60;
const asked: Asked = {doing: 'getting a registration token', permission: 'Administration: read and write'};
const body = z.object({token: z.string().min(1), expires_at: z.string()});

/**
Hands out a registration token. One serves as long as it is good for the time that is asked for: hundreds in a burst hit GitHub's secondary limit.
*/
export function registrationToken(client: Client): GitHub['registrationToken'] {
	let kept: {readonly token: string; readonly end: Instant} | undefined;

	const fetchToken = singleFlight(async () => {
		const answer = await client.ask('POST /repos/{owner}/{repo}/actions/runners/registration-token', {}, asked);
		const parsed = body.safeParse(answer.data);
		const end = parsed.success ? parseInstant(parsed.data.expires_at) : undefined;
		if (!parsed.success || end === undefined) {
			throw client.broken(asked, 'it is no token'); // Without the answer's own words: they may hold one.
		}

		kept = {token: parsed.data.token, end: client.limits.onOurClock(end, answer.headers)};
		return kept.token;
	});

	return async ({minimumSeconds = usualSeconds, isFresh = false} = {}) =>
		kept !== undefined && !isFresh && later(kept.end, -minimumSeconds) > client.clock.now() ? kept.token : fetchToken();
}
