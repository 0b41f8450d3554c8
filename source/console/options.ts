import type {Server} from '../model/server.ts';
import type {Controller, Operator} from '../scaler/controller.ts';
import type {ScriptTab} from './screens/scripts/state.ts';
import type {OptionFact} from './state/context.ts';
import type {ThemeName} from './theme/theme.ts';

/**
Whom a console asks, where it is shown, and how.
*/
export type ConsoleOptions = {
	readonly controller: Controller;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly operator: Operator;
	/**
	Without keys that act. The engine's own policy may say so too.
	*/
	readonly isReadOnly: boolean;
	readonly env: Readonly<Record<string, string | undefined>>;
	/**
	The machine's clock in milliseconds.
	*/
	readonly clockNow: () => number;
	/**
	The program and its arguments that open a shell on a server; undefined when there is no way.
	@default no shells
	*/
	readonly onShell?: (server: Server) => readonly string[] | undefined;
	/**
	@default the one for a dark background, as far as `env` allows colours
	*/
	readonly theme?: ThemeName;
	/**
	Rings once when something new needs a person.
	@default false
	*/
	readonly hasBell?: boolean;
	/**
	@default false
	*/
	readonly hasMouse?: boolean;
	/**
	Says changes as sentences in place of drawing them.
	@default false
	*/
	readonly isScreenReader?: boolean;
	/**
	A job that waits longer needs a person.
	@default 600
	*/
	readonly attentionSeconds?: number;
	/**
	The program's options, for the palette.
	@default none
	*/
	readonly options?: readonly OptionFact[];
	/**
	The texts of the built-in scripts, to compare a custom one with.
	@default unknown
	*/
	readonly builtInScripts?: () => Promise<Readonly<Record<ScriptTab, string>>>;
};
