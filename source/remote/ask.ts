import {ReadOnlyError} from '../scaler/controller.ts';
import {
	paths,
	protocol,
	versionHeader,
	type Handshake,
} from './protocol.ts';
import {sendRequest, type Answer} from './request.ts';
import {decode, encode} from './codec.ts';

/**
What went wrong between console and engine, in one sentence.
*/
export class RemoteError extends Error {
	override readonly name = 'LinkError';
}

export type Asking = {readonly socketPath: string; readonly version: string; readonly signal?: AbortSignal};

/**
Opens a request on the socket; resolves with the answer's head. Throws LinkError when nobody answers there.
*/
export async function openRequest(asking: Asking, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
	const {socketPath, version, signal} = asking;
	try {
		return await sendRequest({
			socketPath, method, path, headers: {host: 'engine', [versionHeader]: version, 'content-type': 'application/json'}, body: body === undefined ? '' : encode(body), signal,
		});
	} catch (error) {
		throw new RemoteError(`no engine answers at ${socketPath}: ${error instanceof Error ? error.message : String(error)}`, {cause: error});
	}
}

/**
Asks; resolves with the answer, which is not checked yet. Throws
ReadOnlyError when the engine lets nobody act, LinkError for everything else.
*/
export async function ask(asking: Asking, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
	const answer = await openRequest(asking, method, path, body);
	const value = await read(answer);
	if (answer.status === 200) {
		return value;
	}

	const {error, isReadOnly} = isObject(value) ? value : {};
	if (isReadOnly === true) {
		throw new ReadOnlyError();
	}

	throw new RemoteError(typeof error === 'string' ? error : `the engine answered ${answer.status} at ${path}`);
}

/**
Who serves that socket. Throws LinkError, also for an engine of another version: the sentence names the command that fits it.
*/
export async function requestHandshake(asking: Asking): Promise<Handshake> {
	const handshake = await ask(asking, 'GET', paths.handshake);
	if (!isHandshake(handshake)) {
		throw misunderstood(`at ${paths.handshake}`);
	}

	if (handshake.protocol !== protocol || handshake.version !== asking.version) {
		throw new RemoteError(`the engine for ${handshake.repository} is version ${handshake.version} and this is ${asking.version}, which cannot control it: run "npx hetzner-runners-tui@${handshake.version} attach"`);
	}

	return handshake;
}

/**
For what an engine says that has another form than it should.
*/
export function misunderstood(what: string): RemoteError {
	return new RemoteError(`what the engine says ${what} cannot be understood: is it of the same version?`);
}

// By hand: a console that starts has no schema loaded.
function isHandshake(value: unknown): value is Handshake {
	return isObject(value) && value.product === 'hetzner-runners-tui' && typeof value.protocol === 'number' && typeof value.pid === 'number'
		&& [value.version, value.repository, value.where].every(text => typeof text === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

async function read({body}: Answer): Promise<unknown> {
	try {
		let text = '';
		for await (const piece of body) {
			text += piece;
		}

		return decode(text);
	} catch (error) {
		throw new RemoteError('the connection to the engine broke before its answer was whole; what was asked may have been done all the same', {cause: error});
	}
}
