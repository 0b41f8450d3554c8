import {cleanText} from '../../../model/clean-text.ts';
import {formatJob} from '../../../model/job.ts';
import {describeJobVerdict} from '../../../model/describe-verdict.ts';
import {formatDuration} from '../../../model/time.ts';
import {formatClock} from '../../components/clock.ts';
import {rowsIn} from '../../state/geometry.ts';
import {rowsOf} from '../../state/reduce.ts';
import {makeTheme} from '../../theme/theme.ts';
import type {Context} from '../../state/context.ts';
import {describeServer} from '../shared/evidence.ts';
import type {ScreenModule} from '../screen.ts';
import {detailBlocks} from './blocks.ts';
import type {DetailState} from './state.ts';
import {chosenOf, timelineOf} from './timeline.ts';
import {Detail} from './view.tsx';

const plainTheme = makeTheme('none', true);

/**
The details of one row.
*/
export const detail: ScreenModule<DetailState> = {
	name: 'Details',
	View: Detail,
	title: () => 'Details.',
	keys: [],
	pageRows: ({geometry}) => rowsIn(geometry, 'body'),
	back: ({under}) => under,
	server: (state, {context}) => chosenOf(state, context).server?.name,
	rowAt: () => undefined,
	reduce(state, action, {ui, context}) {
		if (action.type !== 'move' && action.type !== 'page' && action.type !== 'jump') {
			return ui;
		}

		const height = rowsIn(context.geometry, 'body');
		const most = Math.max(0, detailBlocks(plainTheme, state, context, context.columns - 2).output.length - height);
		return {...ui, screen: {...state, top: Math.max(0, Math.min(most, Math.min(state.top, most) - rowsOf(action, height)))}};
	},
	describe: (state, {context}, before) => before === undefined ? describeDetail(state, context) : [],
};

function describeDetail(state: DetailState, context: Context): readonly string[] {
	const chosen = chosenOf(state, context);
	const {job, server, serverName} = chosen;
	const steps = timelineOf(chosen, context).map(step => step.isNow
		? `${step.name} for ${formatDuration(step.seconds ?? 0)}`
		: `${step.name} at ${formatClock(step.at, 'seconds')}${step.seconds === undefined ? '' : ` after ${formatDuration(step.seconds)}`}`);
	const {output} = detailBlocks(plainTheme, state, context, 200);
	return [
		`Details of ${job === undefined ? (serverName ?? 'a row that is gone') : `${formatJob(job.job)}, ${job.verdict === undefined ? 'not evaluated yet' : describeJobVerdict(job.verdict, context.rowsNow)}`}.`,
		...(chosen.event === undefined ? [] : [`${chosen.event.text}.`]),
		...(server === undefined ? ['No server now.'] : [`Server ${describeServer(server.name, context)}`]),
		...(steps.length === 0 ? [] : [`${steps.join(', ')}.`]),
		...output.slice(-5).map(line => `Output: ${line}`),
	].map(line => cleanText(line));
}
