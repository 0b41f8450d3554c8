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

	import('./dist/cli.js');
}
