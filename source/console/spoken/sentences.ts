import {sayEvent} from '../../model/event.ts';
import {cleanText} from '../../model/clean-text.ts';
import type {Scene} from '../picture.ts';
import {sayClock} from '../components/clock.ts';
import {paneNames} from '../panes/titles.ts';
import {confirmWords} from '../screens/confirm/confirm.ts';
import {namesToType, type Facts} from '../facts.ts';
import {helpRows, sayKeys} from '../screens/help/state.ts';
import {logRows} from '../screens/log/state.ts';
import {paletteEntries} from '../screens/palette/state.ts';
import {pageOf} from '../screens/scrolling.ts';
import {scriptInFront, scriptLines, scriptTitles} from '../screens/scripts/state.ts';
import {zombieCursor} from '../screens/zombies/state.ts';
import type {Screen, View} from '../view.ts';
import {
	sayDetail, sayRow, sayState, sayZombie,
} from './rows.ts';

/**
What a change of the scene says to somebody who cannot see it, sentence by sentence. Seconds that pass say nothing. Before the first
scene there is none.
*/
export function sentencesOf(before: Scene | undefined, after: Scene): readonly string[] {
	if (before === undefined) {
		return [`Console of ${sayState(after.facts)}`, ...newNotices(undefined, after.facts), ...sayScreen(after), 'The question mark lists the keys.'].map(line => cleanText(line));
	}

	const {view, facts} = after;
	return [
		...newsOf(before.facts, facts),
		...newNotices(before.facts, facts),
		...(view.message === undefined || view.message === before.view.message ? [] : [`${view.message.text}.`]),
		...moves(before, after),
	].map(line => cleanText(line));
}

function newsOf(before: Facts, {engine}: Facts): readonly string[] {
	if (engine === before.engine) {
		return [];
	}

	const last = before.engine.activity.at(-1)?.id ?? -1;
	return [
		...(engine.mode === before.engine.mode ? [] : [`The engine is ${engine.mode} now.`]),
		...engine.activity.filter(({id}) => id > last).map(({at, event}) => `${sayClock(at, 'minutes')}: ${sayEvent(event)}.`),
	];
}

function newNotices(before: Facts | undefined, {notices}: Facts): readonly string[] {
	const known = new Set(before?.notices.flatMap(({about}) => about));
	return notices.filter(({about}) => about.some(one => !known.has(one))).map(({text, press}) => `Attention: ${text}. The key ${press} leads there.`);
}

// What the person's own key did: another screen, another row, another answer.
function moves(before: Scene, after: Scene): readonly string[] {
	const [from, to] = [before.view, after.view];
	if (from.screen.at !== to.screen.at || from.pane !== to.pane) {
		return sayScreen(after);
	}

	return isElsewhere(from, to) ? sayPlace(after, before) : [];
}

// A row that moves by itself, with the list, is no step of the person.
function isElsewhere(from: View, to: View): boolean {
	return from.screen !== to.screen || from.cursors[from.pane].id !== to.cursors[to.pane].id || from.filter !== to.filter || from.marked.size !== to.marked.size || from.sorts !== to.sorts;
}

function sayScreen(scene: Scene): readonly string[] {
	const {view: {screen, pane}, facts} = scene;
	return [...titleOf(screen, facts, `${paneNames[pane]}, ${facts.lists.ids[pane].length} rows.`), ...sayPlace(scene, undefined)];
}

function titleOf(screen: Screen, facts: Facts, paneTitle: string): readonly string[] {
	switch (screen.at) {
		case 'panes': {
			return [paneTitle];
		}

		case 'filter':
		case 'search': {
			return ['Type a text, then Enter; Escape leaves it.'];
		}

		case 'detail': {
			return [];
		}

		case 'zombies': {
			return [`Zombies, ${facts.lists.zombies.length} of ${facts.engine.servers.items.length} servers. Space marks, Enter deletes after a question.`];
		}

		case 'scripts': {
			return ['Scripts. Tab shows the next one, page down reads on.'];
		}

		case 'log': {
			return [`Log${screen.about === undefined ? '' : ` of ${screen.about}`}, ${logRows(facts.engine.activity, screen).length} lines.`];
		}

		case 'palette': {
			return ['Palette: type what you look for, arrows choose, Enter takes it.'];
		}

		case 'help': {
			return helpRows(facts.isReadOnly).map(row => row.kind === 'key' ? `${sayKeys(row.row.press, false)}: ${row.row.says}.` : `${row.text}.`);
		}

		case 'confirm': {
			const {title, lines} = confirmWords(screen, facts, 200);
			return [`${title}?`, ...lines.map(line => line.map(({text}) => text).join('').trim())];
		}
	}
}

function sayPlace({view, facts}: Scene, before: Scene | undefined): readonly string[] {
	const {screen} = view;
	switch (screen.at) {
		case 'panes': {
			const marked = view.marked.size === (before?.view.marked.size ?? 0) ? [] : [`${view.marked.size} marked.`];
			return [...marked, sayRow(view.pane, view.cursors[view.pane].id, facts) ?? 'No rows.'];
		}

		case 'filter': {
			return view.filter === '' ? [] : [`${view.filter}: ${facts.lists.ids[view.pane].length} rows.`];
		}

		case 'detail': {
			return before === undefined ? sayDetail(screen, facts) : [];
		}

		case 'zombies': {
			const {id} = zombieCursor(screen.state, facts);
			const marked = new Set<string>(screen.state.marked);
			return id === undefined ? ['No zombies.'] : [`${marked.has(id) ? 'Marked: ' : ''}${sayZombie(id, facts)}`];
		}

		case 'scripts': {
			const script = scriptInFront(screen);
			const lines = scriptLines(screen).slice(screen.top, screen.top + pageOf(screen, facts.rows));
			return [`${scriptTitles[screen.tab]}, ${script === undefined ? screen.load.state : (script.source === 'built in' ? 'built in' : script.source.path)}.`, ...lines.map(line => line.kind === 'code' ? `${line.number} ${line.text}` : line.text)];
		}

		case 'log': {
			const entry = logRows(facts.engine.activity, screen).find(({id}) => String(id) === screen.cursor.id);
			return entry === undefined ? ['No lines.'] : [`${sayClock(entry.at, 'seconds')}: ${sayEvent(entry.event)}.`];
		}

		case 'search': {
			return view.find === '' ? [] : [`${view.find}.`];
		}

		case 'palette': {
			const option = facts.options.find(({flag}) => flag === screen.option);
			const entry = paletteEntries(screen, facts).find(({id}) => id === screen.cursor.id);
			return option === undefined ? [entry === undefined ? 'Nothing is called so.' : `${entry.words}${entry.kind === 'action' ? `, key ${sayKeys(entry.row.press, false)}` : ''}.`] : [`--${option.flag} is ${option.value}, from ${option.source}.`];
		}

		case 'confirm': {
			const {cancel, go} = confirmWords(screen, facts, 200);
			const open = screen.question.about === 'delete' ? namesToType(screen.question.names, screen.typed, facts.lists) : [];
			return [...(open.length === 0 ? [] : [`${open.length} busy: type the name to delete it all the same. Typed: ${screen.text}.`]), `${screen.focus === 'cancel' ? cancel : go} has the focus; Tab for the other answer, Enter takes it.`];
		}

		case 'help': {
			return [];
		}
	}
}
