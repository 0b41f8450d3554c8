import type {ServerName} from '../model/server-name.ts';
import type {HostScripts} from '../scaler/ports.ts';
import {startOfList, type Cursor} from './components/cursor.ts';

export const panes = ['jobs', 'servers', 'runners', 'activity'] as const;
export type Pane = (typeof panes)[number];

/**
What a person is asked before something happens.
*/
export type Question =
	| {readonly about: 'delete'; readonly names: readonly ServerName[]}
	| {readonly about: 'drain'}
	| {readonly about: 'quit'; readonly servers: number};

export type ScriptTab = 'setup' | 'startup-x64' | 'startup-arm64';

/**
The scripts in force, what they get, and the texts of those built in, to compare with.
*/
export type LoadedScripts = {readonly scripts: HostScripts; readonly variables: Readonly<Record<string, string>>; readonly builtIn: Readonly<Record<ScriptTab, string>> | undefined};

export type ScriptsLoad =
	| {readonly state: 'loading'}
	| ({readonly state: 'loaded'} & LoadedScripts)
	| {readonly state: 'failed'; readonly reason: string};

export type ZombiesState = {readonly cursor: Cursor; readonly marked: ReadonlySet<ServerName>; readonly asked: readonly ServerName[]};

export type ScriptsScreen = {
	readonly at: 'scripts'; readonly tab: ScriptTab; readonly top: number; readonly load: ScriptsLoad;
	/**
	Whether lines that differ from the built-in script are marked.
	*/
	readonly isCompared: boolean;
	/**
	The line that a search is at.
	*/
	readonly hit: number | undefined;
};

export type LogScreen = {
	readonly at: 'log'; readonly cursor: Cursor; readonly isFollowing: boolean; readonly level: LogLevel;
	/**
	Only lines that name this server.
	@default all
	*/
	readonly about: string | undefined;
	readonly under: Screen;
};

/**
What lies in front. `under` is where esc leads back to.
*/
export type Screen =
	ScriptsScreen | LogScreen | {readonly at: 'panes'} | {readonly at: 'filter'; readonly before: string} | {readonly at: 'detail'; readonly pane: Pane; readonly id: string; readonly top: number; readonly under: Screen} | {readonly at: 'zombies'; readonly state: ZombiesState} | {readonly at: 'search'; readonly before: string; readonly from: ScriptsScreen | LogScreen; readonly under: ScriptsScreen | LogScreen} | {readonly at: 'palette'; readonly text: string; readonly cursor: Cursor; readonly option: string | undefined; readonly under: Screen} | {readonly at: 'help'; readonly top: number; readonly under: Screen} | {
		readonly at: 'confirm'; readonly question: Question; readonly focus: 'cancel' | 'go';
		readonly text: string; readonly typed: ReadonlySet<ServerName>; readonly under: Screen;
	};

export const logLevels = ['all', 'warnings', 'errors'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
A word to the person at the console, shown in the footer for a while; `href` makes a link of it.
*/
export type Message = {readonly text: string; readonly role: 'calm' | 'good' | 'waiting' | 'wrong'; readonly href?: string};

/**
All that the console itself knows: where the person is and what was chosen. No data of the engine.
*/
export type View = {
	readonly screen: Screen;
	readonly pane: Pane;
	readonly cursors: Readonly<Record<Pane, Cursor>>;
	readonly marked: ReadonlySet<ServerName>;
	readonly filter: string;
	/**
	What is looked for in scripts and log.
	*/
	readonly find: string;
	/**
	For each pane, which of its orders it is in.
	*/
	readonly sorts: Readonly<Record<Pane, number>>;
	readonly isForeignShown: boolean;
	/**
	Whether the activity pane stays at its newest line.
	*/
	readonly isFollowing: boolean;
	/**
	Trouble of which the person wants no more notice.
	*/
	readonly hidden: ReadonlySet<string>;
	readonly message: Message | undefined;
	/**
	What takes long enough to be worth a spinner, and how far that has turned.
	*/
	readonly work: {readonly words: string; readonly turn: number} | undefined;
};

export const firstView: View = {
	screen: {at: 'panes'},
	pane: 'jobs',
	cursors: {
		jobs: startOfList, servers: startOfList, runners: startOfList, activity: startOfList,
	},
	marked: new Set(),
	filter: '',
	find: '',
	sorts: {
		jobs: 0, servers: 0, runners: 0, activity: 0,
	},
	isForeignShown: false,
	isFollowing: true,
	hidden: new Set(),
	message: undefined,
	work: undefined,
};
