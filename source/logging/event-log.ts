import pino from 'pino';
import {cleanJson, cleanText} from '../model/clean-text.ts';
import {
	eventLevel,
	describeEvent,
	type EngineEvent,
	type EventLevel,
} from '../model/event.ts';
import type {Instant} from '../model/time.ts';
import {hideTokenShapes} from '../model/token-shapes.ts';

export type LogFormat = 'text' | 'json';

/**
Writes events somewhere, one line each: without control characters and without the secrets it was told of.
*/
export type Log = {readonly event: (event: EngineEvent, at: Instant) => void};

const pinoLevels = {
	info: 'info', good: 'info', warning: 'warn', error: 'error',
} as const satisfies Record<EventLevel, string>;
const signs = {
	info: ' ', good: '+', warning: '!', error: 'x',
} as const satisfies Record<EventLevel, string>;

/**
A log on `write`, which gets whole lines. `least` leaves out what is quieter.
*/
export function createLog(options: {readonly format: LogFormat; readonly least: 'info' | 'warn' | 'error'; readonly write: (line: string) => void; readonly secrets: readonly string[]}): Log {
	const order = ['info', 'warn', 'error'];
	const write = (line: string) => {
		const text = hideSecrets(line.trimEnd(), options.secrets);
		options.write(`${options.format === 'json' ? cleanJson(text) : cleanText(text)}\n`);
	};

	const json = pino({level: options.least, base: null, timestamp: false}, {write});
	return {
		event(event, at) {
			const level = eventLevel(event);
			const words = describeEvent(event);
			if (options.format === 'json') {
				json[pinoLevels[level]]({time: new Date(at).toISOString(), ...event}, words);
			} else if (order.indexOf(pinoLevels[level]) >= order.indexOf(options.least)) {
				write(`${localTime(at)} ${signs[level]} ${words}\n`);
			}
		},
	};
}

/**
The text with every secret replaced, wherever it stands, and what looks like a token of GitHub's.
*/
export function hideSecrets(text: string, secrets: readonly string[]): string {
	return hideTokenShapes(secrets.reduce((line, secret) => secret.length < 4 ? line : line.replaceAll(secret, '********'), text));
}

function localTime(at: Instant): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
