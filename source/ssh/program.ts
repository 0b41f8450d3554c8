import type {SetUpRequest} from '../scaler/ports.ts';

/**
A value as bash reads it back, whatever it holds: between single quotes, a quote inside written as '\''. Throws on a NUL
character, which no variable can hold.
*/
export function quote(value: string): string {
	if (value.includes('\0')) {
		throw new Error('a value for a script holds a NUL character');
	}

	return `'${value.replaceAll('\'', String.raw`'\''`)}'`;
}

/**
What goes to `bash -s` on a server: quoted assignments, then the program. Nothing of a value is ever part of a command line.
*/
export function setUpProgram(request: SetUpRequest, followFrom: number, followProgram: string): string {
	const ours = {
		HRT_PROTOCOL: '1',
		HRT_FOLLOW_FROM: String(followFrom),
		HRT_MAX_SETUP_SECONDS: String(Math.max(1, Math.round(request.maxSetupSeconds))),
		HRT_SETUP_SCRIPT: request.setupScript,
		HRT_STARTUP_SCRIPT: request.startupScript,
	};
	const names = Object.keys(request.variables);
	const unfit = names.find(name => !/^[A-Z_a-z]\w*$/v.test(name));
	if (unfit !== undefined) {
		throw new Error(`"${unfit}" is no name of a variable`);
	}

	return [
		...Object.entries(ours).map(([name, value]) => `${name}=${quote(value)}`),
		...Object.entries(request.variables).map(([name, value]) => `export ${name}=${quote(value)}`),
		followProgram,
	].join('\n');
}
