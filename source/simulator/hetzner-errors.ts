/**
An answer of Hetzner's that is not what was asked for.
*/
export type ApiError = {readonly status: number; readonly code: string; readonly message: string; readonly details?: unknown};

/**
Answers as Hetzner does to a field it can't take.
*/
export function invalid(field: string, message: string): ApiError {
	return {
		status: 422, code: 'invalid_input', message: `invalid input in field '${field}': ${message}`, details: {fields: [{name: field, messages: [message]}]},
	};
}
