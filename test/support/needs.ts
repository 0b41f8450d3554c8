import process from 'node:process';
import test, {type ExecutionContext} from 'ava';

type Implementation = (t: ExecutionContext) => void | Promise<void>;

/**
A test that needs something of the machine: where that is missing it is skipped with the reason in its title. In CI, which installs all that is needed, it
fails, unless it is `optional` even there: what no package can bring.
*/
export function needs(isThere: boolean, what: string, inCi: 'required' | 'optional' = 'required'): (title: string, implementation: Implementation) => void {
	return (title, implementation) => {
		if (isThere) {
			test(title, implementation);
		} else if (process.env.CI === 'true' && inCi === 'required') {
			test(title, t => {
				t.fail(`this machine lacks what the test needs: ${what}`);
			});
		} else {
			test.skip(`${title} (it needs ${what})`, implementation); // eslint-disable-line ava/no-skip-test
		}
	};
}
