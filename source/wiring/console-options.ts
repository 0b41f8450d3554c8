import {readHostScripts} from '../host-scripts/find.ts';
import type {ConsoleOptions} from '../console/options.ts';
import {simulationOptions} from '../settings/options/simulation.ts';
import {settingsOf, type Setting} from '../settings/read.ts';
import {describeSource, formatValue} from '../settings/format.ts';

/**
How a console looks and sounds, and what it knows of the program's options.
*/
export type ConsoleAppearance = Pick<ConsoleOptions, 'theme' | 'hasBell' | 'hasMouse' | 'isScreenReader' | 'attentionSeconds' | 'options' | 'builtInScripts'>;

/**
The look that the settings ask for.
*/
export function consoleAppearanceOf(resolved: readonly Setting[], isDemo = false): ConsoleAppearance {
	const {theme, bell, mouse, screenReader, attentionAfter} = settingsOf(resolved);
	return {
		theme,
		hasBell: bell,
		hasMouse: mouse,
		isScreenReader: screenReader,
		attentionSeconds: attentionAfter,
		options: resolved.filter(({option}) => isDemo || simulationOptions.every(({name}) => name !== option.name)).map(setting => ({
			flag: setting.option.flag,
			value: formatValue(setting),
			source: describeSource(setting.source, setting.option),
			says: setting.option.description,
			variables: setting.option.variables ?? [],
		})),
		async builtInScripts() {
			const {setup, startupX64, startupArm64} = await readHostScripts();
			return {setup: setup.text, 'startup-x64': startupX64.text, 'startup-arm64': startupArm64.text};
		},
	};
}
