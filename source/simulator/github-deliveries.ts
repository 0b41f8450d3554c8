import {createHash, createHmac} from 'node:crypto';
import {findJob, saidOf} from './github-views.ts';
import {jobBody, repositoryBody} from './http/github-bodies.ts';
import type {World} from './world.ts';

/**
A delivery of the workflow_job webhook as GitHub sends it: signed over the raw body.
*/
export type SimulatedDelivery = {readonly headers: Readonly<Record<string, string>>; readonly body: string};

/**
The deliveries that are due since it was last asked: one for each change of a job's status that GitHub tells. Each has an id of its own, which a redelivery keeps.
*/
export function deliveriesOf(world: World, secret: string): () => readonly SimulatedDelivery[] {
	const told = new Map<number, string>();
	return () => {
		world.now();
		return world.github.jobs().flatMap(({id}) => {
			const job = findJob(world, id); // As the API tells it: not before its jobs are listed.
			const status = job === undefined ? undefined : saidOf(world, job).status;
			if (job === undefined || status === undefined || told.get(id) === status) {
				return [];
			}

			told.set(id, status);
			const place = {world, origin: 'https://api.github.com'};
			return [signDelivery({action: status, workflow_job: jobBody(place, job), repository: repositoryBody(place)}, secret, `${world.seed} ${id} ${status}`)];
		});
	};
}

/**
A delivery with that payload, signed with that secret. `name` makes its id.
*/
export function signDelivery(payload: unknown, secret: string, name: string, event = 'workflow_job'): SimulatedDelivery {
	const body = JSON.stringify(payload);
	const digest = createHash('sha256').update(name).digest('hex');
	return {
		body,
		headers: {
			'content-type': 'application/json', 'user-agent': 'GitHub-Hookshot/044aadd', 'x-github-event': event, 'x-github-hook-id': '292430182',
			'x-github-delivery': [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20), digest.slice(20, 32)].join('-'),
			'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
			'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
		},
	};
}
