// Shows the console on made-up data, to look at it: node --import=./test/support/jsx.js test/support/show-console.tsx
// [busy|empty|crowd|failed|read-only]
import process from 'node:process';
import {prepareColors} from '../../source/console/terminal/colours.ts';
import {later} from '../../source/model/time.ts';
import {busyDay, crowd} from './busy-day.ts';
import {fixtureController} from './fixture-controller.ts';
import {ago, givenState} from './given/state.ts';

prepareColors(process.env);
const {startConsole} = await import('../../source/console/start.ts');
const scene = process.argv[2] ?? 'busy';
const states = {
	busy: () => givenState(busyDay),
	empty: () => givenState(),
	crowd: () => crowd(500, 300),
	failed() {
		const state = givenState(busyDay);
		return {
			...state, servers: {
				state: 'failed', items: state.servers.items, at: ago(75), fault: {reason: 'Hetzner answers 503 Service Unavailable', since: ago(75), retryAt: later(ago(0), 40)},
			},
		} as const;
	},
};
const make = Object.entries(states).find(([name]) => name === scene)?.[1] ?? states.busy;
const controller = fixtureController(make());
const move = setInterval(() => {
	controller.publish(state => ({...state, publishedAt: later(state.publishedAt, 10), nextReadAt: later(state.publishedAt, 20)}));
}, 10_000);
const {why} = await startConsole({
	controller, stdin: process.stdin, stdout: process.stdout, operator: {name: 'me'}, isReadOnly: scene === 'read-only', env: process.env,
	clockNow: () => Date.now(), onShell: () => ['bash'],
});
clearInterval(move);
process.stdout.write(`left: ${why}; ${controller.calls.join(', ')}\n`);
