import {countOf} from '../panes/pane.ts';
import type {Context} from '../state/context.ts';
import type {Notice} from '../state/notices.ts';

/**
What the terminal's title says: "3 queued 7 up", or what needs a person: "! 2 zombies".
*/
export function titleOf({notices, lists, engine}: Pick<Context, 'notices' | 'lists' | 'engine'>): string {
	const [first] = notices;
	return first === undefined ? `${countOf(lists.counts.waiting, engine.jobs)} queued ${countOf(lists.counts.servers, engine.servers)} up` : `! ${first.short}`;
}

/**
Whether there is trouble that nobody was told of yet; what was told of is kept in `told`.
*/
export function newTrouble(notices: readonly Notice[], told: ReadonlySet<string>): {readonly isNew: boolean; readonly told: ReadonlySet<string>} {
	const about = notices.flatMap(notice => notice.about);
	const isNew = about.some(one => !told.has(one));
	return {isNew, told: isNew || told.size > about.length ? new Set(about) : told};
}

/**
What people see and hear of the console in another window: the terminal's title and its bell.
*/
export type TitleAndBell = {
	readonly show: (context: Context) => void;
	/**
	Gives the title back; `show` takes it again.
	*/
	readonly leave: () => void;
};

const escape = '\u{1B}';

/**
Title and bell on a terminal. The title that was there before is kept on the terminal's own stack.
*/
export function makeTitleAndBell({write, hasTitle, hasBell}: {readonly write: (text: string) => void; readonly hasTitle: boolean; readonly hasBell: boolean}): TitleAndBell {
	let title: string | undefined;
	let told: ReadonlySet<string> = new Set();
	return {
		show(context) {
			const next = titleOf(context);
			if (hasTitle && next !== title) {
				write(`${title === undefined ? `${escape}[22;2t` : ''}${escape}]2;${next}${escape}\\`);
				title = next;
			}

			const trouble = newTrouble(context.notices, told);
			told = trouble.told;
			if (trouble.isNew && hasBell) {
				write('\u{7}');
			}
		},
		leave() {
			if (title === undefined) {
				return;
			}

			write(`${escape}[23;2t`);
			title = undefined;
		},
	};
}
