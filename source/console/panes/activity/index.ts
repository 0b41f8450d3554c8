import {cleanText} from '../../../model/clean-text.ts';
import {eventLevel, describeEvent, type EventLevel} from '../../../model/event.ts';
import type {EngineState} from '../../../scaler/controller.ts';
import {formatClock} from '../../components/clock.ts';
import {shortNames} from '../../components/names.ts';
import type {Column} from '../../components/table.ts';
import {serverIn} from '../../state/related.ts';
import type {Role} from '../../theme/theme.ts';
import type {PaneModule} from '../pane.ts';
import type {ActivityRow} from '../rows.ts';

const columns: readonly Column[] = [
	{title: 'TIME', min: 8},
	{title: '', min: 1},
	{title: 'WHAT', min: 20, grow: 1},
];
const besideWhat = 17; // The cursor, the time, the sign and what parts them.

export const levelRoles: Readonly<Record<EventLevel, Role>> = {
	info: 'plain', good: 'good', warning: 'waiting', error: 'wrong',
};

/**
What the engine did and met, newest last.
*/
export const activity: PaneModule<ActivityRow> = {
	title: 'Activity',
	orders: ['newest last'],
	columns: () => columns,
	hasHeading: false,
	rows: activityRows,
	server: row => serverIn(row.entry.event),
	tab: () => '',
	counts: () => [],
	texts: row => [row.text],
	appearance({entry, text}, _context, {signs}, width) {
		const level = eventLevel(entry.event);
		const levelSigns: Readonly<Record<EventLevel, string>> = {
			info: ' ', good: ' ', warning: signs.notice, error: signs.cannot,
		};
		return [
			{text: formatClock(entry.at, 'seconds'), role: 'dim'},
			{text: levelSigns[level], role: levelRoles[level]},
			{text: shortNames(text, width - besideWhat), role: level === 'good' ? 'plain' : levelRoles[level]},
		];
	},
	emptyText: () => 'nothing happened yet',
	describe: ({entry, text}) => `${formatClock(entry.at, 'seconds')}, ${text}`,
};

const known = new WeakMap<EngineState['activity'], readonly ActivityRow[]>();

function activityRows(engine: EngineState): readonly ActivityRow[] {
	const last = known.get(engine.activity);
	if (last !== undefined) {
		return last;
	}

	const rows = engine.activity.map(entry => ({id: String(entry.id), entry, text: cleanText(describeEvent(entry.event))}));
	known.set(engine.activity, rows);
	return rows;
}
