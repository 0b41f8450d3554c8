import {later, type Instant} from '../model/time.ts';
import type {Schedule} from './schedule.ts';

export type Api = 'github' | 'hetzner';

/**
How a server's set-up and its runner turn out.
`hangsMidScript`: no more output until the host's own limit ends it (124). `freezes`: not even that. `dropsConnection`: the first session breaks off mid-output;
`hostKeyChanges`: and the host has another key from then on. `floods`: a script prints without end. `noAddress`: it has no public IPv4.
`registersTwice`: config.sh runs again, and the first record is replaced. `oldName`: the image brings a runner with another name and other labels.
`ghost`: the record of a runner that waits vanishes, its program lives on. `losesAssignment`: it is given a job, never starts it, and is such a ghost a minute later, when the job is queued again.
*/
export type HostOutcome =
	'ok' | 'setupFails' | 'configFails' | 'runShFails' | 'neverRegisters' | 'wrongLabels' | 'neverGetsJob' | 'neverPowersOff' | 'sshNeverUp'
	| 'hangsMidScript' | 'freezes' | 'dropsConnection' | 'hostKeyChanges' | 'floods' | 'fillsDisk' | 'noAddress' | 'deprecatedRunner' | 'registersTwice' | 'oldName' | 'ghost' | 'losesAssignment';

/**
Which requests: an operation's name ("listJobs", "createServer"; see http/), and its subject (a run's, job's, runner's or server's id or name). Undefined: all.
*/
export type Requests = {readonly api: Api; readonly operation?: string; readonly subject?: string | number};

/**
What is wrong with a good answer's rows or fields.
*/
export type Corruption = 'lostRows' | 'doubledRows' | 'nullFields' | 'wrongTypes' | 'unknownFields';

type Answer = {readonly status: number; readonly code?: string; readonly message?: string; readonly isHtml?: boolean; readonly headers?: Readonly<Record<string, string>>};
type Aimed<Kind extends string, More = unknown> = Requests & More & {readonly kind: Kind};

/**
Something that goes wrong. `answer` answers in the place of doing it; `answerAfterwards` does it and answers that all the same.
`cut` sends half of the body. `stale` repeats a list's earlier answer. `corrupted`: see http/corrupt.ts; only over HTTP. `saysIdle`: a runner with a job reads as not busy (actions/runner #4422).
`saysOffline`: a runner with a job reads as offline (#3892). `saysBusy`: a runner without one reads as busy (#3775). `moved`: the repository was renamed, its old paths answer 301; only over HTTP.
`pageTooLarge`: a list's page of more than `above` rows answers 502, always or with that chance (opentelemetry-java-instrumentation#18649, singer-io/tap-github#461); only over HTTP.
`oddTotal`: a list's announced number never fits its rows (actions/actions-runner-controller#362). `oddRows`: of the rows of us or of others, a share (default all) has a field
("server_type.name"; default any, down to its details) that is missing, null or of a value that nobody knows, the same for the same row. Both only over HTTP.
`runnersDisabled`: a policy forbids runners of this repository's own: no token, no JIT config, no registration, each refused with 403 and that sentence (runs-on/runs-on#417).
`noDownload`: GitHub names no runner program for that architecture. `registrationFails`: config.sh is refused, though the token is good.
`tokensRevoked`: none of the registration tokens handed out so far is good any more, from when config.sh next comes with one (actions/runner#1882); `words`: what config.sh says (#1748).
`nameFilterMisses`: the list of runners by name is empty, though a runner has that name.
`unassigned`: jobs are given to no runner, though one that fits is online and idle (actions/runner#3872); of that label or name, or all.
`serverLimit` for `dedicated core`: only types with such cores are refused, and cores are counted. `createInvalid`: what is made for that job has values that Hetzner does not take.
`nameTaken`: the name of what is made for that job is taken, though no list has it. `lateStart`: a new server is `off` for so long before it first runs (hetznercloud/terraform-provider-hcloud#505).
`protects`: somebody protects a new server from deletion, from and for so many seconds.
`secondaryLimit`: without a retry-after when it is untold. `budgetEaten`: others with the same token leave no more than that of its budget. `limitHeaders`: what answers tell of limits is missing or wrong; only over HTTP.
`ignoresShutdown`: a guest that does not hear ACPI.
`actionFails`: an action ("create_server") that was accepted ends in error.
Of a GitHub App: `appKeyRevoked`: its private key was deleted; `installationSuspended`, `installationGone`, `installationNarrowed` (the repository was taken out);
`permissionLost`: a right ("actions", "administration=write") that neither App nor token has any more; `tokenUnknownAtFirst`: a new token is answered 401 for so many seconds. Only over HTTP.
`letsGoOfBusyRunners`: DELETE of a runner whose job the API has called in progress for a while works all the same, and kills its job.
*/
export type Fault =
	| Aimed<'answer', Answer>
	| Aimed<'answerAfterwards', Answer>
	| Aimed<'down'>
	| Aimed<'cut'>
	| Aimed<'stale'>
	| Aimed<'corrupted', {readonly how: Corruption}>
	| Aimed<'pageTooLarge', {readonly above: number; readonly chance?: number}>
	| Aimed<'oddTotal', {readonly how: 'tooHigh' | 'tooLow' | 'changing'}>
	| Aimed<'oddRows', {readonly how: 'missing' | 'null' | 'unknown'; readonly rows?: 'own' | 'foreign'; readonly field?: string; readonly share?: number}>
	| Aimed<'badCredentials'>
	| Aimed<'slow', {readonly seconds: number}>
	| {readonly kind: 'secondaryLimit'; readonly retryAfterSeconds: number; readonly status?: 403 | 429; readonly isUntold?: boolean}
	| {readonly kind: 'budgetEaten'; readonly api: Api; readonly leaves: number}
	| {readonly kind: 'limitHeaders'; readonly api: Api; readonly how: 'missing' | 'wrong'}
	| {readonly kind: 'pairRefused'; readonly serverType: string; readonly location?: string; readonly form: 'placement' | 'disabled' | 'unavailable' | 'unsupported'}
	| {readonly kind: 'serverLimit'; readonly limit: number; readonly what?: 'server' | 'Primary IP' | 'dedicated core'}
	| {readonly kind: 'createInvalid'; readonly job?: string; readonly field: string; readonly message: string}
	| {readonly kind: 'nameTaken'; readonly job?: string}
	| {readonly kind: 'lateStart'; readonly seconds: number}
	| {readonly kind: 'protects'; readonly fromSeconds: number; readonly forSeconds: number}
	| {readonly kind: 'actionFails'; readonly command: string}
	| {readonly kind: 'saysIdle'; readonly job?: string}
	| {readonly kind: 'saysOffline'; readonly job?: string}
	| {readonly kind: 'saysBusy'}
	| {readonly kind: 'moved'}
	| {readonly kind: 'ignoresShutdown'}
	| {readonly kind: 'runnersDisabled'; readonly message?: string}
	| {readonly kind: 'noDownload'; readonly architecture: 'x64' | 'arm64'}
	| {readonly kind: 'registrationFails'; readonly message?: string}
	| {readonly kind: 'nameFilterMisses'}
	| {readonly kind: 'tokensRevoked'; readonly words?: string}
	| {readonly kind: 'unassigned'; readonly label?: string; readonly job?: string}
	| {readonly kind: 'appKeyRevoked'}
	| {readonly kind: 'installationSuspended'}
	| {readonly kind: 'installationGone'}
	| {readonly kind: 'installationNarrowed'}
	| {readonly kind: 'permissionLost'; readonly permission: string}
	| {readonly kind: 'tokenUnknownAtFirst'; readonly seconds: number}
	| {readonly kind: 'letsGoOfBusyRunners'}
	| {readonly kind: 'host'; readonly outcome: HostOutcome; readonly job?: string};

export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, {readonly kind: Kind}>;

/**
When: `afterSeconds` from now (default at once), `forSeconds` (default until removed), at most `times` triggers, and only `every` so many-th time that it applies.
`name` is what its triggers are counted under; default its kind.
*/
export type FaultSpan = {readonly afterSeconds?: number; readonly forSeconds?: number; readonly times?: number; readonly every?: number; readonly name?: string};

type Injected = {readonly fault: Fault; readonly name: string; readonly from: Instant; readonly until: Instant | undefined; readonly every: number; left: number; chances: number};

/**
What goes wrong now, and how often it was triggered, by name.
*/
export type Faults = {
	/**
	Returns what takes it away again.
	*/
	readonly inject: (fault: Fault, span?: FaultSpan) => () => void;
	/**
	The first fault of that kind that is in force and fits; counts as a trigger.
	*/
	readonly trigger: <Kind extends FaultKind>(kind: Kind, fits: (fault: FaultOf<Kind>) => boolean) => FaultOf<Kind> | undefined;
	/**
	The same for a fault of one of those kinds that is aimed at requests.
	*/
	readonly triggerForRequest: <Kind extends RequestKind>(kind: Kind, api: Api, operation: string, subject?: string | number, fits?: (fault: FaultOf<Kind>) => boolean) => FaultOf<Kind> | undefined;
	readonly triggerCounts: () => ReadonlyMap<string, number>;
	/**
	A parameter has made a difference; counts as a trigger of that name.
	*/
	readonly count: (name: string) => void;
	readonly clear: () => void;
};

type RequestKind = 'answer' | 'answerAfterwards' | 'down' | 'cut' | 'stale' | 'corrupted' | 'pageTooLarge' | 'oddTotal' | 'oddRows' | 'badCredentials' | 'slow';

/**
No faults yet.
*/
export function createFaults(schedule: Schedule): Faults {
	let injected: Injected[] = [];
	const counts = new Map<string, number>();
	const count = (name: string) => {
		counts.set(name, (counts.get(name) ?? 0) + 1);
	};

	function trigger<Kind extends FaultKind>(kind: Kind, fits: (fault: FaultOf<Kind>) => boolean): FaultOf<Kind> | undefined {
		const now = schedule.now();
		for (const entry of injected) {
			const {fault, name} = entry;
			if (isOfKind(fault, kind) && entry.left > 0 && entry.from <= now && (entry.until === undefined || now < entry.until) && fits(fault) && ++entry.chances % entry.every === 0) {
				entry.left--;
				count(name);
				return fault;
			}
		}

		return undefined;
	}

	return {
		inject(fault, span = {}) {
			const from = later(schedule.now(), span.afterSeconds ?? 0);
			const entry = {
				fault, from, name: span.name ?? fault.kind, until: span.forSeconds === undefined ? undefined : later(from, span.forSeconds), every: span.every ?? 1, left: span.times ?? Infinity, chances: 0,
			};
			injected.push(entry);
			return () => {
				injected = injected.filter(other => other !== entry);
			};
		},
		trigger,
		triggerForRequest: (kind, api, operation, subject, fits) => trigger(kind, fault => {
			const aim: Requests = fault;
			return aim.api === api && (aim.operation === undefined || aim.operation === operation) && (aim.subject === undefined || String(aim.subject) === String(subject)) && (fits?.(fault) ?? true);
		}),
		triggerCounts: () => counts,
		count,
		clear() {
			injected = [];
		},
	};
}

function isOfKind<Kind extends FaultKind>(fault: Fault, kind: Kind): fault is FaultOf<Kind> {
	return fault.kind === kind;
}
