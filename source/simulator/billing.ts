import {costMicros, type Micros} from '../model/money.ts';
import type {Instant} from '../model/time.ts';
import {grossMicros, netPrice, netPriceOfIpv4} from './catalogue.ts';
import type {SimulatedServer} from './hetzner-resources.ts';

/**
What these servers have cost until now, VAT and IPv4 addresses included: every started hour, whatever the power state, until deletion.
*/
export function billMicros(servers: Iterable<SimulatedServer>, now: Instant): Micros {
	let sum = 0;
	for (const server of servers) {
		const {hourly, monthly} = netPrice(server.type, server.location);
		const ipv4 = server.host.outcome === 'noAddress' ? {hourly: 0, monthly: 0} : netPriceOfIpv4;
		const price = {hourlyMicros: grossMicros(hourly + ipv4.hourly), monthlyMicros: grossMicros(monthly + ipv4.monthly)};
		sum += costMicros(price, server.createdAt, server.deletedAt ?? now);
	}

	return sum;
}
