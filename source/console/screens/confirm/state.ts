import type {ServerName} from '../../../model/server-name.ts';
import type {Mode} from '../../../scaler/controller.ts';
import type {ScreenState} from '../registry.ts';

/**
What a person is asked before something happens. Of quitting: how many servers
there are, undefined when nobody knows; `known`: those of the last list.
*/
export type Question =
	| {readonly about: 'delete'; readonly names: readonly ServerName[]}
	| {readonly about: 'mode'; readonly mode: Mode}
	| {readonly about: 'quit'; readonly servers: number | undefined; readonly known: number};

/**
A question over a screen; `typed`: names of busy servers that were typed in full.
*/
export type ConfirmState = {
	readonly at: 'confirm'; readonly question: Question; readonly focus: 'cancel' | 'go';
	readonly text: string; readonly typed: ReadonlySet<ServerName>; readonly under: Exclude<ScreenState, {readonly at: 'confirm'}>;
};

/**
The question, with the focus on the answer that changes nothing.
*/
export function openQuestion(question: Question, under: ScreenState): ConfirmState {
	return {
		at: 'confirm', question, focus: 'cancel', text: '', typed: new Set(), under: under.at === 'confirm' ? under.under : under,
	};
}
