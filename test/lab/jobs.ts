import type {LabJob} from './lab-world.ts';

const proof = 'hostname; whoami; sudo -n id -un; cat /proc/sys/kernel/random/boot_id';

/**
Two runs: jobs that prove where they ran, and jobs that misbehave, each in its own way. `ends`: how GitHub sees it end.
*/
export const runs: ReadonlyArray<ReadonlyArray<LabJob & {readonly ends: 'success' | 'failure'}>> = [
	[
		{name: 'proof 1', steps: proof, ends: 'success'},
		{name: 'proof 2', steps: `${proof}; sleep 5`, ends: 'success'},
		{name: 'leaves processes behind', steps: `${proof}; setsid sleep 1000 >/dev/null 2>&1 </dev/null & sleep 1; pgrep -c sleep`, ends: 'success'},
	],
	[
		{name: 'powers the machine off', steps: 'sudo systemctl poweroff; sleep 60', ends: 'failure'},
		{name: 'kills its runner', steps: 'pkill -9 -f "[r]un.sh"; sleep 60', ends: 'failure'},
		{name: 'fills the disk', steps: 'free=$(df --output=avail -B1 / | tail -1); fallocate -l "$free" fill || true; while echo full >>more; do :; done; echo more >>more', ends: 'failure'},
	],
];
