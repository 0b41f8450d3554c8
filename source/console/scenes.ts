import type {Scene} from './picture.ts';
import type {World} from './feed.ts';
import type {Facts} from './facts.ts';
import {layoutOf} from './layout.ts';
import {noticesOf, type Notice} from './notices.ts';
import {listsOf} from './panes/lists.ts';
import type {Lists} from './panes/rows.ts';
import {step} from './step.ts';
import {makeStore, type Store} from './store.ts';
import {firstView, type View} from './view.ts';

export type Size = {readonly columns: number; readonly rows: number};

type Fixed = Pick<Facts, 'isReadOnly' | 'canShell' | 'options' | 'attentionSeconds'>;

/**
Puts world, view and size together to what the next frame shows. Rows are sorted again only when engine, filter or order changed.
*/
export type Scenes = {
	readonly store: Store<Scene>;
	readonly setView: (view: View) => void;
	readonly setSize: (size: Size) => void;
	readonly stop: () => void;
};

/**
The scenes of a console that follows that world.
*/
export function makeScenes(world: Store<World>, firstSize: Size, fixed: Fixed): Scenes {
	let size = firstSize;
	let lists = listsOf(world.get().engine, firstView);
	let from: readonly unknown[] = [];

	const listsNow = (view: View): Lists => {
		const {engine} = world.get();
		const inputs = [engine, view.filter, view.sorts, view.isForeignShown];
		if (inputs.some((input, at) => input !== from[at])) {
			from = inputs;
			lists = listsOf(engine, view);
		}

		return lists;
	};

	let noticed: {readonly by: World; readonly lists: Lists; readonly notices: readonly Notice[]} | undefined;
	const noticesNow = (by: World, rows: Lists): readonly Notice[] => {
		if (noticed?.by !== by || noticed.lists !== rows) {
			noticed = {by, lists: rows, notices: noticesOf(by, rows, fixed.attentionSeconds)};
		}

		return noticed.notices;
	};

	const sceneOf = (view: View): Scene => {
		const {engine, attachment, now} = world.get();
		const rowsNow = listsNow(view);
		const notices = noticesNow(world.get(), rowsNow).filter(({about}) => about.some(one => !view.hidden.has(one)));
		const facts: Facts = {
			engine, attachment, now, lists: rowsNow, notices, layout: layoutOf(size.columns, size.rows, notices.length > 0 ? 1 : 0), ...size, ...fixed,
			isReadOnly: fixed.isReadOnly || engine.policy.isReadOnly,
		};
		return {facts, view: step(view, {type: 'settle'}, facts).view};
	};

	const store = makeStore(sceneOf(firstView));
	const stop = world.subscribe(() => {
		store.set(sceneOf(store.get().view));
	});
	return {
		store,
		stop,
		setView(view) {
			if (view !== store.get().view) {
				store.set(sceneOf(view));
			}
		},
		setSize(next) {
			size = next;
			store.set(sceneOf(store.get().view));
		},
	};
}
