// Draws README's pictures from the built program in a real terminal: `npm run pictures`, after `npm run build`.
import {statSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {
	isWhole, openProgram, type PtyProgram, type Screen,
} from '../test/support/pty.ts';
import {badNight} from './bad-night.ts';
import {
	recordingOf, rowsOf, svgOf, type Moment,
} from './svg.ts';

const mostBytes = 150_000;
const mostBytesOfRecording = 700_000;
const escape = '\u{1B}';

function draw(demo: PtyProgram, name: string, svg = svgOf(demo.view), most = mostBytes): void {
	const file = new URL(`${name}.svg`, import.meta.url);
	writeFileSync(file, svg);
	const {size} = statSync(file);
	if (size > most) {
		throw new Error(`${name}.svg has ${size} bytes; ${most} are the most`);
	}

	process.stdout.write(`${name}.svg ${size} bytes\n`);
}

const has = (...patterns: readonly RegExp[]) => (screen: Screen): boolean => isWhole(screen) && patterns.every(pattern => pattern.test(screen.text));
const firstScreen = has(/\[Jobs\]/v, /Activity/v);

const demo = openProgram(['demo', '--jobs', '40', '--speed', '10', '--seed', '7'], {columns: 120, rows: 36});
try {
	await demo.until('the console', screen => demo.view.modes.bracketedPasteMode && firstScreen(screen));
	// Running, coming and waiting at once: the picture that says most.
	await demo.until('a busy morning', has(/Servers \d+ · [3-9]\d* busy/v, /◐/v, /waits .* p50/v, /started on/v, /◔|◑/v));
	draw(demo, 'first-screen');

	demo.type('s');
	await demo.until('the scripts', has(/^┌ Scripts/v));
	demo.type('\t');
	await demo.until('the startup script', has(/\[startup x64\]/v, / 1 #!\/bin\/bash/v));
	draw(demo, 'scripts');
	demo.type(escape);
	await demo.until('the first screen', firstScreen);

	demo.type('2');
	await demo.until('the servers', has(/\[Servers\]/v));
	demo.type('g\r');
	await demo.until('a running job\'s details', has(/^ *│ +running +\d/mv));
	draw(demo, 'details');
	demo.type(escape);
	await demo.until('the first screen', has(/\[Servers\]/v));

	demo.type('P'); // Otherwise they would be deleted while they are drawn.
	await demo.until('the freeze', has(/FROZEN/v));
	demo.type('z');
	await demo.until('two zombies', has(/^┌ Zombies [2-9]/v, /gh-actions-runner-/v));
	demo.type(' ');
	await demo.until('a marked one', has(/\[[^ \]]\] /v));
	draw(demo, 'zombies');
} finally {
	await demo.kill();
}

// A busy minute, by an operator who looks around. Seconds from its beginning, and keys.
const keys: ReadonlyArray<readonly [number, string]> = [
	[4, 'j'],
	[6, 'j'],
	[8, '\r'],
	[14, escape],
	[16, '2'],
	[18, 'j'],
	[20, '\r'],
	[26, escape],
	[28, 'z'],
	[32, escape],
	[34, 's'],
	[36, '\t'],
	[40, escape],
	[42, 'l'],
	[48, escape],
	[50, '1'],
	[52, 'p'],
	[56, 'p'],
];
const minute = openProgram(['demo', '--jobs', '60', '--speed', '10', '--seed', '7', '--no-bell'], {columns: 120, rows: 36});
try {
	await minute.until('a busy morning', has(/Servers \d+ · [2-9]\d* busy/v));
	const moments: Moment[] = [];
	for (let at = 0; at < 60; at += 2) {
		for (const [when, key] of keys) {
			if (when === at) {
				minute.type(key);
			}
		}

		await pause(2000);
		if (isWhole(minute.screen())) {
			moments.push({at, rows: rowsOf(minute.view)});
		}
	}

	draw(minute, 'busy-minute', recordingOf(minute.view, moments, 60), mostBytesOfRecording);
} finally {
	await minute.kill();
}

const night = await badNight({
	onApisHang(console) {
		draw(console, 'apis-hang');
	},
	onEngineGone(console) {
		draw(console, 'engine-gone');
	},
});
draw(night.console, 'bad-night', recordingOf(night.console.view, night.moments, night.seconds), mostBytesOfRecording);
await night.end();
