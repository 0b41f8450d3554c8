type Test = (labels: Readonly<Record<string, string>>) => boolean;

/**
Hetzner's label selectors: `k==v`, `k=v`, `k!=v` (also true without k), `k`, `!k`, `k in (a,b)`, `k notin (a,b)`, joined by commas.
The test that a selector stands for; undefined when it is none.
*/
export function parseSelector(text: string): Test | undefined {
	const tests = splitOutsideBrackets(text).map(term => parseTerm(term.trim()));
	return tests.includes(undefined) ? undefined : labels => tests.every(test => test?.(labels) ?? false);
}

function parseTerm(term: string): Test | undefined {
	const set = /^(?<key>[^\s!\(\),=]+)\s+(?<how>in|notin)\s*\((?<values>[^\(\)]*)\)$/v.exec(term)?.groups;
	if (set !== undefined) {
		const values = new Set((set.values ?? '').split(',').map(value => value.trim()));
		const key = set.key ?? '';
		return labels => (Object.hasOwn(labels, key) && values.has(labels[key] ?? '')) === (set.how === 'in');
	}

	const pair = /^(?<key>[^\s!\(\),=]+)\s*(?<how>==|=|!=)\s*(?<value>[^\s!\(\),=]*)$/v.exec(term)?.groups;
	if (pair !== undefined) {
		const key = pair.key ?? '';
		return labels => (Object.hasOwn(labels, key) && labels[key] === pair.value) === (pair.how !== '!=');
	}

	const bare = /^(?<not>!?)\s*(?<key>[^\s!\(\),=]+)$/v.exec(term)?.groups;
	return bare === undefined ? undefined : labels => Object.hasOwn(labels, bare.key ?? '') === (bare.not === '');
}

function splitOutsideBrackets(text: string): string[] {
	const parts: string[] = [''];
	let depth = 0;
	for (const character of text) {
		depth += character === '(' ? 1 : (character === ')' ? -1 : 0);
		if (character === ',' && depth === 0) {
			parts.push('');
		} else {
			parts.push(`${parts.pop()}${character}`);
		}
	}

	return parts;
}

const keyPattern = /^(?:[0-9A-Za-z](?:[\w\-.]{0,253}[0-9A-Za-z])?\/)?[0-9A-Za-z](?:[\w\-.]{0,61}[0-9A-Za-z])?$/v;
const valuePattern = /^(?:[0-9A-Za-z](?:[\w\-.]{0,61}[0-9A-Za-z])?)?$/v;

/**
What is wrong with labels; undefined when Hetzner takes them.
*/
export function labelsFault(labels: Readonly<Record<string, string>>): string | undefined {
	for (const [key, value] of Object.entries(labels)) {
		if (!keyPattern.test(key) || key.startsWith('hetzner.cloud/')) {
			return `label key "${key}" is not correctly formatted`;
		}

		if (!valuePattern.test(value)) {
			return `label value "${value}" (key: "${key}") is not correctly formatted`;
		}
	}

	return undefined;
}
