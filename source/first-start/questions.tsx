import {PasswordInput, Select, TextInput} from '@inkjs/ui';
import {Box, Text} from 'ink';
import {
	useEffect,
	useMemo,
	useRef,
	type ReactElement,
} from 'react';
import {
	keyChoices,
	locationChoices,
	typeChoices,
	type Choice,
	type Project,
	type State,
} from './state.ts';

type QuestionProps = {
	readonly state: State; readonly newTokenUrl: string; readonly usualType: string;
	readonly onRepository: (text: string) => void; readonly onGitHub: (text: string) => void; readonly onHetzner: (text: string) => void;
	readonly onKey: (file: string) => void; readonly onType: (type: string) => void; readonly onLocation: (location: string) => void;
};

/**
The question of that step, with its field or its list.
*/
export function Question({state, newTokenUrl, usualType, onRepository, onGitHub, onHetzner, onKey, onType, onLocation}: QuestionProps): ReactElement {
	const {step, answers, project} = state;
	switch (step) {
		case 'welcome': {
			return (
				<Box flexDirection="column">
					<Text>It gives each queued job of a GitHub repository a Hetzner Cloud server of its own.</Text>
					<Text>Six questions, each answer is checked; the settings go to a file that only you can read.</Text>
					<Text>Or press d for the demo: a simulated world, no account, nothing is spent.</Text>
				</Box>
			);
		}

		case 'repository': {
			return <Ask says="Which repository's jobs are served? (owner/name)"><TextInput placeholder="acme/widgets" onChange={atEnter(onRepository)} onSubmit={onRepository}/></Ask>;
		}

		case 'githubToken': {
			return (
				<Ask says={`A GitHub token for ${answers.githubRepository ?? ''} with Actions: read, Administration: read and write. This page has them preset:`} link={newTokenUrl}>
					<PasswordInput placeholder="github_pat_…, it is not shown" onChange={atEnter(onGitHub)} onSubmit={onGitHub}/>
				</Ask>
			);
		}

		case 'hetznerToken': {
			return (
				<Ask says={'A Hetzner Cloud token with "Read & Write", from the project for the servers (Security, API tokens):'} link="https://console.hetzner.com/projects">
					<PasswordInput placeholder="64 letters and digits, they are not shown" onChange={atEnter(onHetzner)} onSubmit={onHetzner}/>
				</Ask>
			);
		}

		case 'sshKey': {
			return <KeyQuestion project={project} onKey={onKey}/>;
		}

		case 'serverType': {
			return <Ask says="Which server type for jobs that name none? (price with VAT and address)"><Pick choices={project === undefined ? [] : typeChoices(project, usualType)} onPick={onType}/></Ask>;
		}

		case 'location': {
			return <Ask says="Where?"><Pick choices={project === undefined ? [] : locationChoices(project, answers.serverType ?? '')} onPick={onLocation}/></Ask>;
		}
	}
}

// A pasted line, and fast typing over SSH, bring their enter inside the text: it ends the answer there, and nothing behind it is kept.
function atEnter(submit: (text: string) => void): (text: string) => void {
	return text => {
		const [line = '', ...more] = text.split(/[\n\r]/v);
		if (more.length > 0) {
			submit(line);
		}
	};
}

function KeyQuestion({project, onKey}: {readonly project: Project | undefined; readonly onKey: (file: string) => void}): ReactElement {
	const elsewhere = project?.keysElsewhere ?? [];
	return project === undefined || project.keys.length === 0
		? (
			<Box flexDirection="column">
				<Text>There is no SSH key in ~/.ssh that the servers could get{elsewhere.length === 0 ? '' : ` (Hetzner has ${elsewhere.join(', ')}, but their private keys are not here)`}.</Text>
				<Text>Make one in another terminal, without a passphrase if this is to run as a service, then press enter:</Text>
				<Text bold>ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519</Text>
			</Box>
		)
		: <Ask says="Which SSH key do new servers get?"><Pick choices={keyChoices(project)} onPick={onKey}/></Ask>;
}

function Ask({says, link, children}: {readonly says: string; readonly link?: string; readonly children: ReactElement}): ReactElement {
	return (
		<Box flexDirection="column">
			<Text>{says}</Text>
			{link === undefined ? null : <Text color="cyan">{link}</Text>}
			{children}
		</Box>
	);
}

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
	return <Select visibleOptionCount={8} options={options} onChange={listener}/>;
}
