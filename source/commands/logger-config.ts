import {readFileSync} from 'node:fs';
import {z} from 'zod';
import {UsageError} from '../settings/usage-error.ts';

const schema = z.strictObject({
	level: z.enum(['info', 'warn', 'error']).default('info'),
	format: z.enum(['text', 'json']).optional(),
	file: z.string().min(1).optional(),
});

/**
What --logger-config asks for: the quietest level written, the format, and a file that gets every line too.
*/
export type LoggerConfig = z.infer<typeof schema>;

/**
Reads the file that --logger-config names; without one, the defaults. Throws UsageError that names the file and what is wrong in it.
*/
export function readLoggerConfig(path: string | undefined): LoggerConfig {
	if (path === undefined) {
		return {level: 'info'};
	}

	let parsed: unknown;
	try {
		parsed = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		throw new UsageError(`--logger-config ${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`);
	}

	const checked = schema.safeParse(parsed);
	if (!checked.success) {
		const [issue] = checked.error.issues;
		throw new UsageError(`--logger-config ${path}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}. It may hold "level" (info, warn, error), "format" (text, json) and "file" (a path).`);
	}

	return checked.data;
}
