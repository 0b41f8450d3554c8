import type {JobId, Repository, RunId} from '../model/job.ts';
import {instant, type Instant} from '../model/time.ts';
import {isServerName, type ServerName} from '../model/server-name.ts';
import type {CreateRequest} from '../scaler/ports.ts';
import {nameValue, textsOf, textValues} from './label-text.ts';

export type Labels = Readonly<Record<string, string>>;

const managedBy = 'hetzner-runners-tui';

/**
What a server's labels say besides whose it is.
*/
export type LabelFacts = {
	/**
	The name it was made with, which is its runner's, whatever somebody has renamed the server to since.
	*/
	readonly runnerName: ServerName | undefined;
	readonly runId: RunId | undefined;
	readonly jobId: JobId | undefined;
	readonly runnerLabels: readonly string[];
	readonly startupEndedAt: Instant | undefined;
	readonly engineSet: string | undefined;
};

/**
The labels that make a server ours. A value can't hold "/", so owner and repository are two.
*/
export function ownLabels(repository: Repository): Labels {
	return {
		'managed-by': managedBy,
		'github-owner': nameValue(repository.owner),
		'github-repository': nameValue(repository.name),
	};
}

/**
The selector for a list of our servers.
*/
export function ownSelector(repository: Repository): string {
	return Object.entries(ownLabels(repository)).map(([key, value]) => `${key}==${value}`).join(',');
}

/**
Whether these are the labels of a server of ours. The only thing in this program that says so.
*/
export function isOurs(labels: Labels, repository: Repository): boolean {
	return Object.entries(ownLabels(repository)).every(([key, value]) => labels[key] === value);
}

/**
The labels a new server gets.
*/
export function labelsFor(repository: Repository, request: Pick<CreateRequest, 'name' | 'job' | 'runnerLabels' | 'engineSet'>): Labels {
	return {
		...ownLabels(repository),
		'runner-name': request.name,
		'run-id': String(request.job.runId),
		'job-id': String(request.job.id),
		'engine-set': request.engineSet,
		...Object.fromEntries(textValues(request.runnerLabels).map((value, index) => [`runner-labels-${index}`, value])),
	};
}

/**
The labels of a server whose startup script ended well at that moment: all it had, and that.
*/
export function withStartupEnded(labels: Labels, at: Instant): Labels {
	return {...labels, 'startup-ended-at': String(Math.floor(at / 1000))};
}

/**
What the labels of a server of ours say. Labels that somebody has changed by hand say less, never something wrong.
*/
export function readLabels(labels: Labels): LabelFacts {
	const values: string[] = [];
	for (let value = labels['runner-labels-0']; value !== undefined; value = labels[`runner-labels-${values.length}`]) {
		values.push(value);
	}

	const endedSeconds = wholeNumber(labels['startup-ended-at']);
	const runnerName = labels['runner-name'] ?? '';
	return {
		runnerName: isServerName(runnerName) ? runnerName : undefined,
		runId: wholeNumber(labels['run-id']) as RunId | undefined,
		jobId: wholeNumber(labels['job-id']) as JobId | undefined,
		runnerLabels: textsOf(values) ?? [],
		startupEndedAt: endedSeconds === undefined ? undefined : instant(endedSeconds * 1000),
		engineSet: labels['engine-set'],
	};
}

function wholeNumber(text: string | undefined): number | undefined {
	const number = /^\d{1,16}$/v.test(text ?? '') ? Number(text) : undefined;
	return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
