/**
Whether a startup script knows what to do with a just-in-time configuration; any other gets a registration token.
*/
export function takesConfiguration(startupScript: string): boolean {
	return startupScript.includes('GITHUB_RUNNER_JIT_CONFIG');
}
