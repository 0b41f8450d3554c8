import {optionRows, type Option} from '../settings/options/index.ts';
import {didYouMean, UsageError} from '../settings/usage-error.ts';
import {print} from '../terminal/print.ts';
import {commands} from './table.ts';
import type {Call} from './call.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

type Shell = (typeof shells)[number];

const programs = ['hetzner-runners-tui', 'github-runners'];

/** `completion bash | zsh | fish`: prints what that shell sources to complete commands, their words and options. */
export function completion({positionals}: Call): number {
	const shell = shells.find(one => one === positionals[0]);
	if (shell === undefined || positionals.length > 1) {
		throw new UsageError(`completion takes one of ${shells.join(', ')}.${positionals[0] === undefined ? '' : didYouMean(positionals[0], shells)}`);
	}

	print(completionScript(shell));
	return 0;
}

/** The completion script, from the tables of commands and options. */
export function completionScript(shell: Shell): string {
	return {bash: bashScript, zsh: zshScript, fish: fishScript}[shell]();
}

/** The words a command's own argument may be: `show | path | set NAME` gives show, path, set. */
function wordsOf({takes}: {readonly takes: string}): readonly string[] {
	return takes.match(/\b[a-z][\-0-9a-z]*\b/gv) ?? [];
}

function flagsOf(option: Option): readonly string[] {
	const flags = [option.flag, ...(option.aliases ?? [])].map(flag => `--${flag}`);
	const off = option.type === 'switch' && option.default === true ? [`--no-${option.flag}`] : [];
	return [...flags, ...off, ...(option.short === undefined ? [] : [`-${option.short}`])];
}

function allFlags(): readonly string[] {
	return [...optionRows(true).flatMap(option => flagsOf(option)), '--help', '--version', '--license'];
}

const takesFile = (option: Option): boolean => option.value === 'FILE' || option.value === 'DIR';

function bashScript(): string {
	const rows = optionRows(true);
	const withValue = rows.filter(option => option.type !== 'switch');
	const cases = [
		...withValue.filter(option => takesFile(option)).map(option => `\t\t${flagsOf(option).join('|')}) compopt -o default; COMPREPLY=(); return ;;`),
		...withValue.filter(option => option.choices !== undefined).map(option => `\t\t${flagsOf(option).join('|')}) COMPREPLY=($(compgen -W '${(option.choices ?? []).join(' ')}' -- "$word")); return ;;`),
		`\t\t${withValue.filter(option => !takesFile(option) && option.choices === undefined).flatMap(option => flagsOf(option)).join('|')}) COMPREPLY=(); return ;;`,
	];
	return `# bash completion: source <(hetzner-runners-tui completion bash)
_hetzner_runners_tui() {
	local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
	case "$before" in
${cases.join('\n')}
	esac
	if [[ "$word" == -* ]]; then
		COMPREPLY=($(compgen -W '${allFlags().join(' ')}' -- "$word"))
		return
	fi
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W '${commands.map(({name}) => name).join(' ')}' -- "$word"))
		return
	fi
	case "$command" in
${commands.filter(command => wordsOf(command).length > 0).map(command => `\t\t${command.name}) COMPREPLY=($(compgen -W '${wordsOf(command).join(' ')}' -- "$word")) ;;`).join('\n')}
		*) COMPREPLY=() ;;
	esac
}
complete -F _hetzner_runners_tui ${programs.join(' ')}
`;
}

function zshScript(): string {
	const text = (words: string) => words.replaceAll(/[:\[\\\]]/gv, String.raw`\$&`).replaceAll('\'', String.raw`'\''`);
	const options = optionRows(true).flatMap(option => flagsOf(option).map(flag => {
		const many = option.type === 'list' ? '*' : '';
		const value = option.type === 'switch' ? '' : (option.choices === undefined ? `:${(option.value ?? 'value').toLowerCase()}:${takesFile(option) ? '_files' : ''}` : `:${(option.value ?? 'value').toLowerCase()}:(${option.choices.join(' ')})`);
		return `\t\t'${many}${flag}[${text(option.description)}]${text(value).replaceAll(String.raw`\:`, ':')}'`;
	}));
	return String.raw`#compdef ${programs.join(' ')}
# zsh completion: source <(hetzner-runners-tui completion zsh)
_hetzner_runners_tui() {
	local -a commands
	commands=(
${commands.map(({name, description}) => `\t\t'${name}:${text(description)}'`).join('\n')}
	)
	_arguments -s \
${options.map(line => `${line} \\`).join('\n')}
		'1:command:->command' '*:word:->word'
	case $state in
		command) _describe command commands ;;
		word)
			case $words[2] in
${commands.filter(command => wordsOf(command).length > 0).map(command => `\t\t\t\t${command.name}) compadd ${wordsOf(command).join(' ')} ;;`).join('\n')}
			esac ;;
	esac
}
compdef _hetzner_runners_tui ${programs.join(' ')}
`;
}

function fishScript(): string {
	const quote = (words: string) => `'${words.replaceAll(/['\\]/gv, String.raw`\$&`)}'`;
	const lines = programs.flatMap(program => [
		`complete -c ${program} -f`,
		...commands.map(({name, description}) => `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quote(description)}`),
		...commands.filter(command => wordsOf(command).length > 0).map(command => `complete -c ${program} -n '__fish_seen_subcommand_from ${command.name}' -a ${quote(wordsOf(command).join(' '))}`),
		...optionRows(true).flatMap(option => {
			const choices = option.choices === undefined ? ' -x' : ` -x -a ${quote(option.choices.join(' '))}`;
			const value = option.type === 'switch' ? '' : (takesFile(option) ? ' -r -F' : choices);
			return [option.flag, ...(option.aliases ?? []), ...(option.type === 'switch' && option.default === true ? [`no-${option.flag}`] : [])]
				.map(flag => `complete -c ${program} -l ${flag}${option.short === undefined ? '' : ` -s ${option.short}`} -d ${quote(option.description)}${value}`);
		}),
	]);
	return `# fish completion: hetzner-runners-tui completion fish | source\n${lines.join('\n')}\n`;
}
