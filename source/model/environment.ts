/**
An environment for another program: all but what is secret by its name (tokens above all). Programs that need little are given less.
*/
export function withoutSecrets(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const isSecret = (name: string) => /token|secret|password|passwd|credential|private_?key/iv.test(name);
	return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => value === undefined || isSecret(name) ? [] : [[name, value]]));
}
