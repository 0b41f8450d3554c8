import {execFileSync} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {connectRemote} from '../../source/remote/client.ts';
import {openSshTunnel} from '../../source/remote/ssh-tunnel.ts';
import {serveRemote} from '../../source/remote/server.ts';
import {givenEngine} from '../support/given-engine.ts';
import {needs} from '../support/needs.ts';
import {
	freePort, keygen, startSshd, stopSshd,
} from '../support/sshd.ts';

// The system's ssh and a real OpenSSH server.
needs('root', 'ssh', 'ssh-keygen', 'sshd', 'pkill')('an engine of another machine is reached over ssh, and again after the connection was lost', async t => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'hrt-'));
	keygen(path.join(folder, 'host_key'));
	keygen(path.join(folder, 'key'));
	const port = await freePort();
	let sshd = await startSshd(folder, port);
	const day = givenEngine({jobs: []});
	const socketPath = path.join(folder, 'acme+widgets.sock');
	const served = await serveRemote({
		controller: day.controller, socketPath, about: {
			version: '1.0.0', repository: 'acme/widgets', pid: 1, where: 'the service',
		},
	});
	const forward = await openSshTunnel('root@127.0.0.1', [
		'-F', 'none', '-p', String(port), '-i', path.join(folder, 'key'), '-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${folder}/known_hosts`,
	]);
	const controller = await connectRemote({
		socketPath: await forward.bring(socketPath), version: '1.0.0', isReadOnly: false, clockNow: () => Date.now(), whereToo: ' on ci',
	});
	t.teardown(async () => {
		await controller.close();
		await forward.close();
		await served.close();
		await stopSshd(sshd);
		await day.end();
		await rm(folder, {recursive: true});
	});
	t.like(controller.attachment(), {at: 'socket', where: 'the service on ci', lost: undefined});
	await controller.setMode('paused', {name: 'anna'});
	await day.pass(1);
	t.is(day.engine.state().mode, 'paused');

	execFileSync('pkill', ['-P', String(sshd.pid)]); // Its sessions.
	await stopSshd(sshd);
	const lost = async (isLost: boolean) => {
		for (let tries = 0; tries < 400; tries++) {
			const attachment = controller.attachment();
			if (attachment.at === 'socket' && (attachment.lost !== undefined) === isLost) {
				return;
			}

			await pause(50);
		}

		throw new Error(`it never was ${isLost ? 'lost' : 'back'}`);
	};

	await lost(true);
	await t.throwsAsync(controller.setMode('scaling', {name: 'anna'}), {message: /nothing was done/v});
	await day.pass(1);
	t.is(day.engine.state().mode, 'paused');
	sshd = await startSshd(folder, port);
	await lost(false);
	await controller.setMode('scaling', {name: 'anna'});
	await day.pass(1);
	t.is(day.engine.state().mode, 'scaling');
});
