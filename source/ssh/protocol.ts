/**
A line from a server, as host-scripts/README.md describes them; `other` is none of ours (a login's greeting, a restricted shell).
*/
export type ProtocolLine =
	| {readonly line: 'answered'; readonly isResumed: boolean; readonly epochSeconds: number; readonly hostKey: string | undefined}
	| {readonly line: 'step'; readonly script: 'setup' | 'startup'}
	| {readonly line: 'text'; readonly text: string}
	| {readonly line: 'ended'; readonly script: 'setup' | 'startup'; readonly exitCode: number; readonly epochSeconds: number}
	| {readonly line: 'other'; readonly text: string};

/**
What has arrived of a line that is not whole yet. Characters beyond the limit are dropped, so it never grows past it.
*/
export type Pending = string;

const maxLineLength = 8192;

/**
Whole lines out of a chunk of text, and what is left for the next. Lines are cut at 8192 characters.
*/
export function splitLines(pending: Pending, chunk: string): {readonly lines: readonly string[]; readonly pending: Pending} {
	const parts = chunk.split('\n');
	const last = parts.pop() ?? '';
	const [first, ...others] = parts;
	return first === undefined
		? {lines: [], pending: cut(pending + last)}
		: {lines: [cut(pending + first), ...others.map(line => cut(line))], pending: cut(last)};
}

/**
What a line says.
*/
export function parseLine(line: string): ProtocolLine {
	if (line.startsWith('| ') || line === '|') {
		return {line: 'text', text: line.slice(2)};
	}

	const answered = /^@answered (?<how>fresh|resumed) (?<epoch>\d{1,15})(?: (?<key>[\-0-9a-z]{5,40} [+\/0-9A-Za-z]{40,1000}={0,2}))?$/v.exec(line)?.groups;
	if (answered !== undefined) {
		return {
			line: 'answered', isResumed: answered.how === 'resumed', epochSeconds: Number(answered.epoch), hostKey: answered.key,
		};
	}

	const step = /^@step (?<script>setup|startup)$/v.exec(line)?.groups;
	if (step !== undefined) {
		return {line: 'step', script: scriptOf(step.script)};
	}

	const ended = /^@ended (?<script>setup|startup) (?<code>\d{1,3}) (?<epoch>\d{1,15})$/v.exec(line)?.groups;
	return ended === undefined
		? {line: 'other', text: line}
		: {
			line: 'ended', script: scriptOf(ended.script), exitCode: Number(ended.code), epochSeconds: Number(ended.epoch),
		};
}

/**
Whether a line is one that the server counts: a later session asks for those after the ones received.
*/
export function isCounted(line: string): boolean {
	return /^[@\|]/v.test(line) && !line.startsWith('@answered');
}

function cut(line: string): string {
	return line.length > maxLineLength ? line.slice(0, maxLineLength) : line;
}

function scriptOf(name: string | undefined): 'setup' | 'startup' {
	return name === 'setup' ? 'setup' : 'startup';
}
