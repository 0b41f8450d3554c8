import reactHooks from 'eslint-plugin-react-hooks';

const modules = [
	'commands', 'wiring', 'logging', 'terminal', 'settings', 'clock', 'http', 'model', 'scaler', 'github', 'hetzner', 'ssh', 'host-scripts', 'remote', 'service', 'history', 'console', 'simulator', 'doctor', 'metrics', 'first-start', 'webhook',
];

// Which modules a module may import from; every other import is an error. "wiring" builds everything from the others, "commands" runs it.
const mayKnow = {
	model: [],
	clock: ['model', 'scaler'],
	wiring: modules.filter(name => name !== 'commands' && name !== 'simulator'),
	logging: ['model', 'scaler', 'settings', 'remote'],
	terminal: ['model'],
	settings: ['model', 'scaler', 'host-scripts'],
	scaler: ['model'],
	'host-scripts': ['model', 'scaler'],
	http: [],
	github: ['model', 'scaler', 'http'],
	hetzner: ['model', 'scaler', 'http'],
	ssh: ['model', 'scaler'],
	remote: ['model', 'scaler'],
	simulator: ['model', 'scaler'],
	console: ['model', 'scaler', 'terminal'],
	service: ['model', 'settings', 'scaler'],
	history: ['model'],
	doctor: ['model', 'scaler', 'settings', 'github', 'hetzner', 'http', 'ssh', 'remote', 'service', 'logging'],
	metrics: ['model', 'scaler'],
	webhook: ['model'],
	'first-start': ['model', 'scaler', 'console', 'terminal'], // How a terminal is read.
};
const zones = Object.entries(mayKnow).map(([module, known]) => ({
	target: `./source/${module}`,
	from: modules.filter(other => other !== module && !known.includes(other)).map(other => `./source/${other}`),
	message: `${module} must not import from this module.`,
}));
// Outside scaler/ only its ports and its controller are known, not how it plans.
for (const module of ['clock', 'github', 'hetzner', 'ssh', 'remote', 'console', 'host-scripts', 'simulator', 'service', 'settings', 'doctor', 'metrics', 'first-start']) {
	zones.push({
		target: `./source/${module}`, from: './source/scaler', except: ['./ports.ts', './controller.ts'],
		message: `${module} knows only the ports and the controller of the scaler.`,
	});
}

export default [
	{ignores: ['dist']},
	reactHooks.configs.flat.recommended,
	{
		rules: {
			'import-x/no-restricted-paths': ['error', {zones}],
			'ava/no-ignored-test-files': 'off', // Knows neither our file pattern nor our support folder.
			'node-test/no-import-test-files': 'off',
			'@stylistic/jsx-quotes': ['error', 'prefer-double'],
			'package-json/dependency-version-range': 'off',
			'n/no-unpublished-bin': 'off',
			'import-x/no-extraneous-dependencies': 'off', // The published package is a bundle.
			'n/no-extraneous-import': 'off',
			'n/prefer-global/process': 'off',
			// Matters of taste in which the plain form reads better here.
			'unicorn/consistent-boolean-name': 'off', // Wants it of functions too.
			'unicorn/no-non-function-verb-prefix': 'off', // "setUp" is a noun here.
			'unicorn/prefer-simple-condition-first': 'off',
			'unicorn/prefer-minimal-ternary': 'off',
			'unicorn/prefer-continue': 'off',
			'unicorn/no-break-in-nested-loop': 'off',
			'unicorn/max-nested-calls': 'off',
			'unicorn/prefer-then-catch': 'off',
			'unicorn/no-array-reduce': 'off',
			'unicorn/prefer-iterator-to-array': 'off',
			'unicorn/no-declarations-before-early-exit': 'off',
			'@typescript-eslint/naming-convention': 'off', // Two APIs and the environment have names of their own.
			'@stylistic/brace-style': 'off',
			'@stylistic/max-statements-per-line': 'off',
			'unicorn/single-line-block-comment-style': 'off',
			'xo/import-specifier-newline': 'off',
			'unicorn/no-await-expression-member': 'off',
			'unicorn/no-unreadable-object-destructuring': 'off',
			'no-await-in-loop': 'off', // One after the other is what is meant.
			'max-params': ['warn', 7],
			complexity: 'off', // A switch over all verdicts is long and flat.
			'import-x/no-anonymous-default-export': 'off',
			'package-json/no-overrides-in-published-package': 'off',
		},
	},
	{
		// Where others do not work on long lines at this time; the other folders follow.
		files: ['source/{hetzner,http,logging,metrics,ssh,service,host-scripts}/**', 'test/{attack,bench,fuzz,http,lab,ssh,support}/**'],
		rules: {
			'@stylistic/max-len': ['error', {
				code: 140, tabWidth: 4, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true,
			}],
		},
	},
	{files: ['bin.js'], rules: {'unicorn/logical-assignment-operators': 'off', 'unicorn/prefer-top-level-await': 'off'}}, // It must parse on any Node.
	{
		files: ['test/**'], rules: {
			'unicorn/prefer-https': 'off', 'unicorn/no-top-level-side-effects': 'off', 'ava/assertion-arguments': 'off', 'ava/no-conditional-assertion': 'off',
		},
	}, // A message may be built; cases of a table differ.
	{files: ['test/soak/**', 'test/bench/**', 'test/lab/**'], rules: {'unicorn/no-process-exit': 'off'}}, // Programs.
	{files: ['build.js'], rules: {'require-unicode-regexp': 'off', 'unicorn/require-array-sort-compare': 'off'}}, // Esbuild's filters are Go's.
	{files: ['package.json'], rules: {'package-json/no-overrides-in-published-package': 'off'}},
	{
		files: ['source/model/**', 'source/scaler/**'],
		rules: {
			'no-restricted-imports': ['error', {patterns: [{regex: '^node:', message: 'I/O comes in through ports.'}]}],
			'no-restricted-globals': ['error', 'process', 'fetch', 'performance', 'setTimeout', 'setInterval', 'setImmediate'],
			'no-restricted-properties': ['error', {object: 'Date', property: 'now'}, {object: 'Math', property: 'random'}],
			'no-restricted-syntax': ['error', {selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Take now from the Clock.'}],
		},
	},
];
