import {foldLabel} from './labels.ts';

/**
Whether a server type fits one of the patterns, such as "cax11" or "cx*": a star stands
for any characters, and nothing else means more than itself. Without patterns all do.
*/
export function isAllowed(serverType: string, allowed: readonly string[] | undefined): boolean {
	return allowed?.some(pattern => {
		const [first = '', ...parts] = foldLabel(pattern).split('*');
		const last = parts.pop();
		if (last === undefined) {
			return serverType === first;
		}

		if (!serverType.startsWith(first) || !serverType.endsWith(last) || serverType.length < first.length + last.length) {
			return false;
		}

		let rest = serverType.slice(first.length, serverType.length - last.length);
		return parts.every(part => {
			const at = rest.indexOf(part);
			rest = rest.slice(at + part.length);
			return at !== -1;
		});
	}) ?? true;
}
