import {Spinner, StatusMessage} from '@inkjs/ui';
import {Box, Text, useInput} from 'ink';
import {
	useEffect,
	useLayoutEffect,
	useReducer,
	useRef,
	type ReactElement,
} from 'react';
import type {Keyboard} from './keyboard.ts';
import {Question} from './questions.tsx';
import {
	beginning,
	nextState,
	type Answers,
	type KeyChoice,
	type Project,
	type Step,
} from './state.ts';

/**
How a first start ended.
*/
export type Ending = 'saved' | 'demo' | 'quit';

/**
What the questions need of the world. A check resolves with what is good, or with a fault in a sentence; it does not throw.
*/
export type FirstStartPorts = {
	readonly newTokenUrl: string;
	readonly usualType: string;
	readonly repositoryFault: (text: string) => string | undefined;
	readonly checkGitHub: (repository: string, token: string) => Promise<{readonly good: string} | {readonly fault: string}>;
	readonly checkHetzner: (token: string) => Promise<{readonly project: Project} | {readonly fault: string}>;
	readonly uploadKey: (token: string, key: KeyChoice) => Promise<{readonly good: string} | {readonly fault: string}>;
	/**
	Writes the settings file. Rejects.
	*/
	readonly save: (answers: Answers) => Promise<void>;
};

type Props = {readonly keyboard: Keyboard; readonly ports: FirstStartPorts; readonly known: Answers; readonly onEnd: (ending: Ending) => void};

/**
The questions of a first start, one after the other, each answer checked before the next.
*/
export function FirstStart({keyboard, ports, known, onEnd}: Props): ReactElement {
	const [state, dispatch] = useReducer(nextState, known, beginning);
	const {step, answers, checking, project, turn} = state;
	const pass = (more: Answers, note?: string): void => {
		dispatch({type: 'answered', answers: more, ...(note !== undefined && {note})});
	};

	const fail = (fault: string): void => {
		dispatch({type: 'failed', fault});
	};

	async function lookForKeys(): Promise<void> {
		dispatch({type: 'checks', what: 'looking again'});
		const answer = await ports.checkHetzner(answers.hetznerToken ?? '');
		if ('project' in answer) {
			dispatch({type: 'looked', project: answer.project});
		} else {
			fail(answer.fault);
		}
	}

	async function answerRepository(text: string): Promise<void> {
		const repository = text.trim().replace(/^https?:\/\/[^\/]+\//v, '').replace(/\.git$/v, '');
		const fault = ports.repositoryFault(repository);
		if (fault === undefined) {
			pass({githubRepository: repository});
		} else {
			fail(fault);
		}
	}

	async function answerGitHub(text: string): Promise<void> {
		dispatch({type: 'checks', what: 'asking GitHub'});
		const answer = await ports.checkGitHub(answers.githubRepository ?? '', text.trim());
		if ('good' in answer) {
			pass({githubToken: text.trim()}, answer.good);
		} else {
			fail(answer.fault);
		}
	}

	async function answerHetzner(text: string): Promise<void> {
		dispatch({type: 'checks', what: 'asking Hetzner'});
		const answer = await ports.checkHetzner(text.trim());
		if ('project' in answer) {
			dispatch({
				type: 'answered', answers: {hetznerToken: text.trim()}, note: 'Hetzner takes the token, it may read and write', project: answer.project,
			});
		} else {
			fail(answer.fault);
		}
	}

	async function answerKey(file: string): Promise<void> {
		const key = project?.keys.find(({privateKeyFile}) => privateKeyFile === file);
		if (key === undefined) {
			return;
		}

		const chosen = {sshKey: key.name, sshPrivateKey: key.privateKeyFile};
		if (key.isAtHetzner) {
			pass(chosen, `SSH key ${key.name}, ${key.privateKeyFile}`);
			return;
		}

		dispatch({type: 'checks', what: 'giving the key to Hetzner'});
		const answer = await ports.uploadKey(answers.hetznerToken ?? '', key);
		if ('good' in answer) {
			pass(chosen, answer.good);
		} else {
			fail(answer.fault);
		}
	}

	async function answerLocation(location: string): Promise<void> {
		try {
			await ports.save({...answers, location: location === 'any' ? '' : location});
			onEnd('saved');
		} catch (error) {
			fail(error instanceof Error ? error.message : String(error));
		}
	}

	useInput((input, key) => {
		if (key.ctrl && input === 'c') {
			onEnd('quit');
		} else if (key.escape) {
			dispatch({type: 'back'});
		} else if (step === 'welcome' && input === 'd') {
			onEnd('demo');
		} else if (step === 'welcome' && input === 'q') {
			onEnd('quit');
		} else if (step === 'welcome' && key.return) {
			pass({});
		} else if (step === 'sshKey' && key.return && project?.keys.length === 0 && checking === undefined) {
			void lookForKeys();
		}
	});

	// A layout effect runs in the turn that draws; an effect after those of the fields, in which they begin to listen.
	useLayoutEffect(keyboard.hold);
	useEffect(keyboard.release);

	// What settings have already is checked without asking; when it is found wrong, it is asked for.
	const checked = useRef(new Set<string>());
	useEffect(() => {
		const [given, answer] = step === 'repository'
			? [known.githubRepository, answerRepository]
			: (step === 'githubToken' ? [known.githubToken, answerGitHub] : [step === 'hetznerToken' ? known.hetznerToken : undefined, answerHetzner]);
		if (given === undefined || checked.current.has(step)) {
			return;
		}

		checked.current.add(step);
		void answer(given);
	});

	const submit = (answer: (text: string) => Promise<void>) => (text: string): void => {
		if (text.trim() !== '') {
			void answer(text);
		}
	};

	return (
		<Box flexDirection="column" paddingX={1} paddingY={1}>
			<Text bold>hetzner-runners-tui: first start</Text>
			{state.notes.map(note => <StatusMessage key={note} variant="success">{note}</StatusMessage>)}
			<Box flexDirection="column" marginTop={1}>
				{checking === undefined
					? <Question key={`${step} ${turn}`} state={state} newTokenUrl={ports.newTokenUrl} usualType={ports.usualType} onRepository={submit(answerRepository)} onGitHub={submit(answerGitHub)} onHetzner={submit(answerHetzner)} onKey={submit(answerKey)} onType={type => {
						pass({serverType: type}, `server type ${type}`);
					}} onLocation={submit(answerLocation)}/>
					: <Spinner label={checking}/>}
			</Box>
			{state.fault === undefined ? null : <Box marginTop={1}><StatusMessage variant="error">{state.fault}</StatusMessage></Box>}
			<Box marginTop={1}><Text dimColor>{hint(step)}</Text></Box>
		</Box>
	);
}

function hint(step: Step): string {
	return step === 'welcome'
		? 'enter begin   d demo   q quit'
		: `enter ${step === 'location' ? 'save and start the engine' : 'next'}   esc back   ctrl-c quit`;
}
