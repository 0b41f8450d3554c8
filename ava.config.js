export default {
	files: ['test/**/*.{ts,tsx}', '!test/support', '!test/lab', '!test/bench', '!test/soak', 'test/lab/one-machine.ts'],
	extensions: ['ts', 'tsx'],
	nodeArguments: ['--import=./test/support/jsx.js'],
	timeout: '120s',
};
