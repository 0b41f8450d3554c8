// What this machine lacks for the tests: the last words of `npm test`; with "tests" or "lab" Debian's packages alone, as .ci/run asks;
// with "ssh" a refusal, as most that `npm run test:rest` starts is the whole program, which does nothing without an ssh client.
import process from 'node:process';
import {hasProgram, isRoot, missingPackages} from './machine.ts';

const [which] = process.argv.slice(2);
const packages = missingPackages(which === 'tests' || which === 'lab' ? which : 'all');
if (which === 'ssh') {
	if (!hasProgram('ssh')) {
		process.stderr.write('These tests need an ssh client: apt-get install openssh-client\n');
		process.exitCode = 1;
	}
} else if (which === undefined) {
	if (packages.length > 0) {
		process.stdout.write(`\nTests that need a missing program were skipped. To run them too:\n  apt-get install --no-install-recommends ${packages.join(' ')}\n`);
	}

	if (!isRoot) {
		process.stdout.write('\nTests that need root on Linux were skipped: those with a real sshd, other unix users, or the lab.\n');
	}
} else {
	process.stdout.write(`${packages.join(' ')}\n`);
}
