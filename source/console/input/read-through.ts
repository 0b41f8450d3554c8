/**
That input in all but its `read`, which is this one.
*/
export function readThrough(stdin: NodeJS.ReadStream, read: (size?: number) => unknown): NodeJS.ReadStream {
	return new Proxy(stdin, {
		get(target, key) {
			const value: unknown = key === 'read' ? read : Reflect.get(target, key, target);
			return typeof value === 'function' && key !== 'read' ? (...given: readonly unknown[]): unknown => Reflect.apply(value, target, given) : value;
		},
	});
}
