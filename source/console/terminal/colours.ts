/**
Makes Ink's own colour library honour NO_COLOR, which it does not by itself. Call it before anything imports Ink.
*/
export function prepareColors(env: NodeJS.ProcessEnv): void {
	if ((env.NO_COLOR ?? '') !== '' && (env.FORCE_COLOR ?? '') === '') {
		env.FORCE_COLOR = '0';
	}
}
