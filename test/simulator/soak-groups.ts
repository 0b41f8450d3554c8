// The groups of troubles that a soak's days can have besides the classic ones.
import test from 'ava';
import {groupsOf} from '../soak/groups.ts';
import {liveDay} from '../soak/live-day.ts';
import {planDay} from '../soak/plan-day.ts';

const seeds = Array.from({length: 60}, (_, index) => index + 1);

test('without groups a day is the classic one; the same seed and groups make the same day', t => {
	for (const seed of seeds) {
		t.deepEqual(planDay(seed, false, groupsOf('classic')), planDay(seed, false));
		t.deepEqual(planDay(seed, undefined, groupsOf('all')), planDay(seed, undefined, groupsOf('all')));
		t.notDeepEqual(planDay(seed, false, groupsOf('all')), planDay(seed, false));
	}
});

test('a group that is not there is named, with those that are', t => {
	t.throws(() => groupsOf('gates,gate'), {message: 'No group of troubles is called "gate": say classic, all, or some of gates, pages, lists, registration, unassigned, hetzner, budgets, clocks, money.'});
	t.deepEqual(groupsOf('clocks,gates'), ['gates', 'clocks']);
});

const strikes: Readonly<Record<string, readonly string[]>> = {
	gates: ['a held job hides the others of its run'],
	registration: ['runners disabled by policy', 'no token by policy', 'no configuration by policy', 'no arm64 runner program', 'no x64 runner program', 'registration refused', 'tokens revoked'],
	unassigned: ['jobs given to no runner'],
	hetzner: ['refused: dedicated cores', 'refused: values no good', 'refused: name taken', 'refused: sold out', 'starts late', 'protected from deletion'],
	clocks: ['parameter: githubClockSeconds', 'parameter: hetznerClockSeconds'],
	pages: ['large pages 502'],
	budgets: ['secondary limit, 429', 'secondary limit, untold'],
};
for (const [group, names] of Object.entries(strikes)) {
	test.serial(`each trouble of the group ${group} strikes within some days`, async t => {
		const missing = new Set(names);
		for (const seed of seeds) {
			if (missing.size > 0) {
				const {faults} = await liveDay(planDay(seed, undefined, groupsOf(group)));
				for (const name of faults.keys()) {
					missing.delete(name);
				}
			}
		}

		t.deepEqual([...missing], []);
	});
}
