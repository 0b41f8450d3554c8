// Draws README's pictures from the built program in a real terminal: `npm run pictures`, after `npm run build`.
import {statSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {
	isWhole, openProgram, type PtyProgram, type Screen,
} from '../test/support/pty.ts';
import {svgOf} from './svg.ts';

const mostBytes = 150_000;
const escape = '\u{1B}';

function draw(demo: PtyProgram, name: string): void {
	const file = new URL(`${name}.svg`, import.meta.url);
	writeFileSync(file, svgOf(demo.view));
	const {size} = statSync(file);
	if (size > mostBytes) {
		throw new Error(`${name}.svg has ${size} bytes; ${mostBytes} are the most`);
	}

	process.stdout.write(`${name}.svg ${size} bytes\n`);
}

const has = (...patterns: readonly RegExp[]) => (screen: Screen): boolean => isWhole(screen) && patterns.every(pattern => pattern.test(screen.text));
const firstScreen = has(/\[Jobs\]/v, /Activity/v);

const demo = openProgram(['demo', '--jobs', '40', '--speed', '10', '--seed', '7'], {columns: 120, rows: 36});
try {
	await demo.until('the console', screen => demo.view.modes.bracketedPasteMode && firstScreen(screen));
	// Running, coming and waiting at once: the picture that says most.
	await demo.until('a busy morning', has(/Servers \d+ · [3-9]\d* busy/v, /◐/v, /waits p50/v, /started on/v, /◔|◑/v));
	draw(demo, 'first-screen');

	demo.type('s');
	await demo.until('the scripts', has(/^┌ Scripts/v));
	demo.type('\t');
	await demo.until('the startup script', has(/\[startup x64\]/v));
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
