import {auditWorld} from '../../source/simulator/audit.ts';
import {needsLab} from '../support/needs.ts';
import {baseImage} from '../lab/image/base-image.ts';
import {openLabWorld} from '../lab/lab-world.ts';
import {runOnLab} from '../lab/program.ts';
import {logLines, timelines} from '../lab/timeline.ts';

// One job on one real machine: a booted Debian, its OpenSSH, the real scripts. `npm run lab` does more.
needsLab()('a real machine is set up over SSH, runs one job as the user runner, powers itself off and is deleted', async t => {
	t.timeout(600_000);
	const image = await baseImage(words => {
		t.log(words);
	});
	const lab = await openLabWorld(image);
	t.teardown(lab.close);
	lab.addRun([{name: 'where am I', steps: 'hostname; whoami; sudo -n id -un; pwd; echo "$RUNNER_NAME"; env | sort'}]);
	const program = runOnLab(lab, ['--scale-up-interval', '2', '--scale-down-interval', '2', '--max-powered-off-time', '2', '--max-server-ready-time', '400']);
	t.teardown(async () => program.kill('SIGKILL'));
	await program.until('the job is done and its machine deleted', () => lab.front.logs.length === 1 && lab.world.hetzner.servers.size === 0 && program.stdout().includes('"code":"serverDeleted"'), 500);
	await program.kill('SIGTERM');
	const log = logLines(program.stdout());
	t.log(timelines(log, lab.offAt));
	const [done] = lab.front.logs;
	const [hostname, user, sudo, folder, runner] = (done?.log ?? '').split('\n', 5);
	t.is(hostname, done?.runner);
	t.is(runner, done?.runner);
	t.is(user, 'runner');
	t.is(sudo, 'root');
	t.is(folder, '/home/runner/_work/where am I');
	t.notRegex(done?.log ?? '', /TOKEN|GITHUB_URL|GITHUB_REPOSITORY/v, 'a job sees none of our variables');
	t.like(auditWorld(lab.world), {
		jobsKilled: 0, foreignTouched: 0, serversCreated: 1, serversLeft: 0,
	});
	t.is(lab.machines(), 0);
});
