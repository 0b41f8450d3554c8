import {paths, serviceName} from './paths.ts';

/**
What varies between units.
*/
export type UnitFacts = {
	/**
	`owner/name`.
	*/
	readonly repository: string;
	/**
	Absolute paths of Node and of the program.
	*/
	readonly node: string;
	readonly program: string;
	/**
	The private key file that systemd passes to the service; undefined: none.
	*/
	readonly sshPrivateKey: string | undefined;
	/**
	What GitHub is asked with.
	@default 'github-token'
	*/
	readonly githubCredential?: 'github-token' | 'github-app-key-file';
	/**
	Node options that this Node supports.
	*/
	readonly nodeOptions?: readonly string[];
	/**
	A TCP port that it may listen on, that of --metrics.
	*/
	readonly metricsPort?: number | undefined;
	/**
	The port of --webhook, and whether its secret is passed to the service.
	*/
	readonly webhookPort?: number | undefined;
	readonly hasWebhookSecret?: boolean;
	/**
	Whether /usr/bin/perl exists: it can pass the engine a socket to systemd.
	*/
	readonly hasPerl?: boolean;
	/**
	The socket and group for read-only access.
	*/
	readonly viewers?: {readonly group: string; readonly socket: string} | undefined;
};

/**
How long the engine may be silent before systemd restarts it, seconds. It pings three times within that.
*/
const watchdogSeconds = 180;

/**
Opens the datagram socket to systemd, which Node cannot, puts its number into $NOTIFY_FD, and becomes the engine by exec. Messages then come
from the main process, and none of its children can send any.
*/
const opensNotifySocket = ['/usr/bin/perl', '-MSocket', '-e', '$^F=99;socket(S,AF_UNIX,SOCK_DGRAM,0)&&connect(S,pack_sockaddr_un($ENV{NOTIFY_SOCKET}=~s/^[@]/chr 0/er))&&($ENV{NOTIFY_FD}=fileno S);exec@ARGV'];

/**
The text of the systemd unit. It contains no secret: systemd reads tokens and key as root and gives them to this process only.
V8 makes machine code at run time, so MemoryDenyWriteExecute= is out.
*/
export function unitText(facts: UnitFacts): string {
	return `[Unit]
Description=Ephemeral GitHub Actions runners on Hetzner Cloud for ${escapePercent(facts.repository)}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=${facts.hasPerl === true ? 'main' : 'all'}
ExecStart=${[...facts.hasPerl === true ? opensNotifySocket : [], facts.node, ...facts.nodeOptions ?? [], facts.program].map(word => quote(word)).join(' ')} run --no-console --settings-file ${paths.settings}
${facts.viewers === undefined ? '' : `ExecStartPost=-+chgrp -- ${facts.viewers.group} ${escapePercent(facts.viewers.socket)}\n`}Environment=NODE_ENV=production
EnvironmentFile=-${paths.environment}
User=${serviceName}
Group=${serviceName}
${[
	...[facts.githubCredential ?? 'github-token'].map(name => `LoadCredential=${name}:${paths.credentials}/${name}`),
	`LoadCredential=hetzner-token:${paths.credentials}/hetzner-token`,
	...(facts.hasWebhookSecret === true ? [`LoadCredential=webhook-secret-file:${paths.credentials}/webhook-secret-file`] : []),
	...(facts.sshPrivateKey === undefined ? [] : [`LoadCredential=ssh-private-key:${escapePercent(facts.sshPrivateKey)}`]),
].join('\n')}
StateDirectory=hetzner-runners-tui
StateDirectoryMode=0750
LogsDirectory=hetzner-runners-tui
LogsDirectoryMode=0750
RuntimeDirectory=hetzner-runners-tui
RuntimeDirectoryMode=${facts.viewers === undefined ? '0750' : '0751'}
WorkingDirectory=${paths.state}

Restart=always
RestartSec=15
# Wrong settings do not mend themselves.
RestartPreventExitStatus=2
TimeoutStartSec=180
TimeoutStopSec=30
WatchdogSec=${watchdogSeconds}
# The engine ends its ssh sessions itself.
KillMode=mixed

# Memory of a process holds tokens. An engine needs some 150 MB, with hundreds of servers some 300, and one ssh a server in its set-up.
LimitCORE=0
MemoryMax=2G
TasksMax=4096
# No metadata service; no port of its own but those of --metrics and --webhook, not Node's debugger's either.
IPAddressDeny=169.254.0.0/16
SocketBindDeny=any
${[facts.metricsPort, facts.webhookPort].map(port => port === undefined ? '' : `SocketBindAllow=tcp:${port}\n`).join('')}# What it can write it cannot run.
NoExecPaths=${[paths.state, paths.logs, '/tmp', '/var/tmp'].map(path => `-${path}`).join(' ')}

UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
PrivateMounts=yes
DevicePolicy=closed
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

// Systemd reads % and, in commands, $ and quotes as its own.
function escapePercent(text: string): string {
	return text.replaceAll('%', '%%');
}

function quote(text: string): string {
	const escaped = escapePercent(text).replaceAll('$', '$$$$');
	return /^[\w$%+\-.\/:@]+$/v.test(escaped) ? escaped : `"${escaped.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
