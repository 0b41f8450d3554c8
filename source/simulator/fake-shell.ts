import type {ServerChannel} from 'ssh2';
import type {SimulatedServer} from './hetzner-resources.ts';

/**
A shell that says what it is, so that whoever connects to a simulated server from a console is not left guessing.
*/
export function fakeShell(server: SimulatedServer, channel: ServerChannel): void {
	const prompt = `root@${server.name}:~# `;
	let line = '';
	channel.on('error', () => {
		channel.close();
	});
	channel.write(`${server.name} is simulated: there is no machine behind it. Try hostname, uptime, exit.\r\n${prompt}`);
	channel.on('data', (part: Uint8Array) => {
		for (const character of new TextDecoder().decode(part)) {
			if (character === '\r' || character === '\n') {
				channel.write('\r\n');
				if (['exit', 'logout'].includes(line.trim())) {
					leave(channel, 0);
					return;
				}

				const {text} = answerTo(server, line);
				channel.write(`${text.replaceAll('\n', '\r\n')}${prompt}`);
				line = '';
			} else if (character === '\u{4}' && line === '') {
				leave(channel, 0);
				return;
			} else if (character === '\u{3}') {
				channel.write(`^C\r\n${prompt}`);
				line = '';
			} else if (character === '\u{7F}') {
				channel.write(line === '' ? '' : '\b \b');
				line = line.slice(0, -1);
			} else if (character >= ' ') {
				channel.write(character);
				line += character;
			}
		}
	});
}

/**
Answers `ssh host COMMAND`, and a program of several lines on the input of a shell there: each line is a command, the last one's exit code is the answer.
*/
export function runFakeCommand(server: SimulatedServer, program: string, channel: ServerChannel): void {
	const answers = program.split('\n').filter(line => line.trim() !== '').map(line => answerTo(server, line));
	channel.write(answers.map(({text}) => text).join(''));
	leave(channel, answers.at(-1)?.code ?? 0);
}

function answerTo(server: SimulatedServer, line: string): {readonly text: string; readonly code: number} {
	const [command, ...words] = line.trim().split(/\s+/v);
	switch (command) {
		case '':
		case undefined: {
			return {text: '', code: 0};
		}

		case 'hostname': {
			return {text: `${server.name}\n`, code: 0};
		}

		case 'echo': {
			return {text: `${words.join(' ')}\n`, code: 0};
		}

		case 'uname': {
			const machine = server.host.architecture === 'arm64' ? 'aarch64' : 'x86_64';
			return {text: `${words[0] === '-m' ? machine : (words[0] === '-a' ? `Linux ${server.name} 6.8.0-simulated ${machine} GNU/Linux` : 'Linux')}\n`, code: 0};
		}

		case 'id':
		case 'whoami': {
			return {text: command === 'whoami' || words[0] === '-un' ? 'root\n' : (words[0] === '-u' ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n'), code: 0};
		}

		case 'true':
		case 'uptime': {
			return {text: command === 'true' ? '' : ' up, simulated, load average: 0.00, 0.00, 0.00\n', code: 0};
		}

		default: {
			return {text: 'This is a simulated server: it has no such command.\n', code: 127};
		}
	}
}

function leave(channel: ServerChannel, code: number): void {
	channel.exit(code);
	channel.end();
}
