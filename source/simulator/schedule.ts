import {instant, later, type Instant} from '../model/time.ts';
import type {Clock} from '../scaler/ports.ts';

type Appointment = {readonly at: Instant; readonly order: number; readonly act: () => void};

/**
What is to happen in the world and when. Nothing moves by itself: `advance` does all that is due by the clock, in order, each at its own moment.
*/
export type Schedule = {
	/**
	The moment in the world: that of the appointment being kept, else the clock's when last advanced.
	*/
	readonly now: () => Instant;
	readonly after: (seconds: number, act: () => void) => void;
	readonly at: (moment: Instant, act: () => void) => void;
	readonly advance: () => void;
	/**
	The next appointment; undefined when there is none.
	*/
	readonly nextAt: () => Instant | undefined;
};

/**
An empty schedule on that clock.
*/
export function createSchedule(clock: Clock): Schedule {
	const appointments: Appointment[] = [];
	let now = clock.now();
	let count = 0;
	let isAdvancing = false;

	function at(moment: Instant, act: () => void): void {
		const appointment = {at: instant(Math.max(moment, now)), order: count++, act};
		let from = 0;
		let to = appointments.length;
		while (from < to) {
			const middle = Math.floor((from + to) / 2);
			if ((appointments[middle]?.at ?? 0) > appointment.at) {
				to = middle;
			} else {
				from = middle + 1;
			}
		}

		appointments.splice(from, 0, appointment);
	}

	return {
		now: () => now,
		after(seconds, act) {
			at(later(now, seconds), act);
		},
		at,
		advance() {
			if (isAdvancing) {
				return;
			}

			isAdvancing = true;
			try {
				// The machine's clock may step back; the world's never does.
				const end = instant(Math.max(now, clock.now()));
				for (let first = appointments[0]; first !== undefined && first.at <= end; first = appointments[0]) {
					appointments.shift();
					now = first.at;
					first.act();
				}

				now = end;
			} finally {
				isAdvancing = false;
			}
		},
		nextAt: () => appointments[0]?.at,
	};
}
