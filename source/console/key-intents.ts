import {cleanText} from '../model/clean-text.ts';
import {sayJob} from '../model/job.ts';
import {serverInFront, type Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {scriptInFront} from './screens/scripts/state.ts';
import {noThread, threadOf} from './thread.ts';
import type {View} from './view.ts';

// What keys mean whose meaning depends on what is in front of the person.

/**
What is to happen, or why it cannot.
*/
export type Meant = Intent | {readonly unable: string};

/**
The question before servers are deleted: the marked ones, or the one in front.
*/
export function askToDelete(view: View, facts: Facts): Meant {
	const {screen} = view;
	const marked = screen.at === 'zombies' ? screen.state.marked : (screen.at === 'panes' ? view.marked : new Set());
	const there = facts.lists.byName.values().filter(row => marked.has(row.name) && row.is.kind === 'server').map(row => row.name).toArray();
	if (there.length > 0) {
		return {type: 'ask', question: {about: 'delete', names: there}};
	}

	const row = serverInFront(view, facts);
	if (row === undefined) {
		return {unable: screen.at === 'zombies' ? 'nothing to delete here' : 'select or mark a server first'};
	}

	return row.is.kind === 'creation' ? {unable: 'it is still being created: delete it once it is there'} : {type: 'ask', question: {about: 'delete', names: [row.name]}};
}

/**
The details of the selected row.
*/
export function openDetail(view: View): Meant {
	const {id} = view.cursors[view.pane];
	return id === undefined ? {unable: 'nothing to show: this pane is empty'} : {type: 'openDetail', pane: view.pane, id};
}

/**
A mark on the server in front, or off it.
*/
export function markInFront(view: View, facts: Facts): Meant {
	const row = view.screen.at === 'zombies' || view.pane === 'servers' ? serverInFront(view, facts) : undefined;
	return row === undefined ? {unable: 'marks are for servers: go to the servers pane'} : {type: 'mark', name: row.name};
}

/**
The name in front, to the clipboard.
*/
export function copyInFront(view: View, facts: Facts): Meant {
	const name = serverInFront(view, facts)?.name;
	const {id} = view.cursors[view.pane];
	const job = view.pane === 'jobs' ? facts.lists.jobs.find(row => row.id === id)?.job : undefined;
	const text = name ?? (job === undefined ? facts.lists.runners.find(row => view.pane === 'runners' && row.id === id)?.runner.name : sayJob(job));
	return text === undefined ? {unable: 'nothing to copy here'} : {type: 'act', effect: {do: 'copy', text}};
}

/**
The next or the last place of what is looked for.
*/
export function found(view: View, by: 1 | -1): Meant {
	return view.find === '' ? {unable: 'nothing is looked for: / does'} : {type: 'found', by};
}

/**
The script in front beside the built-in one.
*/
export function compare({screen}: View): Meant {
	if (screen.at !== 'scripts' || screen.load.state !== 'loaded') {
		return {unable: 'the scripts are not there yet'};
	}

	const isBuiltIn = scriptInFront(screen)?.source === 'built in';
	return isBuiltIn || screen.load.builtIn === undefined ? {unable: isBuiltIn ? 'this is the built-in script' : 'the built-in scripts are not known here'} : {type: 'compare'};
}

/**
A job's page, or the runner's, at GitHub.
*/
export function linkInFront(view: View, facts: Facts): Meant {
	const {screen} = view;
	const [pane, id] = screen.at === 'detail' ? [screen.pane, screen.id] : [view.pane, view.cursors[view.pane].id];
	const thread = screen.at === 'zombies' ? noThread : threadOf(facts.lists, pane, id);
	const server = serverInFront(view, facts);
	const job = facts.lists.jobs.find(row => row.id === thread.job)?.job ?? server?.job ?? server?.madeFor;
	const runner = server?.runner?.id ?? facts.lists.runners.find(row => row.id === thread.runner)?.runner.id;
	const {githubUrl, repository} = facts.engine.policy;
	const url = job?.url ?? (runner === undefined ? undefined : `${githubUrl}/${repository.owner}/${repository.name}/settings/actions/runners/${runner}`);
	return url === undefined ? {unable: 'GitHub has no page for this row'} : {type: 'say', message: {text: cleanText(url), role: 'calm', href: url}};
}

/**
To leave, with a question where servers stay behind.
*/
export function quit(view: View, {engine, attachment}: Facts): Intent {
	const isAsked = view.screen.at === 'confirm' && view.screen.question.about === 'quit';
	const servers = engine.servers.items.length + engine.creations.length;
	return attachment.at === 'here' && servers > 0 && !isAsked ? {type: 'ask', question: {about: 'quit', servers}} : {type: 'act', effect: {do: 'quit'}};
}
