import {verifyWithFallback} from '@octokit/webhooks-methods';
import * as z from 'zod';

/**
What a delivery turned out to be. `wakes`: a job of the repository may have been queued; `other`: nothing that matters here, of another repository or another event;
`repeated`: it came before; `forged`: its signature is not of any of the secrets; `broken`: it is signed and cannot be read.
*/
export type Outcome = 'wakes' | 'other' | 'repeated' | 'forged' | 'broken';

export type Delivery = {readonly id: string; readonly event: string; readonly signature: string; readonly text: string};

const payload = z.object({action: z.string().catch(''), repository: z.object({full_name: z.string()}).optional().catch(undefined)});

/**
That many of the newest deliveries are known again.
*/
const mostKnown = 10_000;

/**
Judges deliveries for one repository ("owner/name"). The signature is an HMAC over the raw body and compared in constant time, by webhooks-methods of Octokit; until it is good nothing
of the delivery is looked at. One that comes again, under its own id or another, is known by its id and its signature. Never throws.
*/
export function deliveryJudge(repository: string): (delivery: Delivery, secrets: readonly string[]) => Promise<Outcome> {
	const known = new Set<string>();

	function isNew(...marks: readonly string[]): boolean {
		const isKnown = marks.some(mark => known.has(mark));
		for (const mark of marks) {
			known.add(mark);
		}

		for (const mark of known) {
			if (known.size <= mostKnown) {
				break;
			}

			known.delete(mark);
		}

		return !isKnown;
	}

	return async ({id, event, signature, text}, [secret = '', ...others]) => {
		const isSigned: unknown = text === '' || secret === '' ? false : await verifyWithFallback(secret, text, signature, [...others]);
		if (isSigned !== true) {
			return 'forged';
		}

		if (!isNew(`id ${id}`, signature)) {
			return 'repeated';
		}

		const parsed = payload.safeParse(parse(text));
		if (!parsed.success) {
			return 'broken';
		}

		const isOurs = parsed.data.repository?.full_name.toLowerCase() === repository.toLowerCase();
		return event === 'workflow_job' && isOurs && parsed.data.action === 'queued' ? 'wakes' : 'other';
	};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
