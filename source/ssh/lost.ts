import {cleanText} from '../model/clean-text.ts';
import type {SetUpNews} from '../scaler/ports.ts';

/**
What ssh's own failure means, by the words it left on its standard error.
*/
export function lostBy(errorText: string): Extract<SetUpNews, {readonly news: 'lost'}> {
	const lines = errorText.split('\n').map(line => cleanText(line.trim())).filter(line => line !== '');
	if (/HOST IDENTIFICATION HAS CHANGED|Host key verification failed/v.test(errorText)) {
		return {news: 'lost', kind: 'changedHostKey', answer: 'its host key is another than before'};
	}

	const refused = lines.findLast(line => line.includes('Permission denied'));
	if (refused !== undefined) {
		const detail = lines.find(line => /UNPROTECTED PRIVATE KEY|bad permissions|Load key/v.test(line));
		return {news: 'lost', kind: 'refusedKey', answer: shorten(detail === undefined ? refused : `${refused} (${detail})`)};
	}

	return {news: 'lost', kind: 'unreachable', answer: shorten(lines.at(-1) ?? 'the connection broke off')};
}

function shorten(text: string): string {
	return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
