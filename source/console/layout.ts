import type {Pane} from './view.ts';

/**
How the first screen is divided at a size: rows of table content for each pane, without titles and headings.
*/
export type Layout =
	| {readonly kind: 'tooSmall'}
	| {readonly kind: 'one'; readonly body: number}
	| {
		readonly kind: 'four'; readonly heights: Readonly<Record<Pane, number>>;
		/**
		Whether there is room for the charts of the last hour.
		*/
		readonly hasHour: boolean;
	};

export const smallestColumns = 60;
export const smallestRows = 15;
// From here on all four panes fit with rows worth reading.
const fourPanesFrom = 30;
// And from here on there is room to spare for charts: their rows and a title.
const hourFrom = {columns: 110, rows: 44};
export const hourRows = 3;

/**
The division of a terminal of that size; `notices` lines are taken from the top when something needs a person.
*/
export function layoutOf(columns: number, rows: number, notices: number): Layout {
	if (columns < smallestColumns || rows < smallestRows) {
		return {kind: 'tooSmall'};
	}

	if (rows < fourPanesFrom) {
		return {kind: 'one', body: rows - 7 - notices};
	}

	// Two header lines, four titles, three headings, the footer.
	const hasHour = columns >= hourFrom.columns && rows >= hourFrom.rows;
	const body = rows - 10 - notices - (hasHour ? hourRows + 1 : 0);
	const jobs = Math.max(4, Math.round(body * 0.31));
	const servers = Math.max(4, Math.round(body * 0.31));
	const runners = Math.max(3, Math.round(body * 0.19));
	return {
		kind: 'four', hasHour, heights: {
			jobs, servers, runners, activity: body - jobs - servers - runners,
		},
	};
}

/**
Rows of content that a pane shows: how far PgDn goes.
*/
export function heightOf(layout: Layout, pane: Pane): number {
	if (layout.kind === 'tooSmall') {
		return 1;
	}

	return layout.kind === 'one' ? layout.body + (pane === 'activity' ? 1 : 0) : layout.heights[pane];
}
