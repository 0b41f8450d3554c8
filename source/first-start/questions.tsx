import {Select} from '@inkjs/ui';
import {Box, Text, Transform} from 'ink';
import {
	useEffect,
	useMemo,
	useRef,
	type ReactElement,
} from 'react';
import {cleanText} from '../model/clean-text.ts';
import {Field} from './field.tsx';
import {
	keyChoices,
	locationChoices,
	formatProgress,
	suggestedRunners,
	typeChoices,
	type Choice,
	type Project,
	type State,
} from './state.ts';

type QuestionProps = {
	readonly state: State; readonly newTokenUrl: string; readonly usualType: string; readonly repositoryHere: string | undefined;
	readonly onCopy: () => void; readonly onRepository: (text: string) => void; readonly onGitHub: (text: string) => void; readonly onHetzner: (text: string) => void;
	readonly onKey: (file: string) => void; readonly onType: (type: string) => void; readonly onLocation: (location: string) => void; readonly onMaxRunners: (text: string) => void; readonly onFirewall: (answer: string) => void;
};

/**
The question of that step, with its field or its list.
*/
export function Question({state, newTokenUrl, usualType, repositoryHere, onCopy, onRepository, onGitHub, onHetzner, onKey, onType, onLocation, onMaxRunners, onFirewall}: QuestionProps): ReactElement {
	const {step, answers, project, refused} = state;
	const progress = formatProgress(step);
	switch (step) {
		case 'welcome': {
			return (
				<Box flexDirection="column">
					<Text>It gives each queued job of a GitHub repository a Hetzner Cloud server of its own.</Text>
					<Text>Eight questions, each answer is checked; the settings go to a file that only you can read.</Text>
					<Text>Or press d for the demo: a simulated world, no account, nothing is spent.</Text>
				</Box>
			);
		}

		case 'repository': {
			return <Ask progress={progress} says="Which repository's jobs are served? (owner/name)"><Field initial={refused} placeholder={repositoryHere ?? 'owner/name'} suggestion={repositoryHere} onSubmit={onRepository}/></Ask>;
		}

		case 'githubToken': {
			return (
				<Ask progress={progress} says={`A GitHub token for ${answers.githubRepository ?? ''} with Actions: read, Administration: read and write. This page has them preset:`} link={newTokenUrl}>
					<Field isSecret initial={refused} placeholder="github_pat_…, it is not shown" shortcut={{letter: 'o', run: onCopy}} onSubmit={onGitHub}/>
				</Ask>
			);
		}

		case 'hetznerToken': {
			return (
				<Ask progress={progress} says={'A Hetzner Cloud token with "Read & Write", from the project for the servers (Security, API tokens):'} link="https://console.hetzner.com/projects">
					<Field isSecret initial={refused} placeholder="64 letters and digits, they are not shown" onSubmit={onHetzner}/>
				</Ask>
			);
		}

		case 'sshKey': {
			return <KeyQuestion progress={progress} project={project} onKey={onKey}/>;
		}

		case 'serverType': {
			return <Ask progress={progress} says="Which server type for jobs that name none? (price with VAT and address)"><Pick choices={project === undefined ? [] : typeChoices(project, usualType)} onPick={onType}/></Ask>;
		}

		case 'location': {
			return <Ask progress={progress} says="Where?"><Pick choices={project === undefined ? [] : locationChoices(project, answers.serverType ?? '')} onPick={onLocation}/></Ask>;
		}

		case 'maxRunners': {
			const suggestion = String(suggestedRunners);
			return <Ask progress={progress} says="How many servers at most at the same time? Each costs its started hours; jobs beyond that wait."><Field initial={refused} placeholder={suggestion} suggestion={suggestion} onSubmit={onMaxRunners}/></Ask>;
		}

		case 'firewall': {
			return <Ask progress={progress} says="A firewall before the servers? It costs nothing, and outgoing connections stay free."><Pick choices={firewallChoices} onPick={onFirewall}/></Ask>;
		}
	}
}

const firewallChoices: readonly Choice[] = [{value: 'create', label: 'yes: SSH and ICMP come in, nothing else'}, {value: 'none', label: 'no: whatever a job opens can be reached from anywhere'}];

/**
What is kept of the answers so far.
*/
export function Leaving(): ReactElement {
	return (
		<Box flexDirection="column">
			<Text bold>Leave, and keep what was answered for the next start?</Text>
			<Text>  enter   all but the tokens</Text>
			<Text>  y       the tokens too, in the settings file that only you can read</Text>
			<Text>  n       nothing</Text>
		</Box>
	);
}

function KeyQuestion({progress, project, onKey}: {readonly progress: string; readonly project: Project | undefined; readonly onKey: (file: string) => void}): ReactElement {
	const elsewhere = project?.keysElsewhere ?? [];
	return project === undefined || project.keys.length === 0
		? (
			<Box flexDirection="column">
				<Text dimColor>{progress}</Text>
				{project?.keyProblems.map(problem => <Text key={problem}>{problem}</Text>)}
				<Text>There is no SSH key in ~/.ssh that the servers could get{elsewhere.length === 0 ? '' : ` (Hetzner has ${elsewhere.join(', ')}, but their private keys are not here)`}.</Text>
				<Text>Make one in another terminal, without a passphrase if this is to run as a service, then press enter:</Text>
				<Text bold>ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519</Text>
			</Box>
		)
		: <Ask progress={progress} says="Which SSH key do new servers get?"><Pick choices={keyChoices(project)} onPick={onKey}/></Ask>;
}

function Ask({progress, says, link, children}: {readonly progress: string; readonly says: string; readonly link?: string; readonly children: ReactElement}): ReactElement {
	return (
		<Box flexDirection="column">
			<Text><Text dimColor>{progress}  </Text>{says}</Text>
			{link === undefined ? null : <Transform transform={line => asLink(line, link)}><Text color="cyan">{link}</Text></Transform>}
			{children}
		</Box>
	);
}

// Each line of a link that is too long for one leads to all of it (OSC 8).
function asLink(line: string, link: string): string {
	return line.trim() === '' ? line : `\u{1B}]8;;${cleanText(link)}\u{1B}\\${line}\u{1B}]8;;\u{1B}\\`;
}

const rowsShown = 8;

// The list calls its listener again at each render with a new one: it gets one that stays.
function Pick({choices, onPick}: {readonly choices: readonly Choice[]; readonly onPick: (value: string) => void}): ReactElement {
	const newest = useRef(onPick);
	useEffect(() => {
		newest.current = onPick;
	});
	const listener = useMemo(() => (value: string) => {
		newest.current(value);
	}, []);
	const options = useMemo(() => choices.map(({label, value}) => ({label, value})), [choices]);
	return (
		<Box flexDirection="column">
			<Select visibleOptionCount={rowsShown} options={options} onChange={listener}/>
			{choices.length > rowsShown ? <Text dimColor>  {choices.length} in all: ↓ goes on</Text> : null}
		</Box>
	);
}
