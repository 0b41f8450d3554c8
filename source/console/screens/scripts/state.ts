import {cleanText} from '../../../model/clean-text.ts';
import type {HostScript} from '../../../scaler/ports.ts';
import type {Screen, ScriptTab} from '../../view.ts';

export type ScriptsScreen = Extract<Screen, {readonly at: 'scripts'}>;

export type ScriptLine =
	| {readonly kind: 'heading' | 'variable' | 'blank'; readonly text: string}
	| {readonly kind: 'code'; readonly number: number; readonly text: string};

export const scriptTitles: Readonly<Record<ScriptTab, string>> = {setup: 'setup', 'startup-x64': 'startup x64', 'startup-arm64': 'startup arm64'};

/**
The script of the chosen tab; undefined until the scripts are there.
*/
export function scriptInFront(screen: ScriptsScreen): HostScript | undefined {
	if (screen.load.state !== 'loaded') {
		return undefined;
	}

	const {scripts} = screen.load;
	return {setup: scripts.setup, 'startup-x64': scripts.startupX64, 'startup-arm64': scripts.startupArm64}[screen.tab];
}

/**
All lines of the screen: the script with its line numbers, then the environment that it gets.
*/
export function scriptLines(screen: ScriptsScreen): readonly ScriptLine[] {
	const script = scriptInFront(screen);
	if (script === undefined || screen.load.state !== 'loaded') {
		return [];
	}

	const variables = Object.entries(screen.load.variables);
	return [
		...script.text.replace(/\n$/v, '').split('\n').map((text, at): ScriptLine => ({kind: 'code', number: at + 1, text: cleanText(text.replaceAll('\t', ' '.repeat(4)))})),
		{kind: 'blank', text: ''},
		{kind: 'heading', text: 'The environment it gets, secrets masked'},
		...variables.map(([name, value]): ScriptLine => ({kind: 'variable', text: cleanText(`${name}=${value}`)})),
	];
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
