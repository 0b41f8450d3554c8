import type {Range} from './chance.ts';
import type {RunStatusRule} from './github-jobs.ts';

/**
How fast and how generous the world is. Ranges are seconds of its own clock, drawn for each case; defaults are what was observed in 2026.
*/
export type WorldParameters = {
	/**
	Create call to `running`, and `running` to the first SSH answer.
	*/
	readonly bootSeconds: Range;
	readonly sshSeconds: Range;
	readonly deleteSeconds: Range;
	readonly powerSeconds: Range;
	/**
	What a guest takes to go down once ACPI asks it to, and the making of an image.
	*/
	readonly shutdownSeconds: Range;
	readonly imageSeconds: Range;
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
	What a run's status is made of; both were observed.
	*/
	readonly runStatus: RunStatusRule;
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
	/**
	How far ahead of the world's each API's clock is: everything that it dates is.
	*/
	readonly githubClockSeconds: number;
	readonly hetznerClockSeconds: number;
	/**
	Whether GitHub limits requests; an Enterprise Server may not, and then tells nothing of limits.
	*/
	readonly githubHasLimits: boolean;
	readonly githubRequestsPerHour: number;
	/**
	GitHub's secondary limit: a GET is one point, anything else five. What it answers beyond.
	*/
	readonly githubSecondaryStatus: 403 | 429;
	readonly githubPointsPerMinute: number;
	readonly hetznerRequestsPerHour: number;
	/**
	Servers that the Hetzner project may hold, foreign ones too.
	*/
	readonly serverLimit: number;
	/**
	Dedicated cores that the project may hold.
	*/
	readonly dedicatedCoreLimit: number;
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
	A filtered list of runs ends after so many rows, whatever number it announces.
	*/
	readonly runsListed: number;
	/**
	Runners of others, of which one leaves and another comes that often; 0: they stay.
	*/
	readonly foreignRunners: {readonly count: number; readonly changeSeconds: number};
	/**
	How long a registration token is good; ids of the runner groups that there are.
	*/
	readonly registrationTokenSeconds: number;
	/**
	How long an App's token is good.
	*/
	readonly appTokenSeconds: number;
	readonly runnerGroups: readonly number[];
	/**
	Whether GitHub hands out just-in-time configurations; an Enterprise Server before 3.10 does not.
	*/
	readonly githubHasJit: boolean;
	/**
	How long one is good unless it is used (ubicloud/ubicloud#2957), and how long GitHub lets a runner that came with one be idle (actions/runner#4726).
	*/
	readonly jitSeconds: Range;
	readonly jitIdleSeconds: Range;
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
	/**
	Whose pull requests from forks wait for approval in a public repository; whether they run at all in a private one, and whether they wait there.
	*/
	readonly forks: {readonly approvalPolicy: string; readonly run: boolean; readonly wait: boolean};
	readonly repositoryIs: {readonly private: boolean; readonly archived: boolean; readonly withActions: boolean};
	/**
	Server types that are sold until then, and images that are deprecated since then, by name: RFC 3339.
	*/
	readonly typeEnds: Readonly<Record<string, string>>;
	readonly imageDeprecated: Readonly<Record<string, string>>;
};

export const defaultParameters: WorldParameters = {
	bootSeconds: [8, 25],
	sshSeconds: [8, 15],
	deleteSeconds: [2, 4],
	powerSeconds: [1, 3],
	shutdownSeconds: [3, 12],
	imageSeconds: [20, 60],
	setupSeconds: [7, 9],
	startupSeconds: [20, 30],
	onlineSeconds: [2, 4],
	powerOffSeconds: [1, 3],
	assignSeconds: [0.5, 2],
	jobLagSeconds: [0.5, 3],
	busyLagSeconds: [1, 6],
	jobsLagSeconds: [0, 1],
	runStatus: 'leastAdvanced',
	vanishSeconds: [0.5, 2],
	busyAfterEndSeconds: 0,
	lingerSeconds: [0, 0],
	ghostSeconds: [5, 90],
	offlineLagSeconds: 40,
	lostRunnerSeconds: 600,
	hostedSeconds: [3, 40],
	githubLatencySeconds: [0.05, 0.25],
	hetznerLatencySeconds: [0.05, 0.2],
	githubClockSeconds: 0,
	hetznerClockSeconds: 0,
	githubHasLimits: true,
	githubRequestsPerHour: 5000,
	githubSecondaryStatus: 403,
	githubPointsPerMinute: 900,
	hetznerRequestsPerHour: 3600,
	serverLimit: 500,
	dedicatedCoreLimit: 500,
	primaryIpLimit: 500,
	primaryIpReleaseSeconds: 60,
	floodLines: 500_000,
	rowsPerPage: 100,
	runsListed: 1000,
	foreignRunners: {count: 0, changeSeconds: 0},
	registrationTokenSeconds: 3600,
	appTokenSeconds: 3600,
	runnerGroups: [1],
	githubHasJit: true,
	jitSeconds: [300, 330],
	jitIdleSeconds: [120, 360],
	imagesHaveCloudInit: true,
	runnerVersion: '2.338.0',
	runnerVersionFloor: '2.329.0',
	githubTokenHeaders: {'x-oauth-scopes': 'repo'},
	forks: {approvalPolicy: 'all_external_contributors', run: false, wait: false},
	repositoryIs: {private: true, archived: false, withActions: true},
	typeEnds: {},
	imageDeprecated: {},
};
