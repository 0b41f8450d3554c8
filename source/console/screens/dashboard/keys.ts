import {cleanText} from '../../../model/clean-text.ts';
import {formatJob} from '../../../model/job.ts';
import type {ServerName} from '../../../model/server-name.ts';
import {undrainable} from '../../../scaler/controller.ts';
import type {Action} from '../../actions/action.ts';
import type {ActionOrDisabled} from '../../actions/disabled.ts';
import type {KeyRow} from '../../actions/key-row.ts';
import {askToDelete, quit} from '../../actions/keymap.ts';
import {paneNames, panes} from '../../panes/registry.ts';
import type {Context} from '../../state/context.ts';
import {selectedServer} from '../../state/selected-server.ts';
import {relatedTo} from '../../state/related.ts';
import {cursorOf, type UiState} from '../../state/ui-state.ts';
import {openQuestion} from '../confirm/state.ts';
import {openDetail} from '../detail/state.ts';

/**
Screens that are about servers: what one does with a server is a key on each.
*/
const aboutServers = ['dashboard', 'detail', 'zombies'];

export const dashboardKeys: readonly KeyRow[] = [
	...paneNames.map((pane, at): KeyRow => ({
		press: String(at + 1), where: ['dashboard'], title: `go to ${panes[pane].title.toLowerCase()}`, does: 'view', action: () => ({type: 'goToPane', pane}),
	})),
	{
		press: 'p', where: ['dashboard'], title: 'pause scaling up, or resume', alias: 'stop', footer: 'pause', does: 'change',
		action: (_ui, {engine}) => ({type: 'do', effect: {do: 'setMode', mode: engine.mode === 'scaling' ? 'paused' : 'scaling'}}),
	},
	{
		press: 'P', where: ['dashboard'], title: 'freeze both ways: nothing is created, nothing deleted; or resume', alias: 'stop', does: 'change',
		action: (_ui, {engine}) => ({type: 'do', effect: {do: 'setMode', mode: engine.mode === 'frozen' ? 'scaling' : 'frozen'}}),
	},
	{
		press: 'D', where: ['dashboard'], title: 'drain: no new servers, what runs may finish; or resume', alias: 'stop', does: 'change',
		action: (ui, {engine}) => engine.mode === 'draining' ? {type: 'do', effect: {do: 'setMode', mode: 'scaling'}} : {type: 'open', screen: openQuestion({about: 'mode', mode: 'draining'}, ui.screen)},
	},
	{
		press: '+', where: ['dashboard'], title: 'one more server at most (--max-runners of the running engine)', alias: 'limit maximum', does: 'change', action: (_ui, context) => changeLimit(context, 1),
	},
	{
		press: '-', where: ['dashboard'], title: 'one server less at most (--max-runners of the running engine)', alias: 'limit maximum', does: 'change', action: (_ui, context) => changeLimit(context, -1),
	},
	{
		press: 'e', where: ['dashboard', 'detail'], title: 'drain this server: no further job, deleted when it is idle; or take that back', alias: 'drain server stop', footer: 'drain server', rank: 2, does: 'change', action: drainSelected,
	},
	{
		press: 'd', where: ['dashboard', 'detail'], title: 'delete the marked servers, or the selected one', footer: 'delete', does: 'destroy', action: deleteSelected,
	},
	{
		press: 'enter', where: ['dashboard'], title: 'details of the selected row', footer: 'details', does: 'view',
		action(ui) {
			const {id} = cursorOf(ui, ui.pane);
			return id === undefined ? {disabled: 'nothing to show: this pane is empty'} : {type: 'open', screen: openDetail(ui.pane, id, ui.screen)};
		},
	},
	{
		press: 'space', where: ['dashboard'], title: 'mark a server', footer: 'mark', rank: 2, does: 'change',
		action(ui, context) {
			const row = ui.pane === 'servers' ? selectedServer(ui, context) : undefined;
			return row === undefined ? {disabled: 'marks are for servers: go to the servers pane'} : {type: 'mark', name: row.name};
		},
	},
	{
		press: 'K', where: ['zombies', 'detail'], title: 'keep this server for ten minutes more', footer: 'keep 10m', does: 'change',
		action(ui, context) {
			const row = selectedServer(ui, context);
			return row === undefined ? {disabled: 'no server here'} : {type: 'do', effect: {do: 'keep', name: row.name, seconds: 600}};
		},
	},
	{
		press: 'w', where: ['dashboard'], title: 'why: go to what the notice on top is about', does: 'view',
		action: (_ui, {notices}) => notices[0]?.leadsTo ?? {disabled: 'nothing needs a person now'},
	},
	{
		press: 'i', where: ['dashboard'], title: 'hide the notice on top until there is more trouble', does: 'view',
		action: (_ui, {notices}) => notices[0] === undefined ? {disabled: 'there is no notice'} : {type: 'hide', about: notices[0].about},
	},
	{
		press: '/', where: ['dashboard'], title: 'show only rows that contain a text', footer: 'filter', does: 'view', action: ui => ({type: 'open', screen: {at: 'dashboard', typing: {before: ui.query}}}),
	},
	{
		press: 'n', where: ['dashboard'], title: 'next match', does: 'view', isMove: true, action: ui => match(ui, 1),
	},
	{
		press: 'N', where: ['dashboard'], title: 'previous match', does: 'view', isMove: true, action: ui => match(ui, -1),
	},
	{
		press: 'S', where: ['dashboard'], title: 'sort this pane another way', does: 'view', action: () => ({type: 'sort'}),
	},
	{
		press: 'F', where: ['dashboard'], title: 'show or hide jobs that are not ours', does: 'view', action: () => ({type: 'showForeign'}),
	},
	{
		press: 'x', where: aboutServers, title: 'open a shell on the server', footer: 'shell', rank: 2, does: 'change', needsEngine: false,
		action(ui, context) {
			const row = selectedServer(ui, context);
			if (!context.canShell) {
				return {disabled: 'no shell from here'};
			}

			return row?.is.kind === 'server' ? {type: 'do', effect: {do: 'shell', name: row.name}} : {disabled: 'this row has no server to log in to'};
		},
	},
	{
		press: 'y', where: aboutServers, title: 'copy the name', footer: 'copy', rank: 2, does: 'view', action: copySelected,
	},
	{
		press: 'o', where: aboutServers, title: 'show the link to GitHub', footer: 'link', rank: 2, does: 'view', action: linkSelected,
	},
	{
		press: 'r', where: aboutServers, title: 'poll GitHub and Hetzner now', does: 'view', needsEngine: true, action: () => ({type: 'do', effect: {do: 'readNow'}}),
	},
	{
		press: 'tab right', where: ['dashboard', 'scripts'], title: 'next pane or tab', footer: 'next', rank: 2, does: 'view', isMove: true, action: () => ({type: 'turn', by: 1}),
	},
	{
		press: 'shift-tab left', where: ['dashboard', 'scripts'], title: 'previous pane or tab', does: 'view', isMove: true, action: () => ({type: 'turn', by: -1}),
	},
	{
		press: 'esc', where: ['dashboard'], title: 'clear filter and marks', does: 'view', action: () => ({type: 'back'}),
	},
	{
		press: 'q', where: ['dashboard'], title: 'quit', footer: 'quit', does: 'view', action: quit,
	},
];

function changeLimit({engine}: Context, by: 1 | -1): ActionOrDisabled {
	const {maxRunners} = engine.policy;
	if (maxRunners === undefined && by === 1) {
		return {disabled: 'there is no limit (--max-runners); - sets one'};
	}

	return maxRunners === 0 && by === -1 ? {disabled: 'the limit is 0 already: no servers are created'} : {type: 'do', effect: {do: 'changeMaxRunners', by}};
}

function drainSelected(ui: UiState, context: Context): ActionOrDisabled {
	const row = ui.screen.at === 'detail' || ui.pane === 'servers' ? selectedServer(ui, context) : undefined;
	if (row === undefined) {
		return {disabled: ui.screen.at === 'detail' ? 'no server here' : 'select a server first: draining one is in the servers pane'};
	}

	if (row.is.kind === 'creation') {
		return {disabled: 'it is still being created: drain it once it is there'};
	}

	const isDraining = row.verdict?.code === 'draining' || (row.verdict?.code === 'busy' && row.verdict.drainedBy !== undefined);
	const reason = undrainable(row.is.server, context.engine.policy);
	return reason === undefined ? {type: 'do', effect: {do: 'drainServer', name: row.name, isDraining: !isDraining}} : {disabled: `it cannot be drained: ${reason}`};
}

function match(ui: UiState, by: 1 | -1): ActionOrDisabled {
	return ui.query === '' ? {disabled: 'no filter: / sets one'} : {type: 'move', by};
}

/**
The question before servers are deleted: the marked ones, or the selected one.
*/
export function deleteSelected(ui: UiState, context: Context): ActionOrDisabled {
	const marked: ReadonlySet<ServerName> = ui.screen.at === 'zombies' ? ui.screen.marked : (ui.screen.at === 'dashboard' ? ui.marked : new Set());
	const there = [...context.lists.byName.values()].filter(row => marked.has(row.name) && row.is.kind === 'server').map(row => row.name);
	if (there.length > 0) {
		return askToDelete(there, ui);
	}

	const row = selectedServer(ui, context);
	if (row === undefined) {
		return {disabled: ui.screen.at === 'zombies' ? 'nothing to delete here' : 'select or mark a server first'};
	}

	return row.is.kind === 'creation' ? {disabled: 'it is still being created: delete it once it is there'} : askToDelete([row.name], ui);
}

// The pane and the row that the screen in front is about.
function selection(ui: UiState): readonly [pane: UiState['pane'], id: string | undefined] {
	return ui.screen.at === 'detail' ? [ui.screen.pane, ui.screen.id] : [ui.pane, cursorOf(ui, ui.pane).id];
}

function copySelected(ui: UiState, context: Context): ActionOrDisabled {
	const [pane, id] = selection(ui);
	const {rows} = context.lists;
	const job = pane === 'jobs' ? rows.jobs.find(row => row.id === id)?.job : undefined;
	const line = pane === 'activity' ? rows.activity.find(row => row.id === id)?.text : undefined;
	const runner = pane === 'runners' ? rows.runners.find(row => row.id === id)?.runner.name : undefined;
	const text = selectedServer(ui, context)?.name ?? runner ?? line ?? (job === undefined ? undefined : formatJob(job));
	return text === undefined ? {disabled: 'nothing to copy here'} : {type: 'do', effect: {do: 'copy', text}};
}

// A job's page, or the runner's, at GitHub.
function linkSelected(ui: UiState, context: Context): ActionOrDisabled {
	const {lists, engine} = context;
	const related = ui.screen.at === 'zombies' ? undefined : relatedTo(lists, ...selection(ui));
	const server = selectedServer(ui, context);
	const job = lists.rows.jobs.find(row => row.id === related?.job)?.job ?? server?.job ?? server?.madeFor;
	const runner = server?.runner?.id ?? lists.rows.runners.find(row => row.id === related?.runner)?.runner.id;
	const {githubUrl, repository} = engine.policy;
	const url = job?.url ?? (runner === undefined ? undefined : `${githubUrl}/${repository.owner}/${repository.name}/settings/actions/runners/${runner}`);
	return url === undefined ? {disabled: 'GitHub has no page for this row'} : link(cleanText(url));
}

function link(href: string): Action {
	return {type: 'message', message: {text: href, role: 'calm', href}};
}
