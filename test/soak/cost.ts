import type {Policy} from '../../source/model/policy.ts';
import {billMicros} from '../../source/simulator/billing.ts';
import {isLabelledFor} from '../../source/simulator/hetzner-hosts.ts';
import type {SimulatedServer} from '../../source/simulator/hetzner-resources.ts';
import type {World} from '../../source/simulator/world.ts';
import {formatMoney, type Micros} from '../../source/model/money.ts';
import {later, secondsBetween} from '../../source/model/time.ts';
import type {Watch} from './promises.ts';

/**
What an engine's clock and the world's may differ by, seconds: an hour that began that close to the edge of the last one may count or not.
*/
const edgeSeconds = 60;

/**
Checks each new server of ours against the limit of cost an hour; does nothing without one. To be called at each step.
*/
export function costWatch(world: World, {maxCostMicros: {hour: limitMicros}}: Pick<Policy, 'maxCostMicros'>, watch: Watch): () => void {
	const seen = new Set<SimulatedServer>();
	return () => {
		for (const server of world.hetzner.servers.values()) {
			if (limitMicros !== undefined && !seen.has(server) && isLabelledFor(server.labels, world.repository)) {
				// Whoever takes our labels off a server takes it out of an engine's sight, while its hours go on.
				const known = [...seen].filter(({labels}) => isLabelledFor(labels, world.repository));
				watch.check('withinCost', overHourlyCost(server, known, limitMicros));
				seen.add(server);
			}
		}
	};
}

/**
How a new server breaks a limit of cost an hour, by the world's own prices: the hours begun in the hour before its creation and its own cost more.
Undefined when they do not. A later hour of a server that runs on is no new purchase: what runs is finished.
*/
function overHourlyCost(server: SimulatedServer, servers: readonly SimulatedServer[], limitMicros: Micros): string | undefined {
	const sum = servers.reduce((total, other) => total + (other === server ? 0 : hoursBegunBefore(other, server)), priceOfHour(server));
	return sum > limitMicros ? `${server.name} brings the last hour to ${formatMoney(sum, 'EUR')}, ${formatMoney(limitMicros, 'EUR')} are allowed` : undefined;
}

function priceOfHour(server: SimulatedServer): Micros {
	return billMicros([{...server, deletedAt: undefined}], later(server.createdAt, 1));
}

function hoursBegunBefore(server: SimulatedServer, next: SimulatedServer): Micros {
	const end = Math.min(server.deletedAt ?? Infinity, next.createdAt);
	let hours = 0;
	for (let begins = server.createdAt; begins < end; begins = later(begins, 3600)) {
		hours += secondsBetween(begins, next.createdAt) < 3600 - edgeSeconds ? 1 : 0;
	}

	return hours * priceOfHour(server);
}
