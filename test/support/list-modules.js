// Writes every module that is loaded to standard error, one a line: for tests of what a command does not load.
import {registerHooks} from 'node:module';
import process from 'node:process';

registerHooks({
	resolve(specifier, context, nextResolve) {
		const resolved = nextResolve(specifier, context);
		process.stderr.write(`module ${resolved.url}\n`);
		return resolved;
	},
});
