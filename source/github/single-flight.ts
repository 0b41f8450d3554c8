/**
Concurrent callers share one answer on its way; nothing is kept once it is there.
*/
export function singleFlight<Value>(fetchValue: () => Promise<Value>): () => Promise<Value> {
	let flight: Promise<Value> | undefined;

	async function fly(): Promise<Value> {
		try {
			return await fetchValue();
		} finally {
			flight = undefined;
		}
	}

	return async () => {
		flight ??= fly();
		return flight;
	};
}
