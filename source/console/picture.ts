import type {Dialog} from './components/dialog.ts';
import {toAscii} from './components/text.ts';
import type {Facts} from './facts.ts';
import {drawFirstScreen} from './first-screen.ts';
import {footerSpans} from './footer.ts';
import {smallestColumns, smallestRows} from './layout.ts';
import {drawConfirm} from './screens/confirm/confirm.ts';
import {drawDetail} from './screens/detail/detail.ts';
import {drawHelp} from './screens/help/help.ts';
import {drawLog} from './screens/log/log.ts';
import {drawPalette} from './screens/palette/palette.ts';
import {drawScripts} from './screens/scripts/scripts.ts';
import {drawZombies} from './screens/zombies/zombies.ts';
import type {Theme} from './theme.ts';
import type {Screen, View} from './view.ts';

/**
All that one moment shows.
*/
export type Scene = {readonly view: View; readonly facts: Facts};

/**
The screen's lines, painted, from top to bottom, and what lies over them.
*/
export type Picture = {readonly lines: readonly string[]; readonly dialogs: readonly Dialog[]};

/**
Where lines are on a terminal of that size: all that Ink is told, see marks.ts.
*/
export type Shape = {
	readonly columns: number;
	readonly rows: number;
	readonly lines: number;
	readonly dialogs: ReadonlyArray<{readonly top: number; readonly left: number; readonly width: number; readonly height: number}>;
};

/**
The shape of a picture on a terminal of that size.
*/
export function shapeOf({lines, dialogs}: Picture, {columns, rows}: Pick<Facts, 'columns' | 'rows'>): Shape {
	return {
		columns, rows, lines: lines.length, dialogs: dialogs.map(({lines: {length}, ...place}) => ({...place, height: length})),
	};
}

/**
What a scene looks like.
*/
export function pictureOf(theme: Theme, scene: Scene): Picture {
	const {lines, dialogs} = draw(theme, scene.view.screen, scene);
	return theme.isUnicode
		? {lines, dialogs}
		: {lines: lines.map(line => toAscii(line)), dialogs: dialogs.map(dialog => ({...dialog, lines: dialog.lines.map(line => toAscii(line))}))};
}

function draw(theme: Theme, screen: Screen, scene: Scene): Picture {
	const {view, facts} = scene;
	const {columns, rows, isReadOnly, lists} = facts;
	if (facts.layout.kind === 'tooSmall') {
		return whole([`${columns}x${rows} is too small: ${smallestColumns}x${smallestRows} at least.`.slice(0, columns)]);
	}

	const footer = () => footerSpans(theme, {...view, screen}, isReadOnly, lists.counts, columns - 4);
	switch (screen.at) {
		case 'panes':
		case 'filter': {
			return whole(drawFirstScreen({theme, view, facts}));
		}

		case 'detail': {
			return whole(drawDetail({
				theme, screen, facts, footer: footer(),
			}));
		}

		case 'zombies': {
			return whole(drawZombies({
				theme, state: screen.state, facts, footer: footer(),
			}));
		}

		case 'scripts': {
			return whole(drawScripts({
				theme, screen, find: view.find, facts, footer: footer(),
			}));
		}

		case 'log': {
			return whole(drawLog({
				theme, screen, find: view.find, facts, footer: footer(),
			}));
		}

		case 'help': {
			return whole(drawHelp({
				theme, top: screen.top, columns, rows, isReadOnly, footer: footer(),
			}));
		}

		case 'search': {
			const searched = {
				theme, find: view.find, facts, footer: footer(),
			};
			return whole(screen.under.at === 'scripts' ? drawScripts({...searched, screen: screen.under}) : drawLog({...searched, screen: screen.under}));
		}

		case 'palette': {
			return over(draw(theme, screen.under, scene), drawPalette({theme, screen, facts}));
		}

		case 'confirm': {
			return over(draw(theme, screen.under, scene), drawConfirm({theme, screen, facts}));
		}
	}
}

function whole(lines: readonly string[]): Picture {
	return {lines, dialogs: []};
}

function over({lines, dialogs}: Picture, dialog: Dialog): Picture {
	return {lines, dialogs: [...dialogs, dialog]};
}
