import {createHash} from 'node:crypto';
import type {
	Call, Reply, StandIn, StandInJob, StandInRunner, StandInTime,
} from './stand-in.ts';

const stages = ['requested', 'waiting', 'pending', 'queued', 'in_progress', 'completed'];

/**
A page of a list as GitHub, or with an empty `count` Hetzner, sends it.
*/
export function paged(key: string, rows: readonly unknown[], {query}: Call, count = 'total_count'): Reply {
	const size = Number(query.get('per_page') ?? 30);
	const page = Number(query.get('page') ?? 1);
	const meta = {
		meta: {
			pagination: {
				page, per_page: size, previous_page: null, next_page: page * size < rows.length ? page + 1 : null,
				last_page: Math.max(1, Math.ceil(rows.length / size)), total_entries: rows.length,
			},
		},
	};
	return {status: 200, body: {[key]: rows.slice((page - 1) * size, page * size), ...(count === '' ? meta : {[count]: rows.length})}};
}

export const missing: Reply = {status: 404, body: {message: 'Not Found', error: {code: 'not_found', message: 'not found'}}};

/**
GitHub's answers for acme/widgets.
*/
export function githubRoutes(world: StandIn, about: StandInTime): (call: Call) => Reply {
	const jobRow = ({id, run, name, labels, status, conclusion, runner, startedAt}: StandInJob) => ({
		id, run_id: run, run_attempt: 1, workflow_name: 'ci', head_branch: 'main', name, status, conclusion: conclusion ?? null, labels, runner_id: runner === undefined ? 0 : 1, runner_name: runner ?? '', created_at: about.start, started_at: startedAt ?? about.now(), html_url: `https://github.com/acme/widgets/actions/runs/${run}/job/${id}`,
	});
	const runnerRow = ({id, name, labels, status, busy, ephemeral}: StandInRunner) => ({
		id, name, os: 'Linux', status, busy, ephemeral, runner_group_id: 1, labels: labels.map((label, index) => ({id: index + 1, name: label, type: index < 3 ? 'read-only' : 'custom'})),
	});

	function runRows(): ReadonlyArray<{readonly id: number; readonly status: string}> {
		return [...Map.groupBy(world.jobs, ({run}) => run)].map(([id, jobs]) => ({
			id, name: 'ci', run_attempt: 1, status: stages.find(stage => jobs.some(({status}) => status === stage)) ?? 'completed', created_at: about.start, updated_at: about.now(),
		}));
	}

	return call => {
		const {method, path, query} = call;
		const {list, id, more} = /^\/repos\/acme\/widgets\/actions\/(?<list>\w+)(?:\/(?<id>[\w\-]+))?(?:\/(?<more>\w+))?$/v.exec(path)?.groups ?? {};
		const known = <Row>(row: Row | undefined, body: (found: Row) => unknown): Reply =>
			row === undefined ? missing : {status: 200, body: body(row)};
		switch (`${method} ${list ?? path}${id === undefined ? '' : (/^\d+$/v.test(id) ? '/id' : `/${id}`)}${more === undefined ? '' : `/${more}`}`) {
			case 'GET runs': {
				return paged('workflow_runs', runRows().filter(({status}) => (query.get('status') ?? status) === status).toReversed(), call);
			}

			case 'GET runs/id': {
				return known(runRows().find(run => run.id === Number(id)), run => run);
			}

			case 'GET runs/id/jobs': {
				return paged('jobs', world.jobs.filter(({run}) => run === Number(id)).map(job => jobRow(job)), call);
			}

			case 'GET jobs/id': {
				return known(world.jobs.find(job => job.id === Number(id)), job => jobRow(job));
			}

			case 'GET runners': {
				return paged('runners', world.runners.filter(({name}) => (query.get('name') ?? name) === name).map(runner => runnerRow(runner)), call);
			}

			case 'DELETE runners/id': {
				const runner = world.runners.find(one => one.id === Number(id));
				if (runner === undefined || runner.busy) {
					return runner === undefined ? missing : {status: 422, body: {message: `Bad request - Runner "${runner.name}" is still running a job"`}};
				}

				world.runners.splice(world.runners.indexOf(runner), 1);
				world.tell(`the engine removes runner ${runner.name}`);
				return {status: 204};
			}

			case 'POST runners/registration-token': {
				return {status: 201, body: {token: 'AABBCCDDEEFFGGHHIIJJKKLLMMNN2', expires_at: new Date(Date.parse(about.now()) + 3_600_000).toISOString()}};
			}

			case 'GET /repos/acme/widgets': {
				return {
					status: 200, body: {
						id: 1, name: 'widgets', full_name: 'acme/widgets', private: true, archived: false, permissions: {admin: true, push: true, pull: true},
					},
				};
			}

			case 'GET runners/downloads': {
				return {
					status: 200, body: ['x64', 'arm64'].map(architecture => ({
						os: 'linux', architecture, download_url: `https://example.invalid/${architecture}.tar.gz`, filename: `${architecture}.tar.gz`, sha256_checksum: createHash('sha256').update(architecture).digest('hex'),
					})),
				};
			}

			default: {
				return missing;
			}
		}
	};
}
