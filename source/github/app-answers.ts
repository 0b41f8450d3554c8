import * as z from 'zod';
import {cleanText} from '../model/clean-text.ts';

/**
GitHub's rows about Apps, of which only what is used is asked for.
*/
const permissions = z.record(z.string(), z.string()).catch({});

const page = z.string().transform(text => /^https?:\/\//v.test(text) && URL.canParse(text) ? cleanText(text) : undefined).catch(undefined);

export const installationBody = z.object({
	id: z.int().positive(),
	account: z.object({login: z.string().transform(text => cleanText(text))}).nullish().catch(undefined),
	html_url: page,
	app_slug: z.string().transform(text => cleanText(text)).catch(''),
	suspended_at: z.string().nullish().catch(undefined),
	permissions,
});

export type Installation = z.infer<typeof installationBody>;

export const installationsBody = z.array(z.unknown()).transform(rows => rows.flatMap(row => installationBody.safeParse(row).data ?? []));

export const appBody = z.object({
	name: z.string().transform(text => cleanText(text)).catch('the GitHub App'), html_url: page,
});

export const tokenBody = z.object({
	token: z.string().min(1),
	expires_at: z.string(),
	permissions,
	repositories: z.array(z.object({id: z.int().positive()})).optional().catch(undefined),
});
