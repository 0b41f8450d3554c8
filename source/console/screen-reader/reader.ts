import type {Frame} from '../state/context.ts';
import type {Value} from '../state/value.ts';
import {sentencesOf} from './sentences.ts';

/**
Says on the ordinary screen what changes, for a screen reader: nothing is drawn twice, moved or taken back. Returns what ends it.
*/
export function readAloud(frames: Pick<Value<Frame>, 'get' | 'subscribe'>, write: (text: string) => void, isSuspended: () => boolean): () => void {
	let last: Frame | undefined;
	const speak = (): void => {
		const frame = frames.get();
		const sentences = sentencesOf(last, frame);
		last = frame;
		if (sentences.length > 0 && !isSuspended()) {
			write(`${sentences.join('\r\n')}\r\n`);
		}
	};

	speak();
	return frames.subscribe(speak);
}
