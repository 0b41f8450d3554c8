import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {needs} from '../support/needs.ts';

const folder = path.join(import.meta.dirname, '../../source/host-scripts');

needs('shellcheck')('shellcheck finds nothing in the scripts', t => {
	const scripts = readdirSync(folder).filter(name => name.endsWith('.sh'));
	t.deepEqual(scripts, ['follow.sh', 'setup.sh', 'startup-arm64.sh', 'startup-x64.sh']);
	const checked = spawnSync('shellcheck', scripts, {cwd: folder, encoding: 'utf8'});
	t.is(checked.stdout, '');
	t.is(checked.status, 0);
});
