import {shortenNames} from '../../model/server-name.ts';
import {widthOf} from './text.ts';

const prefix = 'gh-actions-runner-';

/**
Words in which what all our servers' names begin with is left out:
"…4821-9931"; where even that does not fit, the job's number alone, "…9931".
Names are whole in details and in what is copied.
*/
export function shortNames(words: string, room = Infinity): string {
	return shortenNames(words, shorter => !shorter.includes(prefix) && widthOf(shorter) <= room);
}

/**
A short name as it is, or where it is wider than that many columns, its job's number alone.
*/
export function withoutRun(name: string, width: number): string {
	return name.length > width ? name.replace(/^…\d+-(?=\d)/v, '…') : name;
}
