export type Order<Row> = (a: Row, b: Row) => number;

/**
The order by the first of those that tells two rows apart.
*/
export function inOrder<Row>(...orders: ReadonlyArray<Order<Row>>): Order<Row> {
	return (a, b) => {
		for (const order of orders) {
			const difference = order(a, b);
			if (difference !== 0) {
				return difference;
			}
		}

		return 0;
	};
}

/**
The order of two texts that needs no locale.
*/
export function byText(a: string, b: string): number {
	return a === b ? 0 : (a < b ? -1 : 1);
}
