import type {FoundEngine} from '../remote/sockets.ts';
import {optionRows} from '../settings/options/index.ts';
import type {Settings} from '../settings/read.ts';
import {missingSettings} from '../settings/account.ts';

const addresses = [['github', 'githubApiUrl', '--github-api-url'], ['hetzner', 'hetznerApiUrl', '--hetzner-api-url']] as const;

/**
Why an engine that runs here is not the one that the settings mean, in words:
it asks another GitHub or Hetzner. Undefined: it is. An address counts when it
was given, and always once all settings are there by which an engine of one's own would start.
*/
export function whyNotMatching({handshake: {apis, repository, where}}: FoundEngine, settings: Settings): string | undefined {
	const isComplete = missingSettings(settings).length === 0;
	const other = addresses.find(([api, name]) => {
		const isGiven = isComplete || optionRows().every(row => row.name !== name || row.default !== settings[name]);
		return apis !== undefined && isGiven && plain(apis[api]) !== plain(settings[name]);
	});
	if (other === undefined || apis === undefined) {
		return undefined;
	}

	const [api, name, flag] = other;
	return `the engine that runs here (${where}, for ${repository}) asks ${apis[api]}, and not ${settings[name]} (${flag})`;
}

// As fetch would ask it.
function plain(url: string): string {
	return URL.canParse(url) ? new URL(url).href.replace(/\/$/v, '') : url;
}
