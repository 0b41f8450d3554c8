// Folders of helpers and whole programs: no file there is a test.
export const helpers = ['!test/support/**', '!test/lab/**', '!test/bench/**', '!test/soak/**'];

// All tests, so that `npx ava FILE` takes any. `npm test` runs those of quick.config.js, `npm run test:rest` the others.
export default {
	files: ['test/**/*.{ts,tsx}', ...helpers],
	extensions: ['ts', 'tsx'],
	nodeArguments: ['--import=./test/support/jsx.js'],
	timeout: '120s',
};

// What `npm test` leaves out, for its two minutes: what starts whole programs, real servers or terminals, and whole days of the simulator.
const folders = 'attack commands doctor e2e first-start fuzz logging metrics service simulation ssh standin terminal wiring';
export const slow = [...folders.split(' ').map(name => `test/${name}/**`), 'test/simulator/clients.ts', 'test/simulator/soak-groups.ts'];
