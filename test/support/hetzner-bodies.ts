/**
A server's row as Hetzner writes it now (no datacenter), trimmed.
*/
export function serverRow(id: number, name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	return {
		id, name, status: 'running', created: '2026-11-24T11:58:00Z',
		public_net: {ipv4: {id: id + 1, ip: '203.0.113.10', blocked: false}, ipv6: {id: id + 2, ip: '2001:db8:1:2::/64', blocked: false}},
		server_type: {id: 114, name: 'cx23', architecture: 'x86'}, location: {id: 1, name: 'fsn1'},
		labels: {
			'managed-by': 'hetzner-runners-tui', 'github-owner': 'acme', 'github-repository': 'widgets', 'run-id': '7', 'job-id': '70', 'runner-labels-0': 'xself-hosted__server-cx23x',
		},
		...more,
	};
}

/**
A page of a list.
*/
export function page(key: string, rows: readonly unknown[], {page: number = 1, next, total = rows.length}: {
	readonly page?: number;
	readonly next?: number;
	readonly total?: number;
} = {}): Record<string, unknown> {
	return {
		[key]: rows, meta: {
			pagination: {
				page: number, per_page: 50, previous_page: null, next_page: next ?? null, last_page: null, total_entries: total,
			},
		},
	};
}
