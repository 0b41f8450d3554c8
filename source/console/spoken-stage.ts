import type {Scene} from './picture.ts';
import {sentencesOf} from './spoken/sentences.ts';
import type {Stage, StageProps} from './stage.ts';

/**
Says on the ordinary screen what changes, for a screen reader: nothing is drawn twice, moved or taken back.
*/
export async function spokenStage({scenes, ...terminal}: StageProps): Promise<Stage> {
	const {stdout} = terminal;
	const {openSilent} = await import('./app.tsx');
	const app = openSilent(terminal);
	let said: Scene | undefined;
	let isAside = false;
	const say = (): void => {
		const scene = scenes.store.get();
		const sentences = sentencesOf(said, scene);
		said = scene;
		if (sentences.length > 0 && !isAside) {
			stdout.write(`${sentences.join('\r\n')}\r\n`);
		}
	};

	const onResize = (): void => {
		scenes.setSize({columns: stdout.columns, rows: stdout.rows});
	};

	stdout.on('resize', onResize);
	const hush = scenes.store.subscribe(say);
	say();
	return {
		...app,
		setAside(is) {
			isAside = is;
		},
		stop() {
			stdout.removeListener('resize', onResize);
			hush();
		},
	};
}
