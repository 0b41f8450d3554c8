import type {SetUpScripts} from '../scaler/ports.ts';
import type {ServerId} from '../model/server.ts';
import {quote} from './quote.ts';

/**
What opens a session with `bash -s` on a server: quoted assignments, then the program. Nothing in it is a secret.
*/
export function helloProgram(hello: {
	readonly server: ServerId;
	readonly followFrom: number;
	readonly wantsNewHostKey: boolean;
}, followProgram: string): string {
	return [
		...Object.entries({
			HRT_PROTOCOL: '2',
			HRT_SERVER: String(hello.server),
			HRT_FOLLOW_FROM: String(hello.followFrom),
			HRT_NEW_HOST_KEY: hello.wantsNewHostKey ? 'yes' : 'no',
		}).map(([name, value]) => `${name}=${quote(value)}`),
		followProgram,
	].join('\n');
}

/**
What follows on standard input once a server has said that its scripts were never started: the scripts, their variables, and the start.
Nothing of a value is ever part of a command line. Throws on what no variable can hold or be named.
*/
export function startProgram({setupScript, startupScript, variables}: SetUpScripts, maxSetupSeconds: number): string {
	const unfit = Object.keys(variables).find(name => !/^[A-Z_a-z]\w*$/v.test(name));
	if (unfit !== undefined) {
		throw new Error(`"${unfit}" is no name of a variable`);
	}

	return [
		`HRT_MAX_SETUP_SECONDS=${quote(String(Math.max(1, Math.round(maxSetupSeconds))))}`,
		`HRT_SETUP_SCRIPT=${quote(setupScript)}`,
		`HRT_STARTUP_SCRIPT=${quote(startupScript)}`,
		...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
		'hrt_start </dev/null',
		'',
	].join('\n');
}
