import type {Clock} from '../scaler/ports.ts';

/**
What a request is for. `jobs`: one of the many reads of a poll, which can come later; `evidence`: such a read that a deletion waits for;
`list`: without it a poll knows nothing; `act`: a change, or the one read before it.
*/
export type Urgency = 'jobs' | 'evidence' | 'list' | 'act';

/**
Keeps this client below GitHub's secondary limit, which is 900 points a minute (a read costs 1, a write 5).
*/
export type Governor = {
	/**
	A request is being sent.
	*/
	note: (method: string) => void;
	/**
	Whether another request of that urgency may be sent now.
	*/
	hasRoom: (urgency: Urgency) => boolean;
	/**
	Resolves once it may be sent; rejects with the signal's reason.
	*/
	room: (urgency: Urgency, signal?: AbortSignal) => Promise<void>;
};

const windowSeconds = 60;
const burstSeconds = 10;

/**
Points within the last minute, and reads within the last ten seconds, up to which a request is sent. What can wait leaves room for what cannot. Writes
count by the minute alone: they are spaced, and must not keep jobs from being read meanwhile.
*/
const most: Readonly<Record<Urgency, {readonly minute: number; readonly burst: number}>> = {
	jobs: {minute: 600, burst: 120},
	evidence: {minute: 700, burst: 240},
	list: {minute: 750, burst: 400},
	act: {minute: 850, burst: 850},
};

/**
A governor that has let nothing pass yet.
*/
export function governor(clock: Clock): Governor {
	const bySecond = new Map<number, {readonly points: number; readonly reads: number}>();
	const now = (): number => Math.floor(clock.now() / 1000);

	function sumOf(what: 'points' | 'reads', seconds: number): number {
		let sum = 0;
		for (const [second, count] of bySecond) {
			sum += second > now() - seconds && second <= now() ? count[what] : 0;
		}

		return sum;
	}

	function hasRoom(urgency: Urgency): boolean {
		const {minute, burst} = most[urgency];
		return sumOf('points', windowSeconds) < minute && sumOf('reads', burstSeconds) < burst;
	}

	return {
		note(method) {
			for (const second of bySecond.keys()) {
				if (second <= now() - windowSeconds || second > now()) {
					bySecond.delete(second); // Also what a clock that was set back left in the future.
				}
			}

			const isRead = method === 'GET' || method === 'HEAD';
			const {points, reads} = bySecond.get(now()) ?? {points: 0, reads: 0};
			bySecond.set(now(), {points: points + (isRead ? 1 : 5), reads: reads + Number(isRead)});
		},
		hasRoom,
		async room(urgency, signal) {
			while (!hasRoom(urgency)) {
				await clock.sleep(1, signal);
			}
		},
	};
}
