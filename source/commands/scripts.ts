import {cleanJson} from '../model/clean-text.ts';
import type {HostScript, HostScripts} from '../scaler/ports.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import {reachEngine} from '../wiring/reach.ts';
import {scriptsOf} from '../settings/policy.ts';
import {print} from '../terminal/print.ts';
import {settingsFor, type Call} from './call.ts';
import {tableText} from './text-table.ts';

const names = ['setup', 'startup-x64', 'startup-arm64'] as const;

/**
`scripts show [NAME]`: which scripts new servers get and where each comes
from, or the text of one. Those of the running engine, else of the settings.
*/
export async function scripts(call: Call): Promise<number> {
	const [action, name, ...more] = call.positionals;
	if (action !== 'show' || more.length > 0) {
		throw new UsageError(`scripts takes "show", or "show" and one of ${names.join(', ')}.`);
	}

	const settings = settingsFor(call);
	const reached = await reachEngine(settings, call.version);
	try {
		const all = scriptList(reached === undefined ? await scriptsOf(settings) : await reached.controller.scripts());
		if (name === undefined) {
			print(settings.json ? `${cleanJson(JSON.stringify(all, undefined, '\t'))}\n` : tableText(['NAME', 'FROM', 'LINES'], all.map(script => [script.kind, script.source === 'built in' ? 'built in' : script.source.path, String(script.text.trimEnd().split('\n').length)])));
			return 0;
		}

		const script = all.find(one => one.kind === name);
		if (script === undefined) {
			throw new UsageError(`There is no script ${JSON.stringify(name)}.${didYouMean(name, names)} There are ${names.join(', ')}.`);
		}

		print(settings.json ? `${cleanJson(JSON.stringify(script))}\n` : script.text);
		return 0;
	} finally {
		await reached?.close();
	}
}

function scriptList({setup, startupX64, startupArm64}: HostScripts): readonly HostScript[] {
	return [setup, startupX64, startupArm64];
}
