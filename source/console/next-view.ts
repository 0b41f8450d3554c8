import type {ServerName} from '../model/server-name.ts';
import {moveTo, startOfList} from './components/cursor.ts';
import type {Facts} from './facts.ts';
import type {Intent} from './intent.ts';
import {heightOf} from './layout.ts';
import {moved, turned} from './moving.ts';
import {goToHit} from './screens/searching.ts';
import {nextZombies} from './screens/zombies/state.ts';
import {settled} from './settling.ts';
import {typed} from './typing.ts';
import {logLevels, type View} from './view.ts';

const sortable = 6;

/**
What an intent makes of the view that asks nothing of the world.
*/
export function nextView(view: View, intent: Exclude<Intent, {readonly type: 'act' | 'answer' | 'openScripts'}>, facts: Facts): View {
	switch (intent.type) {
		case 'move':
		case 'page':
		case 'jump': {
			return moved(view, intent, facts);
		}

		case 'turn': {
			return turned(view, intent.by);
		}

		case 'goToPane': {
			return {...view, pane: intent.pane};
		}

		case 'select': {
			const {pane, id} = intent;
			const cursor = moveTo(view.cursors[pane], id, facts.lists.ids[pane], heightOf(facts.layout, pane));
			return {
				...view, pane, cursors: {...view.cursors, [pane]: cursor}, isFollowing: view.isFollowing && pane !== 'activity',
			};
		}

		case 'openDetail': {
			return {
				...view, screen: {
					at: 'detail', pane: intent.pane, id: intent.id, top: 0, under: view.screen,
				},
			};
		}

		case 'openZombies': {
			return settled({...view, screen: {at: 'zombies', state: {cursor: startOfList, marked: new Set(), asked: []}}}, facts);
		}

		case 'openLog': {
			return settled({
				...view, find: '', screen: {
					at: 'log', cursor: startOfList, isFollowing: true, level: 'all', about: intent.about, under: view.screen,
				},
			}, facts);
		}

		case 'openPalette': {
			return settled({
				...view, screen: {
					at: 'palette', text: '', cursor: startOfList, option: undefined, under: view.screen,
				},
			}, facts);
		}

		case 'openHelp': {
			return {...view, screen: {at: 'help', top: 0, under: view.screen}};
		}

		case 'back': {
			return backFrom(view);
		}

		case 'mark': {
			return view.screen.at === 'zombies'
				? {...view, screen: {...view.screen, state: nextZombies(view.screen.state, intent, facts)}}
				: moved({...view, marked: toggled(view.marked, intent.name)}, {type: 'move', by: 1}, facts);
		}

		case 'markAll': {
			return view.screen.at === 'zombies' ? {...view, screen: {...view.screen, state: nextZombies(view.screen.state, intent, facts)}} : view;
		}

		case 'filter': {
			return {...view, screen: {at: 'filter', before: view.filter}};
		}

		case 'search': {
			return view.screen.at === 'scripts' || view.screen.at === 'log'
				? {
					...view, find: '', screen: {
						at: 'search', before: view.find, from: view.screen, under: view.screen,
					},
				}
				: view;
		}

		case 'found': {
			return view.screen.at === 'scripts' || view.screen.at === 'log' ? {...view, screen: goToHit(view.screen, view.find, intent.by, facts)} : view;
		}

		case 'compare': {
			return view.screen.at === 'scripts'
				? {
					...view, screen: {
						...view.screen, isCompared: !view.screen.isCompared, top: 0, hit: undefined,
					},
				}
				: view;
		}

		case 'hide': {
			return {...view, hidden: new Set([...view.hidden, ...intent.about])};
		}

		case 'sort': {
			return {...view, sorts: {...view.sorts, [view.pane]: (view.sorts[view.pane] + 1) % sortable}};
		}

		case 'showForeign': {
			return {...view, isForeignShown: !view.isForeignShown};
		}

		case 'level': {
			return view.screen.at === 'log' ? settled({...view, screen: {...view.screen, level: logLevels[(logLevels.indexOf(view.screen.level) + 1) % logLevels.length] ?? 'all'}}, facts) : view;
		}

		case 'ask': {
			return {
				...view, screen: {
					at: 'confirm', question: intent.question, focus: 'cancel', text: '', typed: new Set(), under: view.screen.at === 'confirm' ? view.screen.under : view.screen,
				},
			};
		}

		case 'type':
		case 'erase': {
			return typed(view, intent, facts);
		}

		case 'settle': {
			return settled(view, facts);
		}

		case 'say': {
			return {...view, message: intent.message};
		}

		case 'work': {
			if (intent.words === undefined && view.work === undefined) {
				return view;
			}

			const turn = view.work?.words === intent.words ? (view.work?.turn ?? 0) + 1 : 0;
			return {...view, work: intent.words === undefined ? undefined : {words: intent.words, turn}};
		}

		case 'scriptsLoaded': {
			return view.screen.at === 'scripts'
				? {
					...view, screen: {
						...view.screen, load: {
							state: 'loaded', scripts: intent.scripts, variables: intent.variables, builtIn: intent.builtIn,
						},
					},
				}
				: view;
		}

		case 'scriptsFailed': {
			return view.screen.at === 'scripts' ? {...view, screen: {...view.screen, load: {state: 'failed', reason: intent.reason}}} : view;
		}
	}
}

function backFrom(view: View): View {
	const {screen} = view;
	switch (screen.at) {
		case 'panes': {
			return {...view, filter: '', marked: new Set()};
		}

		case 'filter': {
			return {...view, filter: screen.before, screen: {at: 'panes'}};
		}

		case 'search': {
			return {...view, find: screen.before, screen: screen.from};
		}

		case 'palette': {
			return {...view, screen: screen.option === undefined ? screen.under : {...screen, option: undefined}};
		}

		case 'detail':
		case 'help':
		case 'log':
		case 'confirm': {
			return {...view, screen: screen.under};
		}

		case 'zombies':
		case 'scripts': {
			return {...view, screen: {at: 'panes'}};
		}
	}
}

function toggled(marked: ReadonlySet<ServerName>, name: ServerName): ReadonlySet<ServerName> {
	return marked.has(name) ? new Set([...marked].filter(one => one !== name)) : new Set([...marked, name]);
}
