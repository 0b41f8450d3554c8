import type {CreateAnswer, CreateRefusal} from '../scaler/ports.ts';
import type {HetznerError} from './errors.ts';

// What Hetzner says of a type that it does not have there, under a code that it also uses for our own mistakes.
const aboutPlacement = /unsupported location|location disabled|is deprecated|unable to provision|placement|server type.*(?:not (?:available|found)|unavailable)|invalid server type/iv;

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
		return {code: 'accountLimit', answer};
	}

	if (code === 'resource_unavailable' || code === 'placement_error' || status === 412 || (status === 422 && aboutPlacement.test(message))) {
		return {code: 'noCapacity', answer};
	}

	// "service_error" is Hetzner's own trouble: nothing is wrong with the request, and whether it did anything is not said.
	return code === 'service_error' ? undefined : {code: 'invalid', answer};
}
