/**
The promises by name, numbered as in README.
*/
export const promises = {
	neverKilled: '1 a running job is never killed',
	onlyOurs: '2 nothing that is not ours is changed',
	nothingLeft: '3 nothing of ours is left billing',
	runsOrSaysWhy: '4 every job runs or says why not',
	withinLimit: '5 --max-runners is never exceeded',
	withinBudget: '6 request budgets are kept',
	noSecrets: '7 no secret gets out',
	restartsWell: '8 a restart wastes nothing',
	othersGoOn: '9 one bad thing never stops the others',
	withinCost: '11 no limit on cost is crossed',
} as const;

export type PromiseName = keyof typeof promises;

/**
How a promise was broken.
*/
export type Broken = {readonly promise: PromiseName; readonly second: number; readonly trace: string};

/**
Counts how often each promise was looked at, and keeps what broke one.
*/
export type Watch = {
	readonly counts: Map<PromiseName, number>;
	readonly broken: Broken[];
	/**
	One look at a promise: `trace` tells how it is broken, undefined when it holds.
	*/
	readonly check: (promise: PromiseName, trace: string | undefined) => void;
	readonly count: (promise: PromiseName, times: number) => void;
};

/**
A watch on which nothing has been looked at.
*/
export function createWatch(second: () => number): Watch {
	const counts = new Map<PromiseName, number>();
	const broken: Broken[] = [];
	const count = (promise: PromiseName, times: number) => {
		counts.set(promise, (counts.get(promise) ?? 0) + times);
	};

	return {
		counts,
		broken,
		count,
		check(promise, trace) {
			count(promise, 1);
			if (trace !== undefined) {
				broken.push({promise, second: second(), trace});
			}
		},
	};
}
