import {globSync} from 'node:fs';
import test from 'ava';
import {z} from 'zod';

const config = z.object({default: z.object({files: z.array(z.string())})});
async function selected(name: string): Promise<string[]> {
	const {files} = config.parse(await import(`../${name}.config.js`)).default;
	const exclude = files.filter(pattern => pattern.startsWith('!')).map(pattern => pattern.slice(1));
	return globSync(files.filter(pattern => !pattern.startsWith('!')), {exclude}).filter(file => /\.tsx?$/v.test(file)).toSorted();
}

test('npm test and npm run test:rest share no file, and together they run each test file and no program of the lab, bench or soak', async t => {
	const [quick, rest] = [await selected('quick'), await selected('rest')];
	t.true(quick.length > 70 && rest.length > 50, `${quick.length}, ${rest.length}`);
	t.deepEqual([...quick, ...rest].toSorted(), await selected('ava'));
	t.deepEqual([...quick, ...rest].filter(file => /^test\/(?:support|lab|bench|soak)\//v.test(file)), []);
});
