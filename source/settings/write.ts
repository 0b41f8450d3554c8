import path from 'node:path';
import Conf from 'conf';

/**
Writes these values into that settings file, whole or not at all, and takes out those that are undefined. Throws what the system says.
*/
export function writeSettings(file: string, changes: Readonly<Record<string, unknown>>, mode: number): void {
	const {dir, name, ext} = path.parse(file);
	const conf = new Conf<Record<string, unknown>>({
		cwd: dir, configName: name, fileExtension: ext.slice(1), accessPropertiesByDotNotation: false, configFileMode: mode,
	});
	conf.store = Object.fromEntries(Object.entries({...conf.store, ...changes}).filter(([, value]) => value !== undefined));
}
