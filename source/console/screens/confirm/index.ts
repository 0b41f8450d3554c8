import {namesToType, type Context} from '../../state/context.ts';
import {edited} from '../../state/reduce.ts';
import type {UiState} from '../../state/ui-state.ts';
import type {Change, ScreenModule} from '../screen.ts';
import type {ConfirmState} from './state.ts';
import {answersAt, Confirm, dialogWidth} from './view.tsx';
import {questionWords} from './words.ts';

/**
A question before something happens.
*/
export const confirm: ScreenModule<ConfirmState> = {
	name: 'Questions',
	View: Confirm,
	title: (state, context) => `${questionWords(state, context, 200).title}?`,
	pageRows: () => 1,
	typing: () => 'confirm',
	over: ({under}) => under,
	back: ({under}) => under,
	server: ({question}) => question.about === 'delete' ? question.names[0] : undefined,
	keys: [
		{
			press: 'tab right left shift-tab', where: ['confirm'], title: 'the other answer', footer: 'other answer', rank: 0, does: 'view', action: () => ({type: 'turn', by: 1}),
		},
	],
	reduce(state, action, {ui, context}) {
		// eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- What is not for it changes nothing.
		switch (action.type) {
			case 'turn': {
				return {...ui, screen: {...state, focus: state.focus === 'cancel' ? 'go' : 'cancel'}};
			}

			case 'type':
			case 'erase': {
				return typed(state, action, ui, context);
			}

			case 'answer': {
				return answer(state, ui, context);
			}

			default: {
				return ui;
			}
		}
	},
	rowAt(state, {name, column}, {context}) {
		if (name !== 'answers') {
			return undefined;
		}

		const width = dialogWidth(context.columns);
		const {cancel, go} = questionWords(state, context, width - 4);
		const at = answersAt(width, cancel, go);
		const isOn = (from: number, text: string): boolean => column > from && column <= from + text.length + 3;
		if (isOn(at.cancel, cancel)) {
			return {type: 'back'};
		}

		return isOn(at.go, go) ? (state.focus === 'go' ? {type: 'answer'} : {type: 'turn', by: 1}) : undefined;
	},
	describe(state, {context}, before) {
		const {lines, cancel, go} = questionWords(state, context, 200);
		const open = state.question.about === 'delete' ? namesToType(state.question.names, state.typed, context.lists) : [];
		return [
			...(before === undefined ? lines.map(line => line.map(({text}) => text).join('').trim()) : []),
			...(open.length === 0 ? [] : [`${open.length} busy: type the name to delete it all the same. Typed: ${state.text}.`]),
			`${state.focus === 'cancel' ? cancel : go} has the focus; Tab for the other answer, Enter confirms.`,
		];
	},
};

function typed(state: ConfirmState, action: Parameters<typeof edited>[1], ui: UiState, context: Context): UiState {
	const open = state.question.about === 'delete' ? namesToType(state.question.names, state.typed, context.lists) : [];
	if (open.length === 0) {
		return ui;
	}

	const text = edited(state.text, action);
	const name = open.find(one => one === text.trim());
	return {...ui, screen: name === undefined ? {...state, text} : {...state, text: '', typed: new Set([...state.typed, name])}};
}

function answer(state: ConfirmState, ui: UiState, context: Context): Change {
	const {question, under} = state;
	const back: UiState = {...ui, screen: under};
	if (state.focus === 'cancel') {
		return {ui: back, effects: []};
	}

	switch (question.about) {
		case 'quit': {
			return {ui: back, effects: [{do: 'quit'}]};
		}

		case 'mode': {
			return {ui: back, effects: [{do: 'setMode', mode: question.mode}]};
		}

		case 'delete': {
			const untyped = new Set(namesToType(question.names, state.typed, context.lists));
			const names = question.names.filter(name => !untyped.has(name));
			if (names.length === 0) {
				return {ui: {...ui, message: {text: 'a busy server is deleted only when its name is typed', role: 'waiting'}}, effects: []};
			}

			const screen = under.at === 'zombies' ? {...under, marked: new Set<never>(), asked: [...new Set([...under.asked, ...names])]} : under;
			return {ui: {...back, screen, marked: new Set()}, effects: [{do: 'delete', names, typed: state.typed}]};
		}
	}
}
