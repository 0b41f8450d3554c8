// A real OpenSSH server on loopback.
import {
	execFile, execFileSync, spawn, type ChildProcess,
} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {promisify} from 'node:util';

export function keygen(file: string): void {
	rmSync(file, {force: true});
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
}

export async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	return typeof address === 'object' && address !== null ? address.port : 0;
}

export async function startSshd(folder: string, port: number, hostKey = path.join(folder, 'host_key'), more: readonly string[] = [], address = '127.0.0.1'): Promise<ChildProcess> {
	mkdirSync('/run/sshd', {recursive: true});
	const config = path.join(folder, `sshd_config_${address}`);
	writeFileSync(config, [
		`Port ${port}`,
		`ListenAddress ${address}`,
		`HostKey ${hostKey}`,
		`AuthorizedKeysFile ${folder}/key.pub`,
		'PermitRootLogin prohibit-password',
		'StrictModes no',
		'UsePAM no',
		'PidFile none',
		'PasswordAuthentication no',
		...more,
		'',
	].join('\n'));
	const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {stdio: ['ignore', 'ignore', 'pipe']});
	let said = '';
	for await (const chunk of sshd.stderr.setEncoding('utf8')) {
		said += String(chunk);
		if (said.includes('listening')) {
			break;
		}
	}

	return sshd;
}

export async function stopSshd(sshd: ChildProcess): Promise<void> {
	sshd.kill('SIGTERM');
	await once(sshd, 'exit');
}

/**
Puts the host key of user data where cloud-init would, as a file for sshd; answers the public half.
*/
export function giveHostKey(made: {readonly userData: string; readonly publicKey: string} | undefined, file: string): string {
	const config = JSON.parse((made?.userData ?? '').replace('#cloud-config\n', '')) as {ssh_keys: {ed25519_private: string; ed25519_public: string}};
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, config.ssh_keys.ed25519_private, {mode: 0o600});
	writeFileSync(`${file}.pub`, config.ssh_keys.ed25519_public);
	return config.ssh_keys.ed25519_public;
}

/**
The host key that a server on loopback shows, as base64.
*/
export async function keyShownAt(port: number): Promise<string | undefined> {
	const run = promisify(execFile); // eslint-disable-line @typescript-eslint/strict-void-return
	const {stdout} = await run('ssh-keyscan', ['-t', 'ed25519', '-p', String(port), '127.0.0.1']);
	return stdout.trim().split(' ').at(-1);
}
