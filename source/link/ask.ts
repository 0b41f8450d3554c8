import {ReadOnlyError} from '../scaler/controller.ts';
import {
	paths,
	protocol,
	versionHeader,
	type Hello,
} from './protocol.ts';
import {sendRequest, type Answer} from './request.ts';
import {fromWire, toWire} from './wire.ts';

/**
What went wrong between console and engine, in one sentence.
*/
export class LinkError extends Error {
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
			socketPath, method, path, headers: {host: 'engine', [versionHeader]: version, 'content-type': 'application/json'}, body: body === undefined ? '' : toWire(body), signal,
		});
	} catch (error) {
		throw new LinkError(`no engine answers at ${socketPath}: ${error instanceof Error ? error.message : String(error)}`, {cause: error});
	}
}

/**
Asks; resolves with the answer, which is not checked yet. Throws ReadOnlyError when the engine lets nobody act, LinkError for everything else.
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

	throw new LinkError(typeof error === 'string' ? error : `the engine answered ${answer.status} at ${path}`);
}

/**
Who serves that socket. Throws LinkError, also for an engine of another version: the sentence names the command that fits it.
*/
export async function askHello(asking: Asking): Promise<Hello> {
	const greeting = await ask(asking, 'GET', paths.hello);
	if (!isHello(greeting)) {
		throw misunderstood(`at ${paths.hello}`);
	}

	if (greeting.protocol !== protocol || greeting.version !== asking.version) {
		throw new LinkError(`the engine for ${greeting.repository} is version ${greeting.version} and this is ${asking.version}, which cannot control it: run "npx hetzner-runners-tui@${greeting.version} attach"`);
	}

	return greeting;
}

/**
For what an engine says that has another form than it should.
*/
export function misunderstood(what: string): LinkError {
	return new LinkError(`what the engine says ${what} cannot be understood: is it of the same version?`);
}

// By hand: a console that starts has no schema loaded.
function isHello(value: unknown): value is Hello {
	return isObject(value) && value.product === 'hetzner-runners-tui' && typeof value.protocol === 'number' && typeof value.pid === 'number'
		&& [value.version, value.repository, value.where].every(text => typeof text === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

async function read({pieces}: Answer): Promise<unknown> {
	try {
		let text = '';
		for await (const piece of pieces) {
			text += piece;
		}

		return fromWire(text);
	} catch (error) {
		throw new LinkError('the connection to the engine broke before its answer was whole; what was asked may have been done all the same', {cause: error});
	}
}
