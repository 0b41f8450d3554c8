import process from 'node:process';
import {openSettingsFile} from '../settings/file.ts';
import {resolveSettings, settingsOf, type Settings} from '../settings/read.ts';

/** What a command gets from the command line. */
export type Call = {
	/** The words after the command's own. */
	readonly words: readonly string[];
	/** By option name: the flag as it was spelled, and its texts. */
	readonly given: ReadonlyMap<string, {readonly flag: string; readonly texts: readonly string[]}>;
	readonly version: string;
};

/** The settings in force for a command: its flags, the environment, the settings file. Throws UsageError. */
export function settingsFor({given}: Call): Settings {
	return settingsOf(resolveSettings({given, environment: process.env, file: openSettingsFile(given)}));
}
