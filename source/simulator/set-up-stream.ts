/**
What came in on a session's standard input: assignments, then the program.
*/
export type SetUpStream = {
	/**
	Assignments without `export `: the protocol's own.
	*/
	readonly own: Readonly<Record<string, string>>;
	/**
	Assignments with it: what the scripts see.
	*/
	readonly environment: Readonly<Record<string, string>>;
	readonly program: string;
};

const assignment = /(?<export>export )?(?<name>[A-Z_a-z]\w*)=/vy;
const quoted = /'(?<text>[^']*)'|\\(?<one>[\s\S])|(?<bare>[\w%+,\-.\/:=@]+)/vy;

/**
Reads the leading assignments as bash would: adjoining pieces in single quotes, characters behind a backslash, bare words; each ended by a line break.
The first line that is no such assignment begins the program. A value is data here, whatever it holds.
*/
export function parseSetUpStream(text: string): SetUpStream {
	const own: Record<string, string> = {};
	const environment: Record<string, string> = {};
	let at = 0;
	while (at < text.length) {
		assignment.lastIndex = at;
		const head = assignment.exec(text)?.groups;
		if (head === undefined) {
			break;
		}

		let end = assignment.lastIndex;
		let value = '';
		for (;;) {
			quoted.lastIndex = end;
			const piece = quoted.exec(text)?.groups;
			if (piece === undefined) {
				break;
			}

			value += piece.text ?? piece.one ?? piece.bare ?? '';
			end = quoted.lastIndex;
		}

		// Anything but a line's end behind the value makes this line a command, not an assignment.
		if (end < text.length && text[end] !== '\n') {
			break;
		}

		(head.export === undefined ? own : environment)[head.name ?? ''] = value;
		at = end + 1;
	}

	return {own, environment, program: text.slice(at)};
}
