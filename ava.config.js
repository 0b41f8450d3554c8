export default {
	files: ['test/**/*.{ts,tsx}', '!test/support'],
	extensions: ['ts', 'tsx'],
	nodeArguments: ['--import=./test/support/jsx.js'],
	timeout: '120s',
};
