import type {Ports} from '../../source/scaler/ports.ts';

/**
The calls that change something, as an engine makes them. `onBoundary` hears of each before and after it; when it says so, the process dies there.
*/
export type OnBoundary = (call: string, moment: 'before' | 'after') => 'live' | 'die';

/**
Ports whose changing calls are boundaries. `die` ends the process; what it was waiting for never comes.
*/
export function withBoundaries(ports: Ports, onBoundary: OnBoundary, die: () => Promise<never>): Ports {
	async function bound<Value>(call: string, act: () => Promise<Value>): Promise<Value> {
		if (onBoundary(call, 'before') === 'die') {
			return die();
		}

		const value = await act();
		return onBoundary(call, 'after') === 'die' ? die() : value;
	}

	const {github, cloud, shell} = ports;
	return {
		...ports,
		github: {
			...github,
			removeRunner: async id => bound('removeRunner', async () => github.removeRunner(id)),
			registrationToken: async () => bound('registrationToken', async () => github.registrationToken()),
		},
		cloud: {
			...cloud,
			createServer: async request => bound('createServer', async () => cloud.createServer(request)),
			deleteServer: async id => bound('deleteServer', async () => cloud.deleteServer(id)),
			markStartupEnded: async (server, at) => bound('markStartupEnded', async () => cloud.markStartupEnded(server, at)),
		},
		shell: {
			...shell,
			async * setUp(request, signal) {
				let isFirst = true;
				if (onBoundary('setUp', 'before') === 'die') {
					await die();
				}

				for await (const news of shell.setUp(request, signal)) {
					if (isFirst && onBoundary('setUp', 'after') === 'die') {
						await die();
					}

					isFirst = false;
					yield news;
				}
			},
		},
	};
}
