/**
Rows as GitHub writes them, trimmed to a little more than what is read.
*/
export function jobRow(id: number, runId: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	return {
		id, run_id: runId, run_attempt: 1, name: `job ${id}`, workflow_name: 'ci', head_branch: 'main', status: 'queued', conclusion: null,
		labels: ['self-hosted', 'server-cx23'], created_at: '2026-11-24T11:59:00Z', started_at: '2026-11-24T11:59:00Z', completed_at: null,
		runner_id: 0, runner_name: '', html_url: `https://github.com/acme/widgets/actions/runs/${runId}/job/${id}`, steps: [], ...more,
	};
}

export function runnerRow(id: number, name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	return {
		id, name, os: 'Linux', status: 'online', busy: false, ephemeral: true, version: '2.338.0', runner_group_id: 1,
		labels: [{id: 0, name: 'self-hosted', type: 'read-only'}, {id: 0, name: 'cx23', type: 'custom'}], ...more,
	};
}
