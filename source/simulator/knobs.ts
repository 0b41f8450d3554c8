import type {Range} from './chance.ts';

/**
How fast and how generous the world is. Ranges are seconds of its own clock, drawn for each case; defaults are what was observed in 2026.
*/
export type Knobs = {
	/**
	Create call to `running`, and `running` to the first SSH answer.
	*/
	readonly bootSeconds: Range;
	readonly sshSeconds: Range;
	readonly deleteSeconds: Range;
	readonly powerSeconds: Range;
	/**
	The two scripts, the end of the startup script to the runner's being online, the end of its job to the server's being off.
	*/
	readonly setupSeconds: Range;
	readonly startupSeconds: Range;
	readonly onlineSeconds: Range;
	readonly powerOffSeconds: Range;
	/**
	A job's being queued or a runner's coming online to the assignment.
	*/
	readonly assignSeconds: Range;
	/**
	How long after the assignment the job still reads as queued, and its runner as not busy.
	*/
	readonly jobLagSeconds: Range;
	readonly busyLagSeconds: Range;
	/**
	A run is listed that long before its jobs are.
	*/
	readonly jobsLagSeconds: Range;
	/**
	The end of its job to the ephemeral runner's leaving the list.
	*/
	readonly vanishSeconds: Range;
	/**
	DELETE of a runner still answers "busy" that long after its job ended.
	*/
	readonly busyAfterEndSeconds: number;
	/**
	A runner that was removed is still listed, as offline, for so long.
	*/
	readonly lingerSeconds: Range;
	/**
	How long the record of a runner that becomes a ghost is there.
	*/
	readonly ghostSeconds: Range;
	/**
	A runner whose server died reads as offline after that long, and its job as failed after that long.
	*/
	readonly offlineLagSeconds: number;
	readonly lostRunnerSeconds: number;
	/**
	GitHub's own machines take their jobs after that long.
	*/
	readonly hostedSeconds: Range;
	/**
	How long one answer takes.
	*/
	readonly githubLatencySeconds: Range;
	readonly hetznerLatencySeconds: Range;
	readonly githubRequestsPerHour: number;
	/**
	GitHub's secondary limit: a GET is one point, anything else five.
	*/
	readonly githubPointsPerMinute: number;
	readonly hetznerRequestsPerHour: number;
	/**
	Servers that the Hetzner project may hold, foreign ones too.
	*/
	readonly serverLimit: number;
	/**
	Public IPv4 addresses that the project may hold, and how long after its server's end one still counts.
	*/
	readonly primaryIpLimit: number;
	readonly primaryIpReleaseSeconds: number;
	/**
	Lines that a script prints which floods: as many as 100 MB hold.
	*/
	readonly floodLines: number;
	/**
	Rows that GitHub and Hetzner put on a page at most, whatever is asked for.
	*/
	readonly rowsPerPage: number;
	/**
	Whether images have cloud-init, which gives a new server the host key that its user data names.
	*/
	readonly imagesHaveCloudInit: boolean;
	readonly runnerVersion: string;
	/**
	Older runner versions can't register.
	*/
	readonly runnerVersionFloor: string;
	/**
	What GitHub's answers tell about the token: its scopes, its end.
	*/
	readonly githubTokenHeaders: Readonly<Record<string, string>>;
	readonly repositoryIs: {readonly private: boolean; readonly archived: boolean; readonly withActions: boolean};
	/**
	Server types that are sold until then, and images that are deprecated since then, by name: RFC 3339.
	*/
	readonly typeEnds: Readonly<Record<string, string>>;
	readonly imageDeprecated: Readonly<Record<string, string>>;
};

export const defaultKnobs: Knobs = {
	bootSeconds: [8, 25],
	sshSeconds: [8, 15],
	deleteSeconds: [2, 4],
	powerSeconds: [1, 3],
	setupSeconds: [7, 9],
	startupSeconds: [20, 30],
	onlineSeconds: [2, 4],
	powerOffSeconds: [1, 3],
	assignSeconds: [0.5, 2],
	jobLagSeconds: [0.5, 3],
	busyLagSeconds: [1, 6],
	jobsLagSeconds: [0, 1],
	vanishSeconds: [0.5, 2],
	busyAfterEndSeconds: 0,
	lingerSeconds: [0, 0],
	ghostSeconds: [5, 90],
	offlineLagSeconds: 40,
	lostRunnerSeconds: 600,
	hostedSeconds: [3, 40],
	githubLatencySeconds: [0.05, 0.25],
	hetznerLatencySeconds: [0.05, 0.2],
	githubRequestsPerHour: 5000,
	githubPointsPerMinute: 900,
	hetznerRequestsPerHour: 3600,
	serverLimit: 500,
	primaryIpLimit: 500,
	primaryIpReleaseSeconds: 60,
	floodLines: 500_000,
	rowsPerPage: 100,
	imagesHaveCloudInit: true,
	runnerVersion: '2.338.0',
	runnerVersionFloor: '2.329.0',
	githubTokenHeaders: {'x-oauth-scopes': 'repo'},
	repositoryIs: {private: true, archived: false, withActions: true},
	typeEnds: {},
	imageDeprecated: {},
};
