import type {Mode} from '../scaler/controller.ts';
import type {ServerName} from '../model/server-name.ts';
import type {
	LoadedScripts, Message, Pane, Question,
} from './view.ts';

/**
What a key means: not which key it was.
*/
export type Intent =
	| {readonly type: 'move'; readonly by: number}
	| {readonly type: 'page'; readonly by: 1 | -1}
	| {readonly type: 'jump'; readonly to: 'first' | 'last'}
	| {readonly type: 'turn'; readonly by: 1 | -1}
	| {readonly type: 'goToPane'; readonly pane: Pane}
	| {readonly type: 'select'; readonly pane: Pane; readonly id: string}
	| {readonly type: 'openDetail'; readonly pane: Pane; readonly id: string}
	| {readonly type: 'openZombies'}
	| {readonly type: 'openScripts'}
	| {readonly type: 'openLog'; readonly about: string | undefined}
	| {readonly type: 'openHelp'}
	| {readonly type: 'openPalette'}
	| {readonly type: 'back'}
	| {readonly type: 'mark'; readonly name: ServerName}
	| {readonly type: 'markAll'}
	| {readonly type: 'filter'}
	| {readonly type: 'search'}
	| {readonly type: 'found'; readonly by: 1 | -1}
	| {readonly type: 'compare'}
	| {readonly type: 'sort'}
	| {readonly type: 'showForeign'}
	| {readonly type: 'level'}
	| {readonly type: 'hide'; readonly about: readonly string[]}
	| {readonly type: 'ask'; readonly question: Question}
	| {readonly type: 'answer'}
	| {readonly type: 'type'; readonly text: string}
	| {readonly type: 'erase'}
	| {readonly type: 'settle'}
	| {readonly type: 'say'; readonly message: Message | undefined}
	| {readonly type: 'work'; readonly words: string | undefined}
	| ({readonly type: 'scriptsLoaded'} & LoadedScripts)
	| {readonly type: 'scriptsFailed'; readonly reason: string}
	| {readonly type: 'act'; readonly effect: Effect};

/**
What the console asks of the world outside itself.
*/
export type Effect =
	| {readonly do: 'setMode'; readonly mode: Mode}
	| {readonly do: 'readNow'}
	| {readonly do: 'delete'; readonly names: readonly ServerName[]; readonly typed: ReadonlySet<ServerName>}
	| {readonly do: 'keep'; readonly name: ServerName; readonly seconds: number}
	| {readonly do: 'loadScripts'}
	| {readonly do: 'copy'; readonly text: string}
	| {readonly do: 'shell'; readonly name: ServerName}
	| {readonly do: 'background'}
	| {readonly do: 'quit'};
