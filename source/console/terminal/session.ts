import process from 'node:process';
import type {Server} from '../../model/server.ts';
import type {Suspend} from '../input/keyboard.tsx';
import {mouseOff, mouseOn} from '../input/mouse.ts';
import type {Context} from '../state/context.ts';
import {letGoOf, runInForeground, untilForeground} from './foreground.ts';
import {makeTitleAndBell} from './title-and-bell.ts';

type SessionOptions = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly hasMouse: boolean;
	readonly hasTitle: boolean;
	readonly hasBell: boolean;
	/**
	What Ink does to lend the terminal; there as soon as it has drawn.
	*/
	readonly suspend: () => Suspend | undefined;
	readonly onResumed: () => void;
};

/**
What the console takes of a terminal beside its screen (mouse, title, bell), gives back, and lends to another program.
*/
export type Session = {
	readonly take: (context: Context) => void;
	/**
	Title and bell follow what happens.
	*/
	readonly show: (context: Context) => void;
	readonly giveBack: () => void;
	readonly isSuspended: () => boolean;
	/**
	Stops the console until the shell puts it into the foreground again.
	*/
	readonly background: () => Promise<void>;
	/**
	Runs a program that opens a shell on a server, and comes back when it has ended. Throws Error when there is no way to log in.
	*/
	readonly shell: (server: Server, argv: readonly string[] | undefined) => Promise<void>;
};

export function openSession({stdin, stdout, hasMouse, hasTitle, hasBell, suspend, onResumed}: SessionOptions): Session {
	const titleAndBell = makeTitleAndBell({
		write(text) {
			stdout.write(text);
		},
		hasTitle,
		hasBell,
	});
	let isSuspended = false;
	let last: Context | undefined;
	const show = (context: Context): void => {
		last = context;
		if (!isSuspended) {
			titleAndBell.show(context);
		}
	};

	const take = (context: Context): void => {
		stdout.write(hasMouse ? mouseOn : '');
		show(context);
	};

	const giveBack = (): void => {
		stdout.write(hasMouse ? mouseOff : '');
		titleAndBell.leave();
	};

	const lend = async (foreground: () => Promise<void>): Promise<void> => {
		isSuspended = true;
		giveBack();
		try {
			await suspend()?.(foreground);
		} finally {
			isSuspended = false;
			onResumed();
			if (last !== undefined) {
				take(last);
			}
		}
	};

	process.once('exit', giveBack); // Whatever ends it.
	return {
		take,
		show,
		giveBack() {
			giveBack();
			process.removeListener('exit', giveBack);
		},
		isSuspended: () => isSuspended,
		async background() {
			await lend(untilForeground);
		},
		async shell(server, argv) {
			const [program, ...rest] = argv ?? [];
			if (program === undefined) {
				throw new Error(`${server.name} has no address to log in to yet`);
			}

			await lend(async () => {
				await letGoOf(stdin);
				await runInForeground(program, rest);
			});
		},
	};
}
