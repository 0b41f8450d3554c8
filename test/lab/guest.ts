import {execFileSync, spawn, type ChildProcess} from 'node:child_process';
import {Buffer} from 'node:buffer';
import {createWriteStream} from 'node:fs';
import path from 'node:path';
import type {BaseImage} from './image/base-image.ts';

/**
The port of the simulated GitHub, in the machines and outside.
*/
export const githubPort = 18_080;

export type GuestOptions = {
	readonly image: BaseImage;
	readonly folder: string;
	readonly name: string;
	readonly ip: string;
	readonly sshPort: number;
	readonly publicKeys: readonly string[];
	/**
	The private half that user data gives it, as cloud-init would put it in place.
	*/
	readonly hostKey?: string | undefined;
	readonly hasSshd: boolean;
	readonly memoryMegabytes?: number;
	/**
	What the machine reaches: an address in its emulator's network, and where that leads. Nothing else is let through.
	@default the simulated GitHub
	*/
	readonly ways?: ReadonlyArray<readonly [inside: string, outside: string]>;
	/**
	A file that the machine sees as its second disk.
	*/
	readonly payload?: string;
	/**
	@default false: a reboot ends it
	*/
	readonly canReboot?: boolean;
	/**
	The machine is off: by itself, or because it was stopped.
	*/
	readonly onOff: () => void;
};

export type Guest = {
	readonly consoleFile: string;
	/**
	Takes the power away.
	*/
	readonly stop: () => Promise<void>;
};

/**
Boots a machine on a disk of its own. It reaches nothing but the simulated GitHub; SSH to it is at `ip`:`sshPort` of this machine.
*/
export function startGuest(options: GuestOptions): Guest {
	const {image, folder, name, ip, sshPort, publicKeys, payload, ways = [['10.0.2.100:8080', `127.0.0.1:${githubPort}`]]} = options;
	const disk = path.join(folder, `${name}.qcow2`);
	execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', image.disk, '-F', 'qcow2', disk]);
	return boot(options, disk, [
		'-nic',
		`user,model=virtio-net-pci,restrict=on,hostfwd=tcp:${ip}:${sshPort}-:22,${ways.map(([inside, outside]) => `guestfwd=tcp:${inside}-cmd:socat STDIO TCP:${outside}`).join(',')}`,
		...(payload === undefined ? [] : ['-drive', `file=${payload},if=virtio,format=raw,readonly=on`]),
		...(options.canReboot === true ? [] : ['-no-reboot']),
	], `lab.name=${name} lab.keys=${Buffer.from(`${publicKeys.join('\n')}\n`).toString('base64')}${options.hostKey === undefined ? '' : ` lab.hostkey=${Buffer.from(options.hostKey).toString('base64')}`}${options.hasSshd ? '' : ' lab.sshd=never'}`);
}

function boot(options: GuestOptions, disk: string, more: readonly string[], words: string): Guest {
	const {image, folder, name, memoryMegabytes = 512, onOff} = options;
	const consoleFile = path.join(folder, `${name}.console`);
	const child: ChildProcess = spawn('qemu-system-x86_64', [
		'-machine',
		'q35,accel=tcg',
		'-cpu',
		'max',
		'-m',
		String(memoryMegabytes),
		'-smp',
		'1',
		'-nographic',
		'-kernel',
		image.kernel,
		'-initrd',
		image.initrd,
		'-append',
		`root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 mitigations=off ${words}`,
		'-drive',
		`file=${disk},if=virtio,cache=unsafe`,
		...more,
	], {stdio: ['ignore', 'pipe', 'pipe']});
	const log = createWriteStream(consoleFile);
	child.stdout?.pipe(log);
	child.stderr?.pipe(log, {end: false});
	const ended = new Promise<void>(resolve => {
		child.once('close', () => {
			resolve();
			onOff();
		});
	});
	return {
		consoleFile,
		async stop() {
			child.kill('SIGKILL');
			await ended;
		},
	};
}
