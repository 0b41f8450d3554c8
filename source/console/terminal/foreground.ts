// What happens while another program has the terminal.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {setImmediate as turn} from 'node:timers/promises';

/**
Stops reading keys, which would be taken from the program in the foreground: Ink stops listening, but Node goes on reading. Only a
stream that nothing listens to any more (a turn after Ink has let go) really pauses.
*/
export async function letGoOf(stdin: NodeJS.ReadStream): Promise<void> {
	await turn();
	stdin.pause();
	await turn();
}

/**
Runs a program on this terminal to its end.
*/
export async function runInForeground(program: string, rest: readonly string[]): Promise<void> {
	const child = spawn(program, rest, {stdio: 'inherit'});
	await once(child, 'close');
}

/**
Stops this process until the shell puts it into the foreground again.
*/
export async function untilForeground(): Promise<void> {
	// Without the timer the process would end on its return.
	const hold = setInterval(() => undefined, 60_000);
	const back = once(process, 'SIGCONT');
	process.kill(process.pid, 'SIGTSTP');
	await back;
	clearInterval(hold);
}
