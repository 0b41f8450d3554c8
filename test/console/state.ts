import test from 'ava';
import {
	startOfList, moveBy, reconcileCursor, topOf,
} from '../../source/console/state/cursor.ts';
import {columnWidths} from '../../source/console/components/table.ts';
import {
	cutTo,
	fit,
	toAscii,
	widthOf,
	wrapText,
} from '../../source/console/components/text.ts';
import {arrangementOf, shareOf} from '../../source/console/screens/dashboard/state.ts';
import {listsOf} from '../../source/console/panes/lists.ts';
import {aged, paidTo} from '../../source/console/panes/servers/rows.ts';
import {timelineOf} from '../../source/console/screens/detail/timeline.ts';
import {bashParts} from '../../source/console/screens/scripts/state.ts';
import {themeOf} from '../../source/console/theme/theme.ts';
import {relatedTo} from '../../source/console/state/related.ts';
import {initialUi} from '../../source/console/state/ui-state.ts';
import {busyDay, crowd} from '../support/busy-day.ts';
import {givenJob, givenState} from '../support/given/state.ts';
import {instant} from '../../source/model/time.ts';

test('a text is cut and padded by the columns that the eye sees', t => {
	t.is(fit('job', 5), 'job  ');
	t.is(fit('12s', 5, 'right'), '  12s');
	t.is(fit('构建与测试', 6), '构建… ');
	t.is(fit('e\u{301}e\u{301}', 3), 'e\u{301}e\u{301} ');
	t.is(fit('red\u{1B}[31m', 12), 'red�[31m    ');
	t.is(cutTo('gh-actions-runner-4821-9931', 12, 'middle'), 'gh-a…21-9931');
	t.is(cutTo('anything', 0), '');
	for (const width of [1, 2, 3, 7, 20]) {
		for (const text of ['构建与测试 long', 'plain words that go on', '🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀', `a${'\u{301}'.repeat(60)}b`]) {
			t.is(widthOf(fit(text, width)), width);
			t.is(widthOf(fit(text, width, 'left', 'middle')), width);
			t.is(widthOf(toAscii(fit(text, width))), width);
		}
	}
});

test('a text is wrapped at its spaces', t => {
	t.deepEqual(wrapText('no runner of its name', 10), ['no runner', 'of its', 'name']);
	t.deepEqual(wrapText('a verylongword_of_26_columns ok', 10), ['a', 'verylongwo', 'rd_of_26_c', 'olumns ok']);
});

test('a cursor stays with its row, and takes the place of a row that left', t => {
	const at = moveBy(startOfList, 2, ['a', 'b', 'c', 'd'], 10);
	t.is(at.id, 'c');
	t.is(reconcileCursor(at, ['x', 'a', 'c']).index, 2);
	t.is(reconcileCursor(at, ['a', 'b', 'd']).id, 'd');
	t.is(reconcileCursor(at, ['a']).id, 'a');
	t.is(reconcileCursor(at, []).id, undefined);
});

test('the selected row keeps its line in the window when rows come above it', t => {
	const ids = Array.from({length: 50}, (_, index) => String(index));
	const cursor = moveBy(startOfList, 20, ids, 10);
	t.is(topOf(cursor, 50, 10), 11);
	const more = ['new 1', 'new 2', ...ids];
	t.is(topOf(reconcileCursor(cursor, more), 52, 10), 13);
	t.is(topOf(moveBy(cursor, -3, ids, 10), 50, 10), 11);
	t.is(topOf(moveBy(cursor, 1e9, ids, 10), 50, 10), 40);
});

test('columns fill a table exactly and leave it in order of need', t => {
	const columns = [{
		title: 'A', min: 10, grow: 1, max: 20,
	}, {title: 'B', min: 5, from: 40}, {title: 'C', min: 10, grow: 2}];
	const sum = (width: number): number => columnWidths(columns, width).reduce((a, b) => a + b, 0);
	t.is(sum(30), 28);
	t.is(sum(100), 96);
	t.is(columnWidths(columns, 30)[1], 0);
	t.is(columnWidths(columns, 40)[1], 5);
});

test('all panes from 30 rows on, a preview where there is room; a pane asks for no more than it needs', t => {
	t.like(arrangementOf(80, 24), {kind: 'one', preview: undefined, hasHour: false});
	t.like(arrangementOf(120, 36), {kind: 'all', preview: undefined, hasHour: false});
	t.like(arrangementOf(120, 50), {kind: 'all', preview: 'below', hasHour: true});
	t.like(arrangementOf(200, 60), {kind: 'all', preview: 'right', hasHour: true});
	t.deepEqual(shareOf(3, 8), {basis: 3, isHungry: false});
	t.deepEqual(shareOf(0, 8), {basis: 2, isHungry: false});
	t.deepEqual(shareOf(500, 8), {basis: 8, isHungry: true});
});

test('jobs that wait come first, the oldest on top; many foreign ones are only counted', t => {
	const lists = listsOf(givenState(busyDay), initialUi);
	t.deepEqual(lists.rows.jobs.map(row => row.job.name), ['build-arm', 'test (22, ubuntu)', 'e2e (chrome)', 'sign', 'test (20, ubuntu)', 'lint']);
	const state = crowd(10, 0);
	const foreign = {...state, jobVerdicts: new Map(state.jobs.items.map(job => [job.id, {code: 'notOurs', missing: ['self-hosted']} as const]))};
	t.is(listsOf(foreign, initialUi).rows.jobs.length, 0);
	t.is(listsOf(foreign, initialUi).counts.foreignHidden, 10);
	t.is(listsOf(foreign, {...initialUi, isForeignShown: true}).rows.jobs.length, 10);
});

test('a creation that has become a server keeps its row', t => {
	const state = givenState(busyDay);
	const before = listsOf(state, initialUi).rows.servers.find(row => row.is.kind === 'creation');
	t.is(before?.is.kind, 'creation');
	t.is(listsOf(state, initialUi).ids.servers.filter(id => id === before?.id).length, 1);
});

test('a step over the edge of the window leads to its middle, a page keeps its line', t => {
	const ids = Array.from({length: 50}, (_, at) => String(at));
	const tops = (by: number, from = startOfList) => {
		let cursor = from;
		return Array.from({length: 8}, () => {
			cursor = moveBy(cursor, by, ids, 5);
			return `${cursor.id ?? ''} in ${topOf(cursor, 50, 5)}`;
		});
	};

	t.deepEqual(tops(1), ['1 in 0', '2 in 0', '3 in 0', '4 in 0', '5 in 3', '6 in 3', '7 in 3', '8 in 6']);
	t.deepEqual(tops(-1, moveBy(startOfList, 10, ids, 5)).slice(0, 6), ['9 in 6', '8 in 6', '7 in 6', '6 in 6', '5 in 3', '4 in 3']);
	t.deepEqual(tops(5).slice(0, 2), ['5 in 1', '10 in 6']);
	t.is(topOf(moveBy(moveBy(startOfList, 49, ids, 5), 1, ids, 5), 50, 5), 45);
});

test('a thread is the same from each of its ends', t => {
	const lists = listsOf(givenState(busyDay), initialUi);
	const fromServer = relatedTo(lists, 'servers', 'gh-actions-runner-4801-9901');
	t.deepEqual(relatedTo(lists, 'jobs', fromServer.job), fromServer);
	t.deepEqual(relatedTo(lists, 'runners', fromServer.runner), fromServer);
});

test('a job that is seen running before its runner is seen registered runs, and is not idle', t => {
	const state = givenState(busyDay);
	const [name, timeline] = state.timelines.entries().find(([, {runningAt}]) => runningAt !== undefined) ?? [];
	const ran = Number(timeline?.runningAt);
	const engine = {...state, timelines: name === undefined ? new Map() : new Map([[name, {...timeline, startupEndedAt: instant(ran + 4000), registeredAt: instant(ran + 5000)}]])};
	const steps = timelineOf({
		job: {
			id: '', job: givenJob({number: 50, status: 'inProgress'}), verdict: undefined, server: name,
		}, server: undefined, runner: undefined, event: undefined, serverName: name,
	}, {engine, rowsNow: instant(ran + 9000)});
	t.deepEqual(steps.slice(-4).map(({name: step, seconds}) => [step, seconds]), [['startup', steps.at(-4)?.seconds], ['registered', 0], ['running', 0], ['runs', 9]]);
});

test('a verdict ages, the paid hour ends on the hour', t => {
	t.deepEqual(aged({code: 'idle', forSeconds: 95, limitSeconds: 120}, 4.7), {code: 'idle', forSeconds: 99, limitSeconds: 120});
	t.is(paidTo(instant(0), instant(3_600_000)), instant(3_600_000));
	t.is(paidTo(instant(0), instant(3_600_001)), instant(7_200_000));
});

test('a line of bash keeps its text when it is coloured', t => {
	for (const line of ['for x in "$@"; do echo $x # each', 'a=\'b c\' # d', '# only', '', 'echo "not closed', 'x#y']) {
		t.is(bashParts(line).map(part => part.text).join(''), line);
	}

	t.deepEqual(bashParts('if x # why').map(part => part.kind), ['word', 'plain', 'comment']);
});

test('the theme follows NO_COLOR, TERM and the locale', t => {
	t.is(themeOf({TERM: 'xterm-256color', LANG: 'C.UTF-8'}).depth, 'many');
	t.is(themeOf({TERM: 'xterm', LANG: 'C.UTF-8'}).depth, 'basic');
	t.is(themeOf({TERM: 'xterm-256color', NO_COLOR: '1'}).depth, 'none');
	t.false(themeOf({TERM: 'linux', LANG: 'C.UTF-8'}).isUnicode);
	t.true(themeOf({TERM: 'xterm', LC_ALL: 'de_DE.utf8'}).isUnicode);
});
