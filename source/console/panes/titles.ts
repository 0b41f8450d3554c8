import {ageSeconds, sayDuration, type Instant} from '../../model/time.ts';
import type {Read} from '../../model/snapshot.ts';
import type {EngineState} from '../../scaler/controller.ts';
import {sayClock} from '../components/clock.ts';
import {span, type Span} from '../components/line.ts';
import {panes, type Pane, type View} from '../view.ts';
import {jobOrders} from './jobs/state.ts';
import type {Lists} from './rows.ts';
import {runnerOrders} from './runners/state.ts';
import {serverOrders} from './servers/state.ts';

export const paneNames: Readonly<Record<Pane, string>> = {
	jobs: 'Jobs', servers: 'Servers', runners: 'Runners', activity: 'Activity',
};

/**
A pane's title: its name, how many of what, and since when its rows are stale.
*/
export function paneTitle(pane: Pane, engine: EngineState, lists: Lists, hasFocus: boolean): readonly Span[] {
	const name = span(hasFocus ? `[${paneNames[pane]}]` : paneNames[pane], 'strong');
	switch (pane) {
		case 'jobs': {
			const {waiting, running, foreign, foreignHidden} = lists.counts;
			const others = foreign === 0 ? '' : (foreignHidden > 0 ? ` · ${foreignHidden} not ours, F shows` : ` · ${foreign} not ours`);
			return [name, span(` ${waiting} queued`, waiting > 0 ? 'waiting' : 'plain'), span(` · ${running} running`), span(others, 'dim'), ...staleSpans(engine.jobs)];
		}

		case 'servers': {
			const {servers, creations, busyServers, zombies} = lists.counts;
			return [
				name,
				span(` ${servers}`),
				span(` · ${busyServers} busy`),
				span(creations > 0 ? ` · ${creations} being created` : ''),
				span(zombies === 0 ? '' : ` · ${zombies} ${zombies === 1 ? 'zombie' : 'zombies'}`, 'wrong'),
				...staleSpans(engine.servers),
			];
		}

		case 'runners': {
			return [name, span(` ${lists.counts.runners}`), span(lists.counts.foreignRunners > 0 ? ` · ${lists.counts.foreignRunners} not ours` : '', 'dim'), ...staleSpans(engine.runners)];
		}

		case 'activity': {
			return [name];
		}
	}
}

/**
A pane's tab: " 2 Servers 7 ".
*/
export function tabText(pane: Pane, {counts}: Lists): string {
	const numbers: Readonly<Record<Pane, string>> = {
		jobs: ` ${counts.waiting}`, servers: ` ${counts.servers + counts.creations}`, runners: ` ${counts.runners}`, activity: '',
	};
	return ` ${panes.indexOf(pane) + 1} ${paneNames[pane]}${numbers[pane]} `;
}

/**
What stands at the right of a pane's title: filter and order, when they are not the usual ones.
*/
export function paneRight(pane: Pane, view: View): readonly Span[] {
	const order = {
		jobs: jobOrders, servers: serverOrders, runners: runnerOrders, activity: ['newest last'] as const,
	}[pane];
	const sort = view.sorts[pane] % order.length;
	return [...(view.filter === '' ? [] : [span(`/${view.filter}`, 'waiting')]), ...(sort === 0 ? [] : [span(`${view.filter === '' ? '' : ' '}${order[sort] ?? ''}`, 'calm')])];
}

/**
What an empty pane says.
*/
export function emptyWords(pane: Pane, engine: EngineState, view: View, now: Instant): string {
	if (view.filter !== '') {
		return `nothing here contains "${view.filter}": Esc clears the filter`;
	}

	const read = {
		jobs: engine.jobs, servers: engine.servers, runners: engine.runners, activity: undefined,
	}[pane];
	if (read !== undefined && read.at === undefined) {
		return read.state === 'failed' && engine.nextReadAt !== undefined ? `could not be read yet: ${read.fault.reason}` : 'reading …';
	}

	switch (pane) {
		case 'jobs': {
			const last = engine.lastJobAt === undefined
				? `jobs that are labelled ${engine.policy.withLabels.join(', ')} appear here`
				: `the last one ${sayDuration(ageSeconds(engine.lastJobAt, now))} ago`;
			return `no queued jobs; ${last}`;
		}

		case 'servers': {
			return engine.mode === 'scaling' ? 'no servers; one is made for each queued job' : 'no servers, and none is made now: p goes on';
		}

		case 'runners': {
			return 'no runners; each server registers one when it is set up';
		}

		case 'activity': {
			return 'nothing happened yet';
		}
	}
}

function staleSpans(read: Read<unknown>): readonly Span[] {
	if (read.state === 'whole' || read.at === undefined) {
		return [];
	}

	const words = read.state === 'partial' ? `some missing since ${sayClock(read.fault.since, 'seconds')}` : `stale since ${sayClock(read.at, 'seconds')}`;
	return [span(` · ${words}`, 'waiting')];
}
