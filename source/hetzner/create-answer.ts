import type {CreateAnswer, CreateRefusal} from '../scaler/ports.ts';
import type {HetznerError} from './errors.ts';

// What Hetzner says of a type that it does not have there, under a code that it also uses for our own mistakes.
const aboutPlacement = /unsupported location|location disabled|is deprecated|unable to provision|placement|server type.*(?:not (?:available|found)|unavailable)|invalid server type/iv;

// "server limit exceeded", "Primary IP limit exceeded" (hetzneronline/community-content#933); with details primary_ip_limit, project_limit.
// "dedicated core limit exceeded" is about types with dedicated cores alone (testflows/TestFlows-GitHub-Hetzner-Runners#5).
const aboutAccount = /server limit|servers? limit|primary[ _]ip|project_limit|server_limit/iv;
const aboutType = /\b(?:core|cpu|vcpu|ram|memory)s?\b|dedicated|server[ _]type|_core/iv;

/**
Whether a refusal is about the SSH key that was named: it may have been made anew under its name.
*/
export function isAboutSshKey({status, message, about}: HetznerError): boolean {
	return (status === 404 || status === 422) && [message, ...about].some(text => /ssh[ _]?key/iv.test(text));
}

/**
What a failed create means: refused for a foreseen reason, or unknown (the server may exist).
*/
export function createAnswerOf(error: HetznerError): CreateAnswer {
	const refusal = refusalOf(error);
	return refusal === undefined ? {outcome: 'unknown', answer: error.answer} : {outcome: 'refused', refusal};
}

function refusalOf(error: HetznerError): CreateRefusal | undefined {
	const {status, code, message, answer} = error;
	if (code === 'blocked' || status === 429) {
		return {code: 'rateLimited', answer, retryAt: error.retryAt};
	}

	if (code === 'conflict' || code === 'locked' || status < 400 || status >= 500 || status === 408) {
		return undefined;
	}

	if (code === 'uniqueness_error' || status === 409) {
		return {code: 'nameTaken', answer};
	}

	if (code === 'resource_limit_exceeded') {
		const words = [message, ...error.about].join(' ');
		return {code: aboutAccount.test(words) && !aboutType.test(words) ? 'accountLimit' : 'typeLimit', answer};
	}

	if (code === 'resource_unavailable' || code === 'placement_error' || status === 412 || (status === 422 && aboutPlacement.test(message))) {
		return {code: 'noCapacity', answer};
	}

	// "service_error" is Hetzner's own trouble: nothing is wrong with the request, and whether it did anything is not said.
	return code === 'service_error' ? undefined : {code: 'invalid', answer};
}
