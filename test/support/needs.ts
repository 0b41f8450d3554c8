import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {
	hasProgram, isRoot, missingForLab, testPrograms,
} from './machine.ts';

type Implementation = (t: ExecutionContext) => void | Promise<void>;
type Define = (title: string, implementation: Implementation) => void;

/**
What a test may need: a program, or to run as root on Linux.
*/
export type Need = keyof typeof testPrograms | 'root';

/**
Defines tests that need something of the machine, in the place of ava's `test`: where that is missing each is skipped with the reason in
its title. In CI, which installs all that is needed, it fails.
*/
export function needs(...wanted: readonly Need[]): Define {
	const missing = wanted.flatMap(need => {
		if (need === 'root') {
			return isRoot ? [] : ['root on Linux'];
		}

		return hasProgram(need) ? [] : [`${need}, of the package ${testPrograms[need]}`];
	});
	return needing(missing, process.env.CI === 'true');
}

/**
The same for tests in the lab, which are skipped in CI too: not every machine that runs CI can boot another.
*/
export function needsLab(): Define {
	return needing(missingForLab(), false);
}

function needing(missing: readonly string[], isFailure: boolean): Define {
	return (title, implementation) => {
		if (missing.length === 0) {
			test(title, implementation);
		} else if (isFailure) {
			test(title, t => {
				t.fail(`this machine lacks what the test needs: ${missing.join('; ')}`);
			});
		} else {
			test.skip(`${title} (it needs ${missing.join('; ')})`, implementation); // eslint-disable-line ava/no-skip-test
		}
	};
}
