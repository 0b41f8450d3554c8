/**
All that a stream brings, in order.
*/
export async function collect<Value>(stream: AsyncIterable<Value>): Promise<readonly Value[]> {
	const all: Value[] = await Array.fromAsync(stream);

	return all;
}
