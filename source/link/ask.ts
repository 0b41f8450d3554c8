import {request, type IncomingMessage} from 'node:http';
import type * as z from 'zod';
import {ReadOnlyError} from '../scaler/controller.ts';
import {
	hello,
	paths,
	protocol,
	refusal,
	versionHeader,
	type Hello,
} from './protocol.ts';
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
export async function openRequest(asking: Asking, method: 'GET' | 'POST', path: string, body?: unknown): Promise<IncomingMessage> {
	const {socketPath, version, signal} = asking;
	return new Promise((resolve, reject) => {
		const sent = request({
			socketPath, method, path, headers: {[versionHeader]: version, 'content-type': 'application/json', host: 'engine'}, ...(signal !== undefined && {signal}),
		}, resolve);
		sent.on('error', error => {
			reject(new LinkError(`no engine answers at ${socketPath}: ${error.message}`, {cause: error}));
		});
		sent.end(body === undefined ? undefined : toWire(body));
	});
}

/**
Asks and parses the answer. Throws ReadOnlyError when the engine lets nobody act, LinkError for everything else.
*/
export async function ask<Schema extends z.ZodType>(asking: Asking, schema: Schema, method: 'GET' | 'POST', path: string, body?: unknown): Promise<z.infer<Schema>> {
	const response = await openRequest(asking, method, path, body);
	const value = await read(response);
	if (response.statusCode === 200) {
		const parsed = schema.safeParse(value);
		if (parsed.success) {
			return parsed.data;
		}

		throw new LinkError(`the engine's answer at ${path} cannot be understood: is it of the same version?`);
	}

	const refused = refusal.safeParse(value);
	if (refused.success && refused.data.isReadOnly) {
		throw new ReadOnlyError();
	}

	throw new LinkError(refused.success ? refused.data.error : `the engine answered ${response.statusCode ?? 'nothing'} at ${path}`);
}

/**
Who serves that socket. Throws LinkError, also for an engine whose language this console does not speak.
*/
export async function askHello(asking: Asking): Promise<Hello> {
	const greeting = await ask(asking, hello, 'GET', paths.hello);
	if (greeting.protocol !== protocol) {
		throw new LinkError(`the engine for ${greeting.repository} is version ${greeting.version}, which this version (${asking.version}) cannot be attached to: run "npx hetzner-runners-tui@${greeting.version}"`);
	}

	return greeting;
}

async function read(response: IncomingMessage): Promise<unknown> {
	try {
		response.setEncoding('utf8');
		let text = '';
		for await (const piece of response) {
			text += String(piece);
		}

		return fromWire(text);
	} catch (error) {
		throw new LinkError('the connection to the engine broke before its answer was whole; what was asked may have been done all the same', {cause: error});
	}
}
