import {readThrough} from '../console/input/read-through.ts';

/**
The keyboard of the questions. A field is drawn a moment before it listens, and takes
an enter for what was drawn last: a key that comes in between waits here, none is lost.
*/
export type Keyboard = {
	readonly stdin: NodeJS.ReadStream;
	/**
	Keys wait until `release`.
	*/
	readonly hold: () => void;
	readonly release: () => void;
};

const restMilliseconds = 15; // Between two chunks of input: time to draw what the first one changed.

/**
That input, held; Ink reads from its `stdin`.
*/
export function openKeyboard(stdin: NodeJS.ReadStream): Keyboard {
	let isHeld = true;
	let isResting = false;
	const ring = (): void => {
		stdin.emit('readable');
	};

	const read = (size?: number): unknown => {
		if (isHeld || isResting) {
			return null;
		}

		const chunk: unknown = stdin.read(size);
		if (chunk !== null) {
			isResting = true;
			setTimeout(() => {
				isResting = false;
				ring();
			}, restMilliseconds);
		}

		return typeof chunk === 'string' ? chunk.replaceAll('\n', '\r') : chunk; // So comes an enter typed before the terminal was raw.
	};

	return {
		stdin: readThrough(stdin, read),
		hold() {
			isHeld = true;
		},
		release() {
			isHeld = false;
			setImmediate(ring);
		},
	};
}
