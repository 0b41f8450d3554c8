import {existsSync} from 'node:fs';
import path from 'node:path';
import {paths, serviceName} from './paths.ts';

/**
The service manager of a machine.
*/
export type Supervisor = 'systemd' | 'OpenRC' | 'runit' | 'supervisord' | 'none';

const signs: ReadonlyArray<readonly [Supervisor, readonly string[]]> = [
	['OpenRC', ['/sbin/openrc-run', '/run/openrc']],
	['runit', ['/etc/runit', '/run/runit']],
	['supervisord', ['/etc/supervisor', '/etc/supervisord.conf']],
];

/**
Which supervisor the machine has. Nothing runs in an alternative root: there, installed programs count.
*/
export function findSupervisor(root: string | undefined): Supervisor {
	const isThere = (file: string) => existsSync(path.join(root ?? '/', file)); // Through links, as /lib is one to usr/lib: only whether it is there.
	return isThere('/run/systemd/system') || (root !== undefined && (isThere('/usr/lib/systemd/systemd') || isThere('/lib/systemd/systemd'))) ? 'systemd' : signs.find(([, files]) => files.some(file => isThere(file)))?.[0] ?? 'none';
}

export type ReadyFile = {readonly name: string; readonly mode: number; readonly text: string; readonly advice: string};

/**
A ready-made file for a machine without systemd, and what to do with it. Tokens and key are read from files that only their owner can read,
in the folder CREDENTIALS_DIRECTORY: github-token (for a GitHub App github-app-key-file), hetzner-token, ssh-private-key.
*/
export function readyFile(supervisor: Exclude<Supervisor, 'systemd'>, facts: {readonly node: string; readonly program: string}): ReadyFile {
	const command = `${facts.node} ${facts.program} run --no-console --settings-file ${paths.settings}`;
	const credentials = `the files github-token, hetzner-token and ssh-private-key in ${paths.credentials} (owner ${serviceName}, mode 0600), the other settings by "settings set … --settings-file ${paths.settings}"`;
	switch (supervisor) {
		case 'OpenRC': {
			return {
				name: `${serviceName}.initd`,
				mode: 0o755,
				text: `#!/sbin/openrc-run
description="Ephemeral GitHub Actions runners on Hetzner Cloud"
supervisor=supervise-daemon
command="${facts.node}"
command_args="${facts.program} run --no-console --settings-file ${paths.settings}"
command_user="${serviceName}:${serviceName}"
supervise_daemon_args="--env CREDENTIALS_DIRECTORY=${paths.credentials} --env STATE_DIRECTORY=${paths.state} --env RUNTIME_DIRECTORY=${paths.runtime}"
respawn_delay=15
output_logger="logger -t ${serviceName}"
error_logger="logger -t ${serviceName}"

depend() {
	need net
}

start_pre() {
	checkpath --directory --owner "${serviceName}:${serviceName}" --mode 0750 ${paths.state} ${paths.runtime}
}
`,
				advice: `put it at /etc/init.d/${serviceName}, ${credentials}, then: rc-update add ${serviceName} && rc-service ${serviceName} start`,
			};
		}

		case 'runit': {
			return {
				name: 'run',
				mode: 0o755,
				text: `#!/bin/sh
export CREDENTIALS_DIRECTORY=${paths.credentials} STATE_DIRECTORY=${paths.state} RUNTIME_DIRECTORY=${paths.runtime}
install -d -m 0750 -o ${serviceName} -g ${serviceName} "$STATE_DIRECTORY" "$RUNTIME_DIRECTORY"
exec chpst -u ${serviceName}:${serviceName} ${command} 2>&1
`,
				advice: `put it at /etc/sv/${serviceName}/run, ${credentials}, then: ln -s /etc/sv/${serviceName} /var/service/`,
			};
		}

		case 'supervisord': {
			return {
				name: `${serviceName}.conf`,
				mode: 0o644,
				text: `[program:${serviceName}]
command=${command}
user=${serviceName}
environment=CREDENTIALS_DIRECTORY="${paths.credentials}",STATE_DIRECTORY="${paths.state}",RUNTIME_DIRECTORY="${paths.runtime}"
autorestart=true
exitcodes=2
stopsignal=TERM
stopwaitsecs=30
`,
				advice: `put it at /etc/supervisor/conf.d/${serviceName}.conf, ${credentials}, then: supervisorctl update`,
			};
		}

		case 'none': {
			return {
				name: 'compose.yaml',
				mode: 0o644,
				text: `services:
  ${serviceName}:
    image: node:24-bookworm # has an ssh client
    command: npx --yes hetzner-runners-tui run --no-console --settings-file /config/config.json
    user: node
    restart: unless-stopped
    stop_grace_period: 30s
    environment:
      CREDENTIALS_DIRECTORY: /run/secrets
      STATE_DIRECTORY: /state
    volumes:
      - ./config:/config:ro
      - state:/state
    secrets: [github-token, hetzner-token, ssh-private-key]
volumes:
  state:
secrets:
  github-token: {file: ./github-token}
  hetzner-token: {file: ./hetzner-token}
  ssh-private-key: {file: ./ssh-private-key}
`,
				advice: 'put tokens and private key beside it as github-token, hetzner-token, ssh-private-key, the other settings by "settings set … --settings-file config/config.json", then: docker compose up -d',
			};
		}
	}
}
