import {diffLines} from 'diff';
import {cleanText} from '../../../model/clean-text.ts';
import type {ServerName} from '../../../model/server-name.ts';
import type {HostScript, HostScripts, ServerScripts} from '../../../scaler/ports.ts';
import type {Context} from '../../state/context.ts';
import {rowsIn} from '../../state/geometry.ts';
import type {ScreenState} from '../registry.ts';
import {
	matchesIn, nextMatch, noSearch, type Search,
} from '../shared/search.ts';

const scriptTabs = ['setup', 'startup-x64', 'startup-arm64'] as const;
export type ScriptTab = (typeof scriptTabs)[number];

/**
The scripts that a server was handed, by their hashes; `startupTab`: which of the two startup scripts is its own.
*/
export type HandedScripts = ServerScripts & {readonly server: ServerName; readonly startupTab: 'startup-x64' | 'startup-arm64'};

/**
The scripts to show, what they get, and the texts to compare with: those built in, or those in force with what a server was handed.
*/
export type ScriptsLoad =
	| {readonly state: 'loading'}
	| {readonly state: 'loaded'; readonly scripts: HostScripts; readonly variables: Readonly<Record<string, string>>; readonly base: Readonly<Record<ScriptTab, string>> | undefined}
	| {readonly state: 'failed'; readonly reason: string};

export type ScriptsState = {
	readonly at: 'scripts'; readonly tab: ScriptTab; readonly top: number; readonly load: ScriptsLoad;
	/**
	The server whose scripts these are; undefined: those that new servers get.
	*/
	readonly handed: HandedScripts | undefined;
	readonly under: ScreenState;
	/**
	Whether lines that differ from the base are marked.
	*/
	readonly isCompared: boolean;
	readonly search: Search;
	/**
	The line that a search is at.
	*/
	readonly match: number | undefined;
};

/**
The scripts over the screen that esc leads back to. What a server was handed is compared with what is in force from the start.
*/
export function openScripts(under: ScreenState, handed?: HandedScripts): ScriptsState {
	return {
		at: 'scripts', tab: 'setup', top: 0, load: {state: 'loading'}, handed, under, isCompared: handed !== undefined, search: noSearch, match: undefined,
	};
}

/**
The tabs there are: a server has one startup script.
*/
export function tabsOf({handed}: Pick<ScriptsState, 'handed'>): readonly ScriptTab[] {
	return handed === undefined ? scriptTabs : ['setup', handed.startupTab];
}

export type ScriptLine =
	| {readonly kind: 'heading' | 'variable' | 'blank'; readonly text: string}
	/**
	`is`: compared with the base, only in this script or only in that; `number` is the line's in its own script.
	*/
	| {readonly kind: 'code'; readonly number: number; readonly text: string; readonly is: 'same' | 'added' | 'removed'};

export const scriptTitles: Readonly<Record<ScriptTab, string>> = {setup: 'setup', 'startup-x64': 'startup x64', 'startup-arm64': 'startup arm64'};

/**
The script of the chosen tab; undefined until the scripts are there.
*/
export function shownScript(screen: ScriptsState): HostScript | undefined {
	if (screen.load.state !== 'loaded') {
		return undefined;
	}

	const {scripts} = screen.load;
	return {setup: scripts.setup, 'startup-x64': scripts.startupX64, 'startup-arm64': scripts.startupArm64}[screen.tab];
}

/**
Where a script comes from.
*/
export function sourceOf({handed, tab}: Pick<ScriptsState, 'handed' | 'tab'>, script: HostScript): string {
	if (handed !== undefined) {
		return `handed to ${handed.server}, SHA-256 ${tab === 'setup' ? handed.setup : handed.startup}`;
	}

	return script.source === 'built in' ? 'built in' : cleanText(script.source.path);
}

/**
All lines of the screen: the script with its line numbers, then the environment that it gets.
*/
export function scriptLines(screen: ScriptsState): readonly ScriptLine[] {
	const script = shownScript(screen);
	if (script === undefined || screen.load.state !== 'loaded') {
		return [];
	}

	const variables = Object.entries(screen.load.variables);
	return [
		...(screen.isCompared ? comparedLines(screen.load.base?.[screen.tab] ?? '', script.text) : codeLines(script.text, 'same', 1)),
		...(variables.length === 0 ? [] : [{kind: 'blank', text: ''}, {kind: 'heading', text: 'The environment it gets, secrets masked'}] as const),
		...variables.map(([name, value]): ScriptLine => ({kind: 'variable', text: cleanText(`${name}=${value}`)})),
	];
}

/**
Both scripts as one: lines of the base only, lines of this script only, and lines of both.
*/
export function comparedLines(base: string, own: string): readonly ScriptLine[] {
	const lines: ScriptLine[] = [];
	const next = {ours: 1, theirs: 1};
	for (const {value, added, removed, count} of diffLines(base, own)) {
		lines.push(...codeLines(value, added ? 'added' : (removed ? 'removed' : 'same'), removed ? next.theirs : next.ours));
		next.ours += removed ? 0 : count;
		next.theirs += added ? 0 : count;
	}

	return lines;
}

function codeLines(text: string, is: 'same' | 'added' | 'removed', from: number): readonly ScriptLine[] {
	return text.replace(/\n$/v, '').split('\n').map((line, at): ScriptLine => ({
		kind: 'code', number: from + at, text: cleanText(line.replaceAll('\t', ' '.repeat(4))), is,
	}));
}

/**
The screen at the next line that has the text, from the line where it is or (`isFirst`) from just before it; the same when no line has it.
*/
export function scriptsAtMatch(screen: ScriptsState, by: 1 | -1, {geometry}: Pick<Context, 'geometry'>, isFirst = false): ScriptsState {
	const lines = scriptLines(screen);
	const match = nextMatch(matchesIn(lines.map(line => line.text), screen.search.query), (screen.match ?? (screen.top - 1)) - (isFirst ? by : 0), by);
	if (match === undefined) {
		return screen;
	}

	const height = rowsIn(geometry, 'body');
	const isVisible = match >= screen.top && match < screen.top + height;
	return {...screen, match, top: isVisible ? screen.top : Math.max(0, Math.min(Math.max(0, lines.length - height), match - Math.floor(height / 3)))};
}

export type BashPart = {readonly kind: 'comment' | 'string' | 'word' | 'variable' | 'plain'; readonly text: string};

const words = 'if|then|else|elif|fi|for|in|do|done|while|until|case|esac|function|return|exit|set|export|local|trap|cd|source';
const bash = new RegExp(String.raw`(?<comment>(?:^|(?<=\s))#.*$)|(?<string>'[^']*'|"(?:[^"\\]|\\.)*")|(?<variable>\$\{[^\}]*\}|\$\w+)|(?<word>\b(?:${words})\b)`, 'gv');

/**
A line of bash in parts that are coloured alike. Simple on purpose: quotes over several lines are not followed.
*/
export function bashParts(line: string): readonly BashPart[] {
	const parts: BashPart[] = [];
	let from = 0;
	for (const match of line.matchAll(bash)) {
		if (match.index > from) {
			parts.push({kind: 'plain', text: line.slice(from, match.index)});
		}

		parts.push({kind: kindOf(match.groups), text: match[0]});
		from = match.index + match[0].length;
	}

	return from < line.length ? [...parts, {kind: 'plain', text: line.slice(from)}] : parts;
}

function kindOf(groups: Readonly<Record<string, string | undefined>> | undefined): BashPart['kind'] {
	return (['comment', 'string', 'variable', 'word'] as const).find(kind => groups?.[kind] !== undefined) ?? 'plain';
}
