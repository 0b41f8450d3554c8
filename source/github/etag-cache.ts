/**
An answer that GitHub may confirm (304) instead of sending it again; a 304 costs nothing of the request limit.
*/
export type KeptAnswer = {readonly etag: string; readonly body: string; readonly contentType: string};

/**
Answers by address, the longest unused dropped first once all bodies together hold more than that many characters.
*/
export type EtagCache = {
	get: (url: string) => KeptAnswer | undefined;
	set: (url: string, answer: KeptAnswer) => void;
};

/**
An empty cache. ETags are bound to the token, so a cache serves one client only.
*/
export function etagCache(maxCharacters = 16_000_000): EtagCache {
	const kept = new Map<string, KeptAnswer>();
	let characters = 0;

	function drop(url: string): void {
		characters -= kept.get(url)?.body.length ?? 0;
		kept.delete(url);
	}

	return {
		get(url) {
			const answer = kept.get(url);
			if (answer !== undefined) {
				kept.delete(url); // A Map keeps the order of insertion: the newest use goes last.
				kept.set(url, answer);
			}

			return answer;
		},
		set(url, answer) {
			drop(url);
			if (answer.body.length > maxCharacters) {
				return;
			}

			kept.set(url, answer);
			characters += answer.body.length;
			while (characters > maxCharacters) {
				const [oldest] = kept.keys();
				if (oldest === undefined) {
					return;
				}

				drop(oldest);
			}
		},
	};
}
