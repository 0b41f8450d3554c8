import {render} from 'ink';
import {openKeyboard} from './keyboard.ts';
import {FirstStart, type Ending, type FirstStartPorts} from './first-start.tsx';
import type {Answers} from './state.ts';

/**
Asks the questions on this terminal; resolves with how it ended, the terminal as it was.
*/
export async function openFirstStart(ports: FirstStartPorts, known: Answers, terminal: {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream}): Promise<Ending> {
	let ending: Ending = 'quit';
	const keyboard = openKeyboard(terminal.stdin);
	terminal.stdin.setRawMode(true); // Before anything is drawn: an enter typed earlier would come as another key.
	const app = render(<FirstStart keyboard={keyboard} ports={ports} known={known} onEnd={how => {
		ending = how;
		app.unmount();
	}}/>, {
		stdin: keyboard.stdin, stdout: terminal.stdout, alternateScreen: true, exitOnCtrlC: false, interactive: true, patchConsole: false,
	});
	await app.waitUntilExit();
	return ending;
}
