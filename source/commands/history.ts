import {cleanJson} from '../model/clean-text.ts';
import {
	historyOf,
	ranSeconds,
	sumsOf,
	type Grouping,
	type History,
} from '../history/history.ts';
import {formatMoney} from '../model/money.ts';
import {instant, formatDuration, type Instant} from '../model/time.ts';
import {paths} from '../service/paths.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import type {Settings} from '../settings/read.ts';
import {readJournal, type JournalEntry} from '../logging/journal.ts';
import {namedRepository} from '../model/job.ts';
import {stateFolder, stateFolderIn} from '../settings/state-folder.ts';
import {print} from '../terminal/print.ts';
import {settingsFor, type Call} from './call.ts';
import {tableText} from './text-table.ts';

const groupings = ['day', 'workflow', 'label', 'jobs'] as const;

/**
`history [day | workflow | label | jobs]`: what the journal of this machine's
engine tells of past jobs, waits, servers and cost. Throws UsageError.
*/
export function history(call: Call): number {
	const [asked = 'day', ...more] = call.positionals;
	const grouping = groupings.find(one => one === asked);
	if (grouping === undefined || more.length > 0) {
		throw new UsageError(`history takes one of ${groupings.join(', ')}.${didYouMean(asked, groupings)}`);
	}

	const settings = settingsFor(call);
	if (settings.githubRepository === undefined) {
		throw new UsageError('history needs a repository: give --github-repository (GITHUB_REPOSITORY).');
	}

	const past = historyOf(entriesFor(settings.githubRepository), instant(Date.now()));
	const rows = grouping === 'jobs' ? jobRows(past) : sumRows(past, grouping);
	print(textOf(rows, settings));
	if (past.running > 0 && !settings.json && !settings.csv) {
		const what = past.running === 1 ? '1 server is' : `${past.running} servers are`;
		print(`\n${what} still running as far as the journal tells; the hours begun so far are counted.\n`);
	}

	return 0;
}

// The service's journal and that of one's own engine, whichever is there; both when both are.
function entriesFor(repository: string): readonly JournalEntry[] {
	const named = namedRepository(repository);
	const folders = [...new Set([stateFolderIn(paths.state, named), stateFolder(named)])];
	try {
		const entries = folders.flatMap(folder => readJournal(folder));
		return entries.toSorted((a, b) => a.at - b.at);
	} catch (error) {
		throw new UsageError(`The journal cannot be read (${error instanceof Error ? error.message : String(error)}): only the service's own user can read its journal, so use sudo.`);
	}
}

// For programs, the heading is the name alone.
const inUtc: ReadonlySet<string> = new Set(['day', 'queued']);

/** A table's columns by heading, each value for programs and as people read it. */
type Row = ReadonlyMap<string, {readonly value: string | number | undefined; readonly words: string}>;

function cell(value: string | number | undefined, words = value === undefined ? '-' : String(value)): {readonly value: string | number | undefined; readonly words: string} {
	return {value, words};
}

function seconds(value: number | undefined): ReturnType<typeof cell> {
	return cell(value === undefined ? undefined : Math.round(value), value === undefined ? '-' : formatDuration(value));
}

function sumRows(past: History, grouping: Grouping): readonly Row[] {
	return sumsOf(past, grouping).map(sum => new Map([
		[grouping, cell(sum.of)],
		['jobs', cell(sum.jobs)],
		['started', cell(sum.started)],
		['wait p50', seconds(sum.p50Seconds)],
		['wait p95', seconds(sum.p95Seconds)],
		['servers', cell(sum.servers)],
		['cost', cell(sum.costMicros / 1_000_000, formatMoney(sum.costMicros, past.currency))],
	]));
}

function jobRows(past: History): readonly Row[] {
	const servers = new Map(past.servers.map(server => [server.name, server]));
	return past.jobs.map(job => {
		const server = servers.get(job.server ?? '');
		return new Map([
			['queued', moment(job.queuedAt)],
			['job', cell(job.name)],
			['labels', cell(job.labels.join(','))],
			['wait', seconds(job.waitSeconds)],
			['ran', seconds(ranSeconds(job))],
			['server', cell(job.server)],
			['type', cell(server?.pair)],
			['cost', server?.costMicros === undefined ? cell(undefined) : cell(server.costMicros / 1_000_000, formatMoney(server.costMicros, past.currency))],
		]);
	});
}

function moment(at: Instant | undefined): ReturnType<typeof cell> {
	return cell(at === undefined ? undefined : new Date(at).toISOString(), at === undefined ? '-' : new Date(at).toISOString().slice(0, 19).replace('T', ' '));
}

function textOf(rows: readonly Row[], settings: Settings): string {
	if (settings.json) {
		return `${cleanJson(JSON.stringify(rows.map(row => Object.fromEntries(row.entries().map(([name, {value}]) => [name.replaceAll(' ', '_'), value]))), undefined, '\t'))}\n`;
	}

	const headings = [...rows[0]?.keys() ?? []];
	if (settings.csv) {
		return [headings, ...rows.map(row => row.values().map(({value}) => String(value ?? '')).toArray())].map(line => `${line.map(text => quoted(text)).join(',')}\n`).join('');
	}

	return rows.length === 0 ? 'nothing has been written down yet\n' : tableText(headings.map(heading => `${heading.toUpperCase()}${inUtc.has(heading) ? ' (UTC)' : ''}`), rows.map(row => row.values().map(({words}) => words).toArray()));
}

// RFC 4180; a leading sign that a spreadsheet would take for a formula is defused.
function quoted(text: string): string {
	const safe = /^[\t\r+\-=@]/v.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
	return /[\n\r",]/v.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
