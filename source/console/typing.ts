import {startOfList} from './components/cursor.ts';
import {namesToType, type Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {goToHit} from './screens/searching.ts';
import {settled} from './settling.ts';
import type {View} from './view.ts';

/**
The view with a text typed or its last character taken back, wherever it is that one types.
*/
export function typed(view: View, intent: Extract<Intent, {readonly type: 'type' | 'erase'}>, facts: Facts): View {
	const {screen} = view;
	const edited = (text: string): string => intent.type === 'type' ? (text + intent.text).slice(0, 200) : [...text].slice(0, -1).join('');
	if (screen.at === 'filter') {
		return settled({...view, filter: edited(view.filter)}, facts);
	}

	if (screen.at === 'search') {
		const find = edited(view.find);
		return {...view, find, screen: {...screen, under: goToHit(screen.from, find, 1, facts, true)}};
	}

	if (screen.at === 'palette') {
		return settled({
			...view, screen: {
				...screen, text: edited(screen.text), cursor: startOfList, option: undefined,
			},
		}, facts);
	}

	if (screen.at !== 'confirm' || screen.question.about !== 'delete') {
		return view;
	}

	const open = namesToType(screen.question.names, screen.typed, facts.lists);
	if (open.length === 0) {
		return view;
	}

	const text = edited(screen.text);
	const name = open.find(one => one === text.trim());
	return {...view, screen: name === undefined ? {...screen, text} : {...screen, text: '', typed: new Set([...screen.typed, name])}};
}
