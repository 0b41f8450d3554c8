import {
	joinFitting,
	paintSides,
	paintSpans,
	span,
	widthOfSpans,
} from './components/line.ts';
import {edgeLine} from './components/frame.ts';
import {passedSince, type Facts} from './facts.ts';
import {footerSpans} from './footer.ts';
import {keysFor} from './keymap.ts';
import {headerLines, noticeLine} from './header/header.ts';
import {heightOf} from './layout.ts';
import {drawActivity} from './panes/activity/activity.ts';
import {drawHour} from './panes/hour/hour.ts';
import {drawJobs} from './panes/jobs/jobs.ts';
import {drawRunners} from './panes/runners/runners.ts';
import {drawServers} from './panes/servers/servers.ts';
import {
	emptyWords,
	paneRight,
	paneTitle,
	tabText,
} from './panes/titles.ts';
import {inWindow} from './panes/window.ts';
import {serverIn, threadOf, type Thread} from './thread.ts';
import type {Theme} from './theme.ts';
import {panes, type Pane, type View} from './view.ts';

type FirstScreenProps = {readonly theme: Theme; readonly view: View; readonly facts: Facts};

/**
The first screen: four panes where there is room, else one with tabs and counts.
*/
export function drawFirstScreen({theme, view, facts}: FirstScreenProps): readonly string[] {
	const {engine, lists, now, columns: width, layout, isReadOnly, attachment, notices} = facts;
	const top = [
		...headerLines({
			theme, engine, lists, now, width, attachment, isReadOnly, hasHour: layout.kind === 'four' && layout.hasHour,
		}),
		...(notices.length === 0 ? [] : [noticeLine(theme, notices, keysFor(view, isReadOnly), width)]),
	];
	const footer = footerSpans(theme, view, isReadOnly, lists.counts, width - 4);
	const thread = threadOf(lists, view.pane, view.cursors[view.pane].id);
	if (layout.kind === 'four') {
		return [
			...top,
			...(layout.hasHour ? drawHour({theme, facts}) : []),
			...panes.flatMap((pane, at) => [
				edgeLine(theme, at === 0 && !layout.hasHour ? 'top' : 'middle', width, paneTitle(pane, engine, lists, pane === view.pane), paneRight(pane, view)),
				...drawPane({
					theme, view, facts, thread, pane, hasSides: true,
				}),
			]),
			edgeLine(theme, 'bottom', width, footer),
		];
	}

	const rule = theme.paint('dim', theme.frame.across.repeat(width));
	return [
		...top,
		tabsLine(theme, view, facts),
		rule,
		...drawPane({
			theme, view, facts, thread, pane: view.pane, hasSides: false,
		}),
		rule,
		paintSpans(theme, [span(' '), ...footer], width),
	];
}

type PaneProps = {readonly theme: Theme; readonly view: View; readonly facts: Facts; readonly thread: Thread; readonly pane: Pane; readonly hasSides: boolean};

function drawPane({theme, view, facts, thread, pane, hasSides}: PaneProps): readonly string[] {
	const {engine, lists, now, layout, columns: width} = facts;
	const height = heightOf(layout, pane);
	const cursor = view.cursors[pane];
	const hasFocus = view.pane === pane;
	const shared = {
		theme, width, height, hasSides, selected: hasFocus ? cursor.id : undefined, empty: emptyWords(pane, engine, view, now),
	};
	const passed = passedSince(facts);
	switch (pane) {
		case 'jobs': {
			return drawJobs({
				...shared, now, commonLabels: engine.policy.withLabels, thread: thread.job, rows: inWindow(lists.jobs, cursor, height),
			});
		}

		case 'servers': {
			return drawServers({
				...shared, now, passed, catalogue: engine.catalogue, marked: view.marked, thread: thread.server, rows: inWindow(lists.servers, cursor, height),
			});
		}

		case 'runners': {
			return drawRunners({
				...shared, now, passed, thread: thread.runner, rows: inWindow(lists.runners, cursor, height),
			});
		}

		case 'activity': {
			const event = view.pane === 'activity' ? lists.activity.find(row => row.id === cursor.id)?.entry.event : undefined;
			return drawActivity({...shared, thread: thread.server ?? (event === undefined ? undefined : serverIn(event)), rows: inWindow(lists.activity, cursor, height)});
		}
	}
}

// " 1 Jobs 3   2 Servers 7 …", the one in front lit; what its title would say more stands at the right.
function tabsLine(theme: Theme, view: View, facts: Facts): string {
	const tabs = panes.flatMap(pane => [span(tabText(pane, facts.lists), view.pane === pane ? 'selected' : 'plain'), span(' ')]);
	const more = paneTitle(view.pane, facts.engine, facts.lists, false).slice(2).map(({text, role}) => [span(text.replace(/^ · /v, ''), role)]);
	const filter = paneRight(view.pane, view);
	const room = facts.columns - widthOfSpans(tabs) - 1;
	const right = joinFitting(filter.length > 0 ? [filter] : more, room, 2);
	return paintSides(theme, tabs, [...right, span(' ')], facts.columns);
}
