import type {Action, Effect} from '../actions/action.ts';
import {actionOf} from '../actions/disabled.ts';
import {rowFor} from '../actions/keymap.ts';
import type {Press} from '../input/key-names.ts';
import type {MouseEvent} from '../input/mouse.ts';
import {listsOf, type Lists} from '../panes/lists.ts';
import {openQuestion} from '../screens/confirm/state.ts';
import {screenOf} from '../screens/registry.ts';
import type {Context, Frame} from './context.ts';
import type {EngineMoment} from './engine-feed.ts';
import {isSameGeometry, partsAt, type Geometry} from './geometry.ts';
import {healthOf} from './health.ts';
import {noticesOf, type Notice} from './notices.ts';
import {reconcile, reduce} from './reduce.ts';
import {initialUi, type UiState} from './ui-state.ts';
import {makeValue, type Value} from './value.ts';

export type Size = {readonly columns: number; readonly rows: number};

export type StoreOptions = Pick<Context, 'isReadOnly' | 'canShell' | 'options' | 'attentionSeconds'> & {
	readonly moment: Value<EngineMoment>;
	readonly size: Size;
	/**
	The machine's clock in milliseconds.
	*/
	readonly clockNow: () => number;
	readonly perform: (effect: Effect) => void;
	/**
	The key whose word stands in that column of the footer.
	*/
	readonly keyAt: (frame: Frame, column: number) => string | undefined;
	/**
	Gets what was thrown while a frame was made.
	*/
	readonly onCrash: (error: unknown) => void;
};

export type Store = {
	readonly frame: Pick<Value<Frame>, 'get' | 'subscribe'>;
	readonly dispatch: (action: Action) => void;
	readonly press: (press: Press) => void;
	readonly mouse: (event: MouseEvent) => void;
	readonly resize: (size: Size) => void;
	readonly layOut: (geometry: Geometry) => boolean;
	/**
	The terminal is the console's again, after another program had it.
	*/
	readonly resumed: () => void;
	readonly stop: () => void;
};

// How long a word to the person stays in the footer, when no key is pressed before.
const messageMilliseconds = 6000;
// Keys that were meant for the program in front arrive so late after it has ended.
const deafMilliseconds = 300;
// Who has not pressed a key for so long looks at the top again, where the most urgent rows are.
const idleMilliseconds = 60_000;
const doubleClickMilliseconds = 400;
// Two changes of mode so close to each other are perhaps one finger too many.
const twiceMilliseconds = 1000;
const wheelRows = 3;

/**
The console's one loop: a press is a key's name, the keymap makes an action of
it or says why it is disabled, the reducer the next state, and effects go out.
What effects and the engine bring back comes in again by `dispatch`.
*/
export function createStore({moment, size: firstSize, clockNow, perform, keyAt, onCrash, ...fixed}: StoreOptions): Store {
	let size = firstSize;
	let geometry: Geometry = new Map();
	const lists = memoized((engine: EngineMoment['engine'], query: string, orders: UiState['orders'], isForeignShown: boolean) => listsOf(engine, {query, orders, isForeignShown}));
	const notices = memoized((at: EngineMoment, rows: Lists): readonly Notice[] => noticesOf(at, rows, fixed.attentionSeconds));

	const contextOf = (ui: UiState): Context => {
		const at = moment.get();
		const {engine, attachment, now} = at;
		const rows = lists(engine, ui.query, ui.orders, ui.isForeignShown);
		const health = healthOf(at);
		return {
			engine, attachment, now, health, rowsNow: health.is === 'blind' ? health.at : now, lists: rows, geometry, ...size, ...fixed,
			isReadOnly: fixed.isReadOnly || engine.policy.isReadOnly,
			notices: notices(at, rows).filter(({about}) => about.some(one => !ui.hidden.has(one))),
		};
	};

	const frameOf = (ui: UiState): Frame => {
		const context = contextOf(ui);
		return {ui: reconcile(ui, context), context};
	};

	const frame = makeValue(frameOf(initialUi));
	const show = (ui: UiState): void => {
		try {
			frame.set(frameOf(ui));
		} catch (error) {
			onCrash(error);
		}
	};

	let messageUntil = Infinity;
	let deafUntil = -Infinity;
	let pressedAt = clockNow();
	let modeAt = -Infinity;
	let click: {readonly at: number; readonly column: number; readonly row: number} | undefined;

	const dispatch = (action: Action): void => {
		if (action.type === 'press') {
			press({name: action.key, text: undefined});
			return;
		}

		if (action.type === 'message') {
			// A link stays until a key.
			messageUntil = action.message === undefined || action.message.href !== undefined ? Infinity : clockNow() + messageMilliseconds;
		}

		const {ui, context} = frame.get();
		const change = reduce(ui, twiceAsked(action, ui), context);
		if (change.ui !== ui) {
			show(change.ui);
		}

		for (const effect of change.effects) {
			modeAt = effect.do === 'setMode' ? clockNow() : modeAt;
			perform(effect);
		}
	};

	const twiceAsked = (action: Action, ui: UiState): Action => action.type === 'do' && action.effect.do === 'setMode' && action.effect.mode !== 'scaling' && clockNow() - modeAt < twiceMilliseconds
		? {type: 'open', screen: openQuestion({about: 'mode', mode: action.effect.mode}, ui.screen)}
		: action;

	const press = (pressed: Press): void => {
		if (clockNow() < deafUntil) {
			return;
		}

		pressedAt = clockNow();
		const before = frame.get();
		const row = rowFor(pressed.name, before.ui, before.context.isReadOnly);
		if (before.ui.message !== undefined) {
			dispatch({type: 'message', message: undefined});
		}

		const {ui, context} = frame.get();
		if (row === undefined) {
			if (pressed.text !== undefined) {
				dispatch({type: 'type', text: pressed.text});
			}

			return;
		}

		const action = actionOf(row, ui, context);
		dispatch('disabled' in action ? {type: 'message', message: {text: action.disabled, role: 'waiting'}} : action);
	};

	const mouse = (event: MouseEvent): void => {
		pressedAt = clockNow();
		const isDouble = event.did === 'click' && click?.column === event.column && click.row === event.row && clockNow() - click.at < doubleClickMilliseconds;
		click = event.did === 'click' && !isDouble ? {at: clockNow(), column: event.column, row: event.row} : undefined;
		const parts = partsAt(geometry, event.column, event.row);
		for (const place of parts) {
			const {ui, context} = frame.get();
			const key = place.name === 'footer' ? keyAt({ui, context}, place.column) : undefined;
			const action: Action | undefined = key === undefined ? screenOf(ui.screen).rowAt(ui.screen, place, {ui, context}) : {type: 'press', key};
			if (action === undefined) {
				continue;
			}

			if (event.did === 'click' || action.type === 'goToPane') {
				dispatch(action);
			}

			if (isDouble && action.type !== 'press') {
				press({name: 'enter', text: undefined});
			}

			if (event.did === 'click') {
				return;
			}

			break;
		}

		if (event.did !== 'click') {
			dispatch({type: 'move', by: event.did === 'wheelUp' ? -wheelRows : wheelRows});
		}
	};

	const tick = (): void => {
		const {ui} = frame.get();
		if (clockNow() >= messageUntil) {
			messageUntil = Infinity;
			show({...ui, message: undefined});
		} else if (clockNow() - pressedAt >= idleMilliseconds && ui.screen.at === 'dashboard' && ui.screen.typing === undefined) {
			pressedAt = clockNow();
			show({...ui, cursors: {}, isFollowing: true});
		} else {
			show(ui);
		}
	};

	const stop = moment.subscribe(tick);
	return {
		frame,
		dispatch,
		press,
		mouse,
		resize(next) {
			size = next;
			show(frame.get().ui);
		},
		layOut(next) {
			if (isSameGeometry(next, geometry)) {
				return false;
			}

			geometry = next;
			show(frame.get().ui);
			return true;
		},
		resumed() {
			deafUntil = clockNow() + deafMilliseconds;
		},
		stop,
	};
}

// The last answer, as long as it is asked for the same.
function memoized<Given extends readonly unknown[], Answer>(answer: (...given: Given) => Answer): (...given: Given) => Answer {
	let last: {readonly given: Given; readonly answer: Answer} | undefined;
	return (...given) => {
		if (last === undefined || given.some((one, at) => one !== last?.given[at])) {
			last = {given, answer: answer(...given)};
		}

		return last.answer;
	};
}
