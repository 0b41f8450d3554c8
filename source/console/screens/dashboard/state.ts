/**
The first screen; `typing`: a query is being typed, over that one.
*/
export type DashboardState = {readonly at: 'dashboard'; readonly typing: {readonly before: string} | undefined};

export const smallest = {columns: 60, rows: 15};

export type Arrangement = {
	/**
	All panes one under the other, or the one in front with tabs.
	*/
	readonly kind: 'all' | 'one';
	/**
	Where the selected row's details stand beside the lists.
	*/
	readonly preview: 'right' | 'below' | undefined;
	/**
	Whether there is room for the charts of the last hour.
	*/
	readonly hasHour: boolean;
};

/**
What a terminal of that size has room for.
*/
export function arrangementOf(columns: number, rows: number): Arrangement {
	const kind = rows < 30 ? 'one' : 'all';
	return {kind, preview: kind === 'all' && columns >= 180 ? 'right' : (rows >= 50 ? 'below' : undefined), hasHour: columns >= 110 && rows >= 44};
}

/**
What a pane asks of the height that panes share: enough for its rows when
that is no more than its fair share, else that share and what others leave.
*/
export function shareOf(rowCount: number, fairShare: number): {readonly basis: number; readonly isHungry: boolean} {
	return {basis: Math.max(2, Math.min(rowCount, fairShare)), isHungry: rowCount > fairShare};
}
