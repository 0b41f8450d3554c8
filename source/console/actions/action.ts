import type {ServerName} from '../../model/server-name.ts';
import type {Mode} from '../../scaler/controller.ts';
import type {PaneName} from '../panes/registry.ts';
import type {ScreenState} from '../screens/registry.ts';
import type {HandedScripts, ScriptsLoad} from '../screens/scripts/state.ts';
import type {Message} from '../state/ui-state.ts';

/**
What a key, a click or an effect's result means: not which key it was.
*/
export type Action =
	/** To the screen in front, which decides what they do there. */
	| {readonly type: 'move'; readonly by: number}
	| {readonly type: 'page'; readonly by: 1 | -1}
	| {readonly type: 'jump'; readonly to: 'first' | 'last'}
	| {readonly type: 'turn'; readonly by: 1 | -1}
	| {readonly type: 'type'; readonly text: string}
	| {readonly type: 'erase'}
	| {readonly type: 'answer'}
	/** Puts a screen in front, or the one in front into another state. */
	| {readonly type: 'open'; readonly screen: ScreenState; readonly effect?: Effect}
	| {readonly type: 'back'}
	/** On the first screen. */
	| {readonly type: 'goToPane'; readonly pane: PaneName}
	| {readonly type: 'select'; readonly pane: PaneName; readonly id: string}
	| {readonly type: 'returnToTop'}
	| {readonly type: 'mark'; readonly name: ServerName}
	| {readonly type: 'sort'}
	| {readonly type: 'showForeign'}
	| {readonly type: 'hide'; readonly about: readonly string[]}
	/** Presses a key, as a click on its word in the footer does. */
	| {readonly type: 'press'; readonly key: string}
	/** What effects bring back. */
	| {readonly type: 'message'; readonly message: Message | undefined}
	| {readonly type: 'work'; readonly text: string | undefined}
	| {readonly type: 'scriptsLoaded'; readonly load: ScriptsLoad}
	/** Brings selections and marks up to date with the rows. */
	| {readonly type: 'reconcile'}
	| {readonly type: 'do'; readonly effect: Effect};

/**
What the console asks of the world outside itself.
*/
export type Effect =
	| {readonly do: 'setMode'; readonly mode: Mode}
	| {readonly do: 'readNow'}
	| {readonly do: 'delete'; readonly names: readonly ServerName[]; readonly typed: ReadonlySet<ServerName>}
	| {readonly do: 'keep'; readonly name: ServerName; readonly seconds: number}
	| {readonly do: 'changeMaxRunners'; readonly by: 1 | -1}
	| {readonly do: 'drainServer'; readonly name: ServerName; readonly isDraining: boolean}
	/** Those in force, or those that a server was handed. */
	| {readonly do: 'loadScripts'; readonly handed?: HandedScripts}
	| {readonly do: 'copy'; readonly text: string}
	| {readonly do: 'shell'; readonly name: ServerName}
	| {readonly do: 'suspend'}
	| {readonly do: 'quit'};
