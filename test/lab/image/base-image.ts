import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {
	existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {kernelVersion} from '../../support/machine.ts';

async function run(program: string, argv: readonly string[]): Promise<void> {
	const child = spawn(program, argv, {stdio: ['ignore', 'ignore', 'pipe']});
	const said = text(child.stderr);
	const [code] = await once(child, 'close') as [number | undefined];
	if (code !== 0) {
		throw new Error(`${program} failed: ${(await said).trim().split('\n').at(-1) ?? ''}`);
	}
}

export type BaseImage = {readonly disk: string; readonly kernel: string; readonly initrd: string};

const customize = path.join(import.meta.dirname, 'customize.sh');
const packages = ['systemd-sysv', 'udev', 'dbus', 'openssh-server', 'sudo', 'curl', 'ca-certificates', 'iproute2', 'ifupdown', 'adduser', 'procps', 'openssh-client'];

/**
The disk that every machine of the lab is a copy-on-write overlay of: a small Debian of this machine's release with systemd and OpenSSH.
Made once (about a minute) and kept in the user's cache. Throws what the tool that failed said.
*/
export async function baseImage(tell: (words: string) => void): Promise<BaseImage> {
	const version = kernelVersion() ?? '';
	const release = /^VERSION_CODENAME=(?<name>\w+)$/mv.exec(readFileSync('/etc/os-release', 'utf8'))?.groups?.name ?? 'stable';
	const recipe = createHash('sha256').update(JSON.stringify([packages, release, version, readFileSync(customize, 'utf8')])).digest('hex').slice(0, 12);
	const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'hetzner-runners-lab');
	const disk = path.join(cache, `${recipe}.qcow2`);
	const image = {disk, kernel: `/boot/vmlinuz-${version}`, initrd: `/boot/initrd.img-${version}`};
	if (existsSync(disk)) {
		return image;
	}

	tell(`make the machines' disk, once: Debian ${release}`);
	const folder = `${disk}.${process.pid}`;
	mkdirSync(folder, {recursive: true});
	try {
		const root = path.join(folder, 'root');
		const raw = path.join(folder, 'disk.raw');
		await run('mmdebstrap', ['--quiet', '--variant=minbase', `--include=${packages.join(',')}`, `--customize-hook=sh ${customize} "$1"`, release, root, ...sources()]);
		await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'root', '-d', root, raw, '2G']);
		await run('qemu-img', ['convert', '-O', 'qcow2', raw, path.join(folder, 'disk.qcow2')]);
		renameSync(path.join(folder, 'disk.qcow2'), disk);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}

	return image;
}

// This machine's own package sources.
function sources(): readonly string[] {
	const found = ['/etc/apt/sources.list', ...(existsSync('/etc/apt/sources.list.d') ? readdirSync('/etc/apt/sources.list.d').map(name => `/etc/apt/sources.list.d/${name}`) : [])];
	return found.filter(file => /\.(?:list|sources)$/v.test(file) && existsSync(file) && /debian/iv.test(readFileSync(file, 'utf8')));
}
