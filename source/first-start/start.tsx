import {render} from 'ink';
import {FirstStart, type Ending, type FirstStartPorts} from './first-start.tsx';
import type {Answers} from './state.ts';

/**
Asks the questions on this terminal; resolves with how it ended, the terminal as it was.
*/
export async function openFirstStart(ports: FirstStartPorts, known: Answers, terminal: {readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream}): Promise<Ending> {
	let ending: Ending = 'quit';
	const app = render(<FirstStart ports={ports} known={known} onEnd={how => {
		ending = how;
		app.unmount();
	}}/>, {
		...terminal, alternateScreen: true, exitOnCtrlC: false, interactive: true, patchConsole: false,
	});
	await app.waitUntilExit();
	return ending;
}
