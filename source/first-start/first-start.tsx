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
import {Leaving, Question} from './questions.tsx';
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
	/**
	The repository that this folder is a clone of.
	*/
	readonly repositoryHere: string | undefined;
	readonly maxRunnersFault: (text: string) => string | undefined;
	/**
	Puts a text on the clipboard of the person's terminal.
	*/
	readonly copy: (text: string) => void;
	readonly repositoryFault: (text: string) => string | undefined;
	readonly checkGitHub: (repository: string, token: string) => Promise<{readonly good: string} | {readonly fault: string}>;
	readonly checkHetzner: (token: string) => Promise<{readonly project: Project} | {readonly fault: string}>;
	readonly uploadKey: (token: string, key: KeyChoice) => Promise<{readonly good: string} | {readonly fault: string}>;
	/**
	Writes the settings file, tokens only when told to. Rejects.
	*/
	readonly save: (answers: Answers, withTokens: boolean) => Promise<void>;
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

	const fail = (fault: string, refused = ''): void => {
		dispatch({type: 'failed', fault, refused});
	};

	async function findKeys(): Promise<void> {
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
			pass({githubRepository: repository}, `repository ${repository}`);
		} else {
			fail(fault, text);
		}
	}

	async function answerGitHub(text: string): Promise<void> {
		dispatch({type: 'checks', what: 'asking GitHub'});
		const answer = await ports.checkGitHub(answers.githubRepository ?? '', text.trim());
		if ('good' in answer) {
			pass({githubToken: text.trim()}, answer.good);
		} else {
			fail(answer.fault, text.trim());
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
			fail(answer.fault, text.trim());
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

	async function answerMaxRunners(text: string): Promise<void> {
		const fault = ports.maxRunnersFault(text.trim());
		if (fault === undefined) {
			pass({maxRunners: Number(text.trim())}, `at most ${text.trim()} servers at once`);
		} else {
			fail(fault, text);
		}
	}

	async function answerFirewall(answer: string): Promise<void> {
		try {
			await ports.save({...answers, firewall: answer === 'none' ? '' : answer}, true);
			onEnd('saved');
		} catch (error) {
			fail(error instanceof Error ? error.message : String(error));
		}
	}

	const link = step === 'githubToken' ? ports.newTokenUrl : (step === 'hetznerToken' ? 'https://console.hetzner.com/projects' : undefined);

	function copyLink(): void {
		if (link !== undefined) {
			ports.copy(link);
		}
	}

	async function leave(keeps: 'all' | 'withoutTokens' | 'nothing'): Promise<void> {
		try {
			if (keeps !== 'nothing') {
				await ports.save(answers, keeps === 'all');
			}

			onEnd('quit');
		} catch (error) {
			fail(error instanceof Error ? error.message : String(error));
		}
	}

	// Without a token there is nothing to ask: the rest is kept.
	function leaveOrAsk(): void {
		const given = Object.keys(answers).filter(name => answers[name as keyof Answers] !== known[name as keyof Answers]);
		if (given.includes('githubToken') || given.includes('hetznerToken')) {
			dispatch({type: 'leaves'});
		} else {
			void leave(given.length === 0 ? 'nothing' : 'withoutTokens');
		}
	}

	useInput((input, key) => {
		if (state.isLeaving) {
			if (key.escape) {
				dispatch({type: 'back'});
			} else if (key.return || input === 'y' || input === 'n' || (key.ctrl && input === 'c')) {
				void leave(input === 'y' ? 'all' : (input === 'n' ? 'nothing' : 'withoutTokens'));
			}

			return;
		}

		if (key.ctrl && input === 'c') {
			leaveOrAsk();
		} else if (key.ctrl && input === 'o') {
			copyLink();
		} else if (key.escape) {
			dispatch({type: 'back'});
		} else if (step === 'welcome' && input === 'd') {
			onEnd('demo');
		} else if (step === 'welcome' && input === 'q') {
			onEnd('quit');
		} else if (step === 'welcome' && key.return) {
			pass({});
		} else if (step === 'sshKey' && key.return && project?.keys.length === 0 && checking === undefined) {
			void findKeys();
		}
	});

	// A layout effect runs in the turn that draws; an effect after those of the fields, in which they begin to listen.
	useLayoutEffect(keyboard.hold);
	useEffect(keyboard.release);

	// What settings have already, by step: what is done with it.
	const knownAnswer: Readonly<Partial<Record<Step, () => (() => void) | undefined>>> = {
		repository: ifKnown(known.githubRepository, answerRepository),
		githubToken: ifKnown(known.githubToken, answerGitHub),
		hetznerToken: ifKnown(known.hetznerToken, answerHetzner),
		sshKey: ifKnown(project?.keys.find(({name, isAtHetzner}) => isAtHetzner && name === known.sshKey)?.privateKeyFile, answerKey),
		serverType: ifKnown(known.serverType, async type => {
			pass({}, `server type ${type}`);
		}),
		location: ifKnown(known.location, async location => {
			pass({}, `in ${location}`);
		}),
		maxRunners: ifKnown(known.maxRunners?.toString(), answerMaxRunners),
		firewall: ifKnown(known.firewall, answerFirewall),
	};

	// What settings have already is checked without asking; when it is found wrong, it is asked for.
	const checked = useRef(new Set<string>());
	useEffect(() => {
		const given = knownAnswer[step]?.();
		if (given === undefined || checked.current.has(step)) {
			return;
		}

		checked.current.add(step);
		given();
	});

	const submit = (answer: (text: string) => Promise<void>) => (text: string): void => {
		if (text.trim() === '') {
			fail(empty[step] ?? 'Nothing was typed.');
		} else {
			void answer(text);
		}
	};

	return (
		<Box flexDirection="column" paddingX={1} paddingY={1}>
			<Text bold>hetzner-runners-tui: first start</Text>
			{state.notes.map(note => <StatusMessage key={note} variant="success">{note}</StatusMessage>)}
			<Box flexDirection="column" marginTop={1}>
				{state.isLeaving
					? <Leaving/>
					: (checking === undefined
						? <Question key={`${step} ${turn}`} state={state} newTokenUrl={ports.newTokenUrl} usualType={ports.usualType} repositoryHere={ports.repositoryHere} onCopy={copyLink} onRepository={submit(answerRepository)} onGitHub={submit(answerGitHub)} onHetzner={submit(answerHetzner)} onKey={submit(answerKey)} onType={type => {
							pass({serverType: type}, `server type ${type}`);
						}} onLocation={location => {
							pass({location: location === 'any' ? '' : location}, location === 'any' ? 'wherever Hetzner picks' : `in ${location}`);
						}} onMaxRunners={submit(answerMaxRunners)} onFirewall={submit(answerFirewall)}/>
						: <Spinner label={checking}/>)}
			</Box>
			{state.fault === undefined ? null : <Box marginTop={1}><StatusMessage variant="error">{state.fault}</StatusMessage></Box>}
			<Box marginTop={1}><Text dimColor>{hint(step)}</Text></Box>
		</Box>
	);
}

function ifKnown(given: string | undefined, answer: (text: string) => Promise<void>): () => (() => void) | undefined {
	return () => given === undefined
		? undefined
		: () => {
			void answer(given);
		};
}

function hint(step: Step): string {
	return step === 'welcome'
		? 'enter begin   d demo   q quit'
		: `enter ${step === 'firewall' ? 'save and start the engine' : 'next'}   esc back   ctrl-c quit${step === 'githubToken' ? '   o copy the link' : (step === 'hetznerToken' ? '   ctrl-o copy the link' : '')}`;
}

const empty: Readonly<Partial<Record<Step, string>>> = {
	repository: 'Type the repository as owner/name.', githubToken: 'Paste a token first.', hetznerToken: 'Paste a token first.',
};
