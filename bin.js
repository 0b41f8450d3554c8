#!/usr/bin/env node
// Plain and old on purpose: it must parse on any Node and say what is wrong. No static import here.
const major = Number(process.versions.node.split('.', 1)[0]);
if (major < 22) {
	process.stderr.write('hetzner-runners-tui needs Node.js 22 or newer; this is ' + process.version + ' (' + process.execPath + ').\n');
	process.exitCode = 1;
} else {
	if (!process.env.NODE_ENV) {
		process.env.NODE_ENV = 'production'; // Otherwise React runs its development build.
	}

	// Node's debugger starts at this signal and lets every user of the machine read what is in memory, both tokens too. Where the option is not known
	// (before Node 22.14) or not given, a listener takes that signal's place.
	process.on('SIGUSR1', () => undefined);

	import('node:module').then(module => {
		// In a folder of one's own: what lies in the temporary folder, others may have put there.
		const caches = process.env.XDG_CACHE_HOME || (process.env.HOME && process.env.HOME + '/.cache');
		if (process.stdout.isTTY && caches && module.enableCompileCache) {
			module.enableCompileCache(caches + '/hetzner-runners-tui');
			if (module.flushCompileCache) {
				setTimeout(module.flushCompileCache, 5000).unref(); // A console often ends with its connection, and writes nothing then.
			}
		}

		return import('./dist/cli.js');
	});
}
