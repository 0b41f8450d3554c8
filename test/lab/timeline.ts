import * as z from 'zod';

const line = z.object({
	time: z.string(), code: z.string(), server: z.string().optional(), runner: z.string().optional(),
	job: z.object({name: z.string()}).optional(), msg: z.string(), reason: z.string().optional(),
});

export type LogLine = z.infer<typeof line>;

/**
The lines of a log in JSON.
*/
export function logLines(text: string): readonly LogLine[] {
	return text.split('\n').filter(row => row.startsWith('{')).map(row => line.parse(JSON.parse(row)));
}

const steps = [
	['created', 'serverCreated'], ['ssh', 'sshAnswered'], ['setup', 'setupEnded'], ['startup', 'startupEnded'], ['registered', 'runnerRegistered'], ['running', 'jobStarted'], ['off', undefined], ['deleted', 'serverDeleted'],
] as const;

/**
One line a server: what it was made for, and after how many seconds from the job's queueing each step of its life came.
*/
export function timelines(log: readonly LogLine[], offAt: ReadonlyMap<string, number>): string {
	const queuedAt = new Map(log.filter(({code}) => code === 'jobSeen').map(({job, time}) => [job?.name, Date.parse(time)]));
	const servers = log.filter(({code}) => code === 'serverCreated');
	return servers.map(({server = '', job}) => {
		const zero = queuedAt.get(job?.name) ?? 0;
		const words = steps.flatMap(([word, code]) => {
			const told = log.find(one => one.code === code && (one.server ?? one.runner) === server);
			const found = code === undefined ? offAt.get(server) : told?.time;
			return found === undefined ? [] : [`${word} ${Math.round(((typeof found === 'number' ? found : Date.parse(found)) - zero) / 1000)}s`];
		});
		const ran = log.filter(one => one.code === 'jobStarted' && one.server === server).map(one => one.job?.name ?? '');
		return `${server.replace('gh-actions-runner', '…')}  for ${job?.name ?? '?'}, ran ${ran.length === 0 ? 'none' : ran.join(', ')}: queued 0s, ${words.join(', ')}`;
	}).join('\n');
}
