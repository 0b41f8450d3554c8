import {sayJob} from '../../model/job.ts';
import {sayEvent} from '../../model/event.ts';
import {sayJobVerdict, sayServerVerdict} from '../../model/say-verdict.ts';
import {isZombie} from '../../model/verdict.ts';
import {cleanText} from '../../model/clean-text.ts';
import type {EngineState} from '../../scaler/controller.ts';
import type {View} from '../view.ts';
import {
	groupOf, jobRows, jobsOnRunners, type JobGroup,
} from './jobs/state.ts';
import {runnerLook, runnerRows} from './runners/state.ts';
import type {
	ActivityRow, JobRow, Lists, ServerRow,
} from './rows.ts';
import {serverLook, serverRows} from './servers/state.ts';

// Foreign jobs up to this many are shown at the end; more are only counted, until asked for.
const foreignShown = 3;

/**
The rows of all panes for what the engine says and the view asks. Depends on no clock: worth keeping until either changes.
*/
export function listsOf(engine: EngineState, view: Pick<View, 'filter' | 'sorts' | 'isForeignShown'>): Lists {
	const running = jobsOnRunners(engine);
	const allServers = serverRows(engine, running, view.sorts.servers);
	const everyJob = jobRows(engine, view.sorts.jobs);
	const counted = countGroups(everyJob);
	const inGroup = (group: JobGroup): number => counted.get(group) ?? 0;
	const foreign = inGroup('foreign');
	const isForeignHidden = !view.isForeignShown && foreign > foreignShown;
	const shownJobs = isForeignHidden ? everyJob.filter(row => groupOf(row) !== 'foreign') : everyJob;
	const jobs = narrow(shownJobs, view.filter, row => [sayJob(row.job), ...row.job.labels, String(row.job.runId), row.job.branch, row.server ?? '', row.verdict === undefined ? '' : sayJobVerdict(row.verdict, engine.publishedAt)]);
	const servers = narrow(allServers, view.filter, row => [...serverTexts(row), serverLook(row).word, row.verdict === undefined ? '' : sayServerVerdict(row.verdict, engine.publishedAt)]);
	const allRunners = runnerRows(engine, running, view.sorts.runners);
	const runners = narrow(allRunners, view.filter, row => [row.runner.name, runnerLook(row).word, ...row.runner.labels, row.job === undefined ? '' : sayJob(row.job)]);
	const activity = narrow(activityRows(engine), view.filter, row => [row.words]);
	return {
		jobs, servers, runners, activity,
		zombies: allServers.filter(row => row.verdict !== undefined && isZombie(row.verdict)),
		waiting: everyJob.filter(row => groupOf(row) === 'waiting'),
		byName: new Map(allServers.map(row => [row.name, row])),
		ids: {
			jobs: jobs.map(row => row.id), servers: servers.map(row => row.id), runners: runners.map(row => row.id), activity: activity.map(row => row.id),
		},
		counts: {
			waiting: inGroup('waiting') + inGroup('held'),
			running: inGroup('running'),
			foreign,
			foreignHidden: isForeignHidden ? foreign : 0,
			servers: engine.servers.items.length,
			creations: allServers.filter(row => row.is.kind === 'creation').length,
			busyServers: allServers.filter(row => row.verdict?.code === 'busy').length,
			zombies: allServers.filter(row => row.verdict?.code === 'zombie' || row.verdict?.code === 'keptBusy').length,
			runners: allRunners.length,
			foreignRunners: allRunners.filter(row => row.verdict?.code === 'notOurs').length,
		},
	};
}

function countGroups(rows: readonly JobRow[]): ReadonlyMap<JobGroup, number> {
	const counts = new Map<JobGroup, number>();
	for (const row of rows) {
		const group = groupOf(row);
		counts.set(group, (counts.get(group) ?? 0) + 1);
	}

	return counts;
}

function serverTexts({name, is, job}: ServerRow): readonly string[] {
	return [name, ...(is.kind === 'server' ? [is.server.serverType, is.server.location, is.server.ip ?? ''] : []), job === undefined ? '' : sayJob(job)];
}

const wordsOf = new WeakMap<EngineState['activity'], readonly ActivityRow[]>();

function activityRows(engine: EngineState): readonly ActivityRow[] {
	const known = wordsOf.get(engine.activity);
	if (known !== undefined) {
		return known;
	}

	const rows = engine.activity.map(entry => ({id: String(entry.id), entry, words: cleanText(sayEvent(entry.event))}));
	wordsOf.set(engine.activity, rows);
	return rows;
}

function narrow<Row>(rows: readonly Row[], filter: string, texts: (row: Row) => readonly string[]): readonly Row[] {
	const wanted = filter.toLowerCase();
	return wanted === '' ? rows : rows.filter(row => texts(row).some(text => text.toLowerCase().includes(wanted)));
}
