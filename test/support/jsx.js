// Node strips types from .ts itself; .tsx needs this hook. Loaded by ava.config.js.
import {registerHooks} from 'node:module';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {transformSync} from 'esbuild';

registerHooks({
	load(url, context, nextLoad) {
		if (!url.endsWith('.tsx')) {
			return nextLoad(url, context);
		}

		const file = fileURLToPath(url);
		const {code} = transformSync(readFileSync(file, 'utf8'), {
			loader: 'tsx', jsx: 'automatic', format: 'esm', sourcefile: file, sourcemap: 'inline', target: 'node24',
		});
		return {format: 'module', source: code, shortCircuit: true};
	},
});
