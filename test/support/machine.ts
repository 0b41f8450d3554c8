// What of the machine tests use, and what of it is missing.
import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
Programs that tests start, and the package of Debian that brings each.
*/
export const testPrograms = {
	ssh: 'openssh-client',
	'ssh-keygen': 'openssh-client',
	sshd: 'openssh-server',
	shellcheck: 'shellcheck',
	gh: 'gh',
	hcloud: 'hcloud-cli',
	tmux: 'tmux',
	screen: 'screen',
	zsh: 'zsh',
	fish: 'fish',
	perl: 'perl-base',
	pkill: 'procps',
	useradd: 'passwd',
	'systemd-analyze': 'systemd',
	'systemd-socket-activate': 'systemd',
	promtool: 'prometheus',
} as const;
const labPrograms = {
	'qemu-system-x86_64': 'qemu-system-x86', 'qemu-img': 'qemu-utils', mmdebstrap: 'mmdebstrap', socat: 'socat', mke2fs: 'e2fsprogs',
} as const;
const kernelPackage = 'linux-image-cloud-amd64';

/**
Whether root on Linux runs this.
*/
export const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/**
Whether the PATH, or where root's programs lie, has that program.
*/
export function hasProgram(name: string): boolean {
	const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
	return folders.some(folder => folder !== '' && existsSync(path.join(folder, name)));
}

/**
The version of a kernel for the lab's machines; undefined when none is installed.
*/
export function kernelVersion(): string | undefined {
	if (!existsSync('/boot')) {
		return undefined;
	}

	const hasInitrd = (kernel: string): boolean => existsSync(`/boot/${kernel.replace('vmlinuz', 'initrd.img')}`);
	const kernels = readdirSync('/boot').filter(name => /^vmlinuz-.*-cloud-amd64$/v.test(name) && hasInitrd(name));
	return kernels.toSorted().at(-1)?.replace('vmlinuz-', '');
}

/**
Debian's packages that this machine lacks: of the tests, of the lab, or of both; empty when it has everything.
*/
export function missingPackages(which: 'tests' | 'lab' | 'all'): readonly string[] {
	const wanted = [...which === 'lab' ? [] : Object.entries(testPrograms), ...which === 'tests' ? [] : Object.entries(labPrograms)];
	const missing = wanted.filter(([program]) => !hasProgram(program)).map(([, name]) => name);
	return [...new Set([...missing, ...(which !== 'tests' && kernelVersion() === undefined ? [kernelPackage] : [])])];
}

/**
What the lab lacks here, in words; empty when it has everything.
*/
export function missingForLab(): readonly string[] {
	return isRoot ? missingPackages('lab') : ['root on Linux'];
}
