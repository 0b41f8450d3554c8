import {costMicros, type Micros} from '../../../model/money.ts';
import {priceOf, type Catalogue} from '../../../model/catalogue.ts';
import {runnersByServer} from '../../../model/runner.ts';
import {ageSeconds, instant, type Instant} from '../../../model/time.ts';
import {isZombie, type ServerVerdict} from '../../../model/verdict.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {calmSeconds} from '../../components/clock.ts';
import {byText, inOrder, type Order} from '../../components/compare.ts';
import type {Role, Sign} from '../../theme/theme.ts';
import {jobsOnRunners} from '../jobs/rows.ts';
import type {ServerRow} from '../rows.ts';

export const serverOrders = ['oldest first', 'what is wrong first', 'newest first'] as const;

/**
Servers and those asked for as rows, oldest first.
*/
export function serverRows(engine: EngineState, order: number): readonly ServerRow[] {
	const running = jobsOnRunners(engine);
	const runners = runnersByServer(engine.runners.items);
	const jobs = new Map(engine.jobs.items.map(job => [job.id, job]));
	const existing = engine.creations.length === 0 ? new Set() : new Set<string>(engine.servers.items.map(server => server.name));
	const rows: readonly ServerRow[] = [
		...engine.servers.items.map((server): ServerRow => ({
			id: server.name,
			name: server.name,
			is: {kind: 'server', server},
			verdict: engine.serverVerdicts.get(server.id),
			runner: runners.get(server.name),
			job: running.get(server.name),
			madeFor: server.jobId === undefined ? undefined : jobs.get(server.jobId),
			deletion: engine.deletions.get(server.name),
		})),
		...engine.creations.filter(creation => !existing.has(creation.name)).map((creation): ServerRow => ({
			id: creation.name,
			name: creation.name,
			is: {kind: 'creation', creation},
			verdict: undefined,
			runner: undefined,
			job: undefined,
			madeFor: jobs.get(creation.jobId),
			deletion: undefined,
		})),
	];
	return rows.toSorted(comparisons[order % comparisons.length] ?? byAge);
}

/**
When a server was created or asked for.
*/
export function createdAtOf(row: ServerRow): Instant {
	return row.is.kind === 'server' ? row.is.server.created : row.is.creation.since;
}

/**
The sign, the one word and the role that tell how a server fares.
*/
export function serverAppearance(row: Pick<ServerRow, 'is' | 'verdict' | 'deletion'>): {readonly sign: Sign; readonly word: string; readonly role: Role} {
	if (row.is.kind === 'creation') {
		return {sign: 'creating', word: 'creating', role: 'working'};
	}

	if (row.deletion !== undefined && row.deletion.state !== 'kept') {
		return {sign: 'creating', word: row.deletion.state, role: 'waiting'};
	}

	return row.verdict === undefined ? {sign: 'none', word: row.is.server.status, role: 'dim'} : appearances[row.verdict.code];
}

const appearances: Readonly<Record<ServerVerdict['code'], {readonly sign: Sign; readonly word: string; readonly role: Role}>> = {
	booting: {sign: 'booting', word: 'booting', role: 'working'},
	settingUp: {sign: 'settingUp', word: 'setting up', role: 'working'},
	registering: {sign: 'settingUp', word: 'registering', role: 'working'},
	busy: {sign: 'busy', word: 'busy', role: 'good'},
	idle: {sign: 'idle', word: 'idle', role: 'waiting'},
	draining: {sign: 'off', word: 'draining', role: 'waiting'},
	outlived: {sign: 'off', word: 'too old', role: 'waiting'},
	idleUnproven: {sign: 'idle', word: 'idle', role: 'waiting'},
	off: {sign: 'off', word: 'off', role: 'waiting'},
	zombie: {sign: 'zombie', word: 'zombie', role: 'wrong'},
	keptBusy: {sign: 'zombie', word: 'kept, busy', role: 'wrong'},
	keptUnread: {sign: 'idle', word: 'kept', role: 'waiting'},
	keptProtected: {sign: 'zombie', word: 'protected', role: 'wrong'},
	otherEngine: {sign: 'idle', word: 'other engine', role: 'calm'},
	keptByOperator: {sign: 'idle', word: 'kept', role: 'calm'},
	deleting: {sign: 'creating', word: 'deleting', role: 'waiting'},
	wouldDelete: {sign: 'off', word: 'would go', role: 'waiting'},
	leaving: {sign: 'creating', word: 'leaving', role: 'waiting'},
};

/**
What a server has cost, and the end of the hour that is paid for. Undefined while prices are unknown.
*/
export function costOf(row: ServerRow, catalogue: Catalogue | undefined, now: Instant): Micros | undefined {
	if (row.is.kind === 'creation') {
		return undefined;
	}

	const {server} = row.is;
	const price = priceOf(catalogue, server.serverType, server.location);
	return price === undefined ? undefined : costMicros(price, server.created, now);
}

/**
The end of the started hour: every started hour is paid in full.
*/
export function paidTo(created: Instant, now: Instant): Instant {
	const hour = 3_600_000;
	return instant(created + (Math.max(1, Math.ceil((now - created) / hour)) * hour));
}

/**
A verdict whose seconds go on since it was published. A server that boots
has one clock, that of its creation, however late the engine saw it first.
*/
export function aged<Verdict extends {readonly code: string}>(verdict: Verdict, seconds: number, created?: Instant, now?: Instant): Verdict {
	if (verdict.code === 'booting' && created !== undefined && now !== undefined) {
		return {...verdict, forSeconds: calmSeconds(ageSeconds(created, now))};
	}

	return 'forSeconds' in verdict && typeof verdict.forSeconds === 'number' ? {...verdict, forSeconds: calmSeconds(Math.floor(verdict.forSeconds + Math.max(0, seconds)))} : verdict;
}

const byAge: Order<ServerRow> = inOrder((a, b) => createdAtOf(a) - createdAtOf(b), (a, b) => byText(a.id, b.id));

function trouble(row: ServerRow): number {
	return row.verdict !== undefined && isZombie(row.verdict) ? 0 : (row.verdict?.code === 'busy' ? 2 : 1);
}

const comparisons: ReadonlyArray<Order<ServerRow>> = [
	byAge,
	inOrder((a, b) => trouble(a) - trouble(b), byAge),
	(a, b) => byAge(b, a),
];
