import process from 'node:process';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf, type Settings} from '../settings/read.ts';

/** What a command gets from the command line. */
export type Call = {
	/** The words after the command's own. */
	readonly positionals: readonly string[];
	/** By option name: the flag as it was spelled, and its texts. */
	readonly flags: ReadonlyMap<string, {readonly flag: string; readonly texts: readonly string[]}>;
	readonly version: string;
};

/** The settings in force for a command: its flags, the environment, the settings file. Throws UsageError. */
export function settingsFor({flags}: Call): Settings {
	return settingsOf(resolveSettings({flags, environment: process.env, file: openSettingsFile(flags)}));
}
