import {describeExplanation, explain as explainLabels} from '../model/explain.ts';
import {UsageError} from '../settings/usage-error.ts';
import {print, printJson} from '../terminal/print.ts';
import {reachOrPoll} from '../wiring/one-poll.ts';
import {settingsFor, type Call} from './call.ts';

/**
`explain LABEL ...`: prints what a job with these labels gets, in which order types are
tried, at what price, and what holds it back now. Answers 1 when it cannot be served.
*/
export async function explain(call: Call): Promise<number> {
	const labels = call.positionals.flatMap(word => word.split(',')).map(label => label.trim()).filter(label => label !== '');
	if (labels.length === 0) {
		throw new UsageError('explain takes the labels of a job, such as: explain self-hosted cpu-4 ram-16');
	}

	const settings = settingsFor(call);
	const reached = await reachOrPoll(settings, call.version, 'read');
	try {
		const state = reached.controller.state();
		const explanation = explainLabels(labels, {
			policy: state.policy, catalogue: state.catalogue, refusals: state.refusals, mode: state.mode, now: state.publishedAt,
			servers: [...state.servers.items, ...state.creations.map(({labels: runnerLabels}) => ({runnerLabels}))],
		});
		if (settings.json) {
			printJson({...explanation, tries: explanation.tries.map(({placement, hourlyMicros, refused}) => ({...placement, hourlyMicros, refused: refused && {answer: refused.answer, since: new Date(refused.since).toISOString(), retryAt: new Date(refused.retryAt).toISOString()}}))}, '\t');
		} else {
			print(`${describeExplanation(explanation, state.publishedAt).join('\n')}\n`);
		}

		return explanation.tries.length === 0 ? 1 : 0;
	} finally {
		await reached.close();
	}
}
