/**
A value as one word of a POSIX shell, whatever it holds: between single quotes, a quote inside written as '\\''. Throws on a NUL
character, which neither a variable nor an argument can hold.
*/
export function quote(value: string): string {
	if (value.includes('\0')) {
		throw new Error('a value for a script holds a NUL character');
	}

	return `'${value.replaceAll('\'', String.raw`'\''`)}'`;
}
