import type {SimulatedRun} from '../github-jobs.ts';
import {listedJobs, listedRuns, runConclusion} from '../github-views.ts';
import type {World} from '../world.ts';
import type {Incoming, Reply} from './message.ts';
import {
	dated,
	jobBody,
	runBody,
	workflowBody,
	workflowFile,
	workflowId,
	type Place,
} from './github-bodies.ts';
import {
	list,
	notFound,
	ok,
	type Row,
} from './github-lists.ts';

/**
Runs, their jobs and their workflows.
*/
export const runRows: readonly Row[] = [
	['GET', /^\/actions\/runs$/v, 'listRuns', (place, incoming) => listRuns(place, incoming, () => true)],
	['GET', /^\/actions\/runs\/(?<id>\d+)$/v, 'readRun', (place, _incoming, id) => withRun(place.world, id, run => ok(runBody(place, run)))],
	['DELETE', /^\/actions\/runs\/(?<id>\d+)$/v, 'removeRun', (place, _incoming, id) => withRun(place.world, id, run => {
		if (runConclusion(place.world, run) === undefined) {
			return refusal(403, 'Could not delete the workflow run');
		}

		place.world.github.removeRun(run);
		return {status: 204};
	})],
	['GET', /^\/actions\/runs\/(?<id>\d+)(?:\/attempts\/\d+)?\/jobs$/v, 'listJobs', (place, incoming, id) =>
		withRun(place.world, id, run => list(place.world, incoming, 'jobs', listedJobs(place.world, run), job => jobBody(place, job)))],
	['GET', /^\/actions\/runs\/(?<id>\d+)\/timing$/v, 'readRun', (place, _incoming, id) => withRun(place.world, id, run => ok({billable: {}, run_duration_ms: run.updatedAt - run.createdAt}))],
	['POST', /^\/actions\/runs\/(?<id>\d+)\/(?:force-)?cancel$/v, 'cancelRun', (place, _incoming, id) => withRun(place.world, id, run => {
		if (runConclusion(place.world, run) !== undefined) {
			return refusal(409, 'Cannot cancel a workflow run that is completed.');
		}

		place.world.github.cancelRun(run);
		return {status: 202, body: {}};
	})],
	['POST', /^\/actions\/runs\/(?<id>\d+)\/rerun$/v, 'rerun', (place, _incoming, id) => withRun(place.world, id, run => {
		if (runConclusion(place.world, run) === undefined) {
			return refusal(403, 'This workflow is already running');
		}

		place.world.github.rerun(run);
		return {status: 201, body: {}};
	})],
	['GET', /^\/actions\/workflows$/v, 'listWorkflows', (place, incoming) =>
		list(place.world, incoming, 'workflows', [...new Set(place.world.github.runs.map(run => run.workflow))], workflow => workflowBody(place, workflow))],
	['GET', /^\/actions\/workflows\/(?<id>[^\/]+)$/v, 'listWorkflows', (place, _incoming, id) => {
		const run = place.world.github.runs.find(candidate => isCalled(candidate, id));
		return run === undefined ? notFound() : ok(workflowBody(place, run.workflow));
	}],
	['GET', /^\/actions\/workflows\/(?<id>[^\/]+)\/runs$/v, 'listRuns', (place, incoming, id) => listRuns(place, incoming, run => isCalled(run, id))],
];

// By the number or the file's name.
function isCalled({workflow}: SimulatedRun, asked: string): boolean {
	return workflowId(workflow) === Number(asked) || workflowFile(workflow) === asked;
}

const filters = ['status', 'branch', 'event', 'created', 'actor', 'check_suite_id', 'head_sha'];

function listRuns(place: Place, {query, ...incoming}: Incoming, fits: (run: SimulatedRun) => boolean): Reply {
	const {world} = place;
	const created = query.get('created');
	const isFitting = (run: SimulatedRun) => fits(run)
		&& (query.get('branch') ?? run.branch) === run.branch
		&& (query.get('event') ?? run.event) === run.event
		&& (query.get('actor') ?? world.repository.owner).toLowerCase() === world.repository.owner.toLowerCase()
		&& (!query.has('check_suite_id') || Number(query.get('check_suite_id')) === run.id + 1)
		&& (!query.has('head_sha') || query.get('head_sha') === runBody(place, run).head_sha)
		&& (created === null || isWithin(dated(place, run.createdAt), created));
	const runs = listedRuns(world, query.get('status') ?? undefined).filter(run => isFitting(run));
	return list(world, {...incoming, query}, 'workflow_runs', runs, run => runBody(place, run), filters.some(name => query.has(name)) ? world.parameters.runsListed : Infinity);
}

// GitHub's syntax of search: ">=2026-11-24", "2026-11-01..2026-11-24T09:00:00Z", "*..2026-11-24", "2026-11-24".
function isWithin(text: string, range: string): boolean {
	const at = Date.parse(text);
	const from = (date: string) => date === '*' ? -Infinity : Date.parse(date);
	const to = (date: string) => date === '*' ? Infinity : Date.parse(date) + (date.includes('T') ? 999 : 86_399_999);
	const {how = '', date = ''} = /^(?<how>>=|<=|>|<)(?<date>.+)$/v.exec(range)?.groups ?? {};
	const compare: Readonly<Record<string, () => boolean>> = {
		'>=': () => at >= from(date), '<=': () => at <= to(date), '>': () => at > to(date), '<': () => at < from(date),
	};
	const [first = '', last = first] = range.split('..', 2);
	return compare[how]?.() ?? (at >= from(first) && at <= to(last));
}

function refusal(status: number, message: string): Reply {
	return {status, body: {message, documentation_url: 'https://docs.github.com/rest', status: String(status)}};
}

function withRun(world: World, id: string, answer: (run: SimulatedRun) => Reply): Reply {
	const run = world.github.runs.find(candidate => candidate.isCreated && candidate.id === Number(id));
	return run === undefined ? notFound() : answer(run);
}
