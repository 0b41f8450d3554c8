type Environment = Readonly<Record<string, string | undefined>>;

/**
A proxy that the environment names: its variable, and its address without a password. `except`: what NO_PROXY leaves out.
*/
export type Proxy = {readonly variable: string; readonly shown: string; readonly except: string | undefined};

const schemes = {https: ['https_proxy', 'HTTPS_PROXY'], http: ['http_proxy', 'HTTP_PROXY']} as const;

// As curl and most others read them: the one in small letters counts first.
function given(environment: Environment, names: readonly string[]): {readonly variable: string; readonly value: string} | undefined {
	const variable = names.find(name => (environment[name] ?? '').trim() !== '');
	return variable === undefined ? undefined : {variable, value: (environment[variable] ?? '').trim()};
}

/**
The proxy for addresses of that scheme, or undefined. Throws an Error of one sentence for a value that is no address of a proxy.
*/
export function proxyFor(scheme: 'https' | 'http', environment: Environment): Proxy | undefined {
	const found = given(environment, schemes[scheme]);
	if (found === undefined) {
		return undefined;
	}

	const {variable, value} = found;
	if (!URL.canParse(value) || !['http:', 'https:'].includes(new URL(value).protocol)) {
		throw new Error(`${variable} (environment) is no address of a proxy: it must have the form http://host:port`);
	}

	return {variable, shown: new URL(value).host, except: given(environment, ['no_proxy', 'NO_PROXY'])?.value};
}

/**
A fetch that goes through the proxies that the environment names, or undefined when it names none. Node's own does so only when it was
started with NODE_USE_ENV_PROXY, and before 22.21 not at all. Throws as `proxyFor`.
*/
export async function proxiedFetch(environment: Environment): Promise<typeof fetch | undefined> {
	if (proxyFor('https', environment) === undefined && proxyFor('http', environment) === undefined) {
		return undefined;
	}

	const {default: undici} = await import('undici'); // Its names are the default's in a bundle.
	const plain = new undici.Agent();
	const through = (scheme: 'https' | 'http') => {
		const value = given(environment, schemes[scheme])?.value;
		return value === undefined
			? plain
			: new undici.EnvHttpProxyAgent({httpProxy: value, httpsProxy: value, noProxy: given(environment, ['no_proxy', 'NO_PROXY'])?.value ?? ''});
	};

	const agents = {'https:': through('https'), 'http:': through('http')};
	const send = async (input: URL | string, init: Record<string, unknown> = {}) => undici.fetch(input, {...init, dispatcher: new URL(input).protocol === 'http:' ? agents['http:'] : agents['https:']});
	return send as unknown as typeof fetch; // The same by another copy of the same library: the types of the two do not know each other.
}
