import {eventLevel, type EventLevel} from '../../../model/event.ts';
import {shortenNames} from '../../../model/server-name.ts';
import {sayClock} from '../../components/clock.ts';
import {drawTable, type Column, type TableRow} from '../../components/table.ts';
import {widthOf} from '../../components/text.ts';
import type {Role} from '../../theme.ts';
import {serverIn} from '../../thread.ts';
import type {ActivityRow} from '../rows.ts';
import type {PaneProps} from '../window.ts';

const columns: readonly Column[] = [
	{title: 'TIME', min: 8},
	{title: '', min: 1},
	{title: 'WHAT', min: 20, grow: 1},
];
const besideWhat = 15; // The cursor, the time, the sign and what parts them.

const levelRoles: Readonly<Record<EventLevel, Role>> = {
	info: 'plain', good: 'good', warning: 'waiting', error: 'wrong',
};

/**
What the engine did and met, newest last.
*/
export function drawActivity({rows, selected, thread, ...table}: PaneProps<ActivityRow>): readonly string[] {
	const {signs} = table.theme;
	const levelSigns: Readonly<Record<EventLevel, string>> = {
		info: ' ', good: ' ', warning: signs.notice, error: signs.cannot,
	};
	const toTableRow = ({id, entry, words}: ActivityRow): TableRow => {
		const level = eventLevel(entry.event);
		return {
			id,
			is: id === selected ? 'selected' : (thread !== undefined && serverIn(entry.event) === thread ? 'thread' : undefined),
			cells: [{text: sayClock(entry.at, 'seconds'), role: 'dim'}, {text: levelSigns[level], role: levelRoles[level]}, {text: shortenNames(words, shorter => widthOf(shorter) <= table.width - besideWhat), role: level === 'good' ? 'plain' : levelRoles[level]}],
		};
	};

	return drawTable({
		...table, hasHeading: false, columns, rows: rows.map(row => toTableRow(row)),
	});
}
