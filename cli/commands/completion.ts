/** `tracerig completion SHELL`: prints what makes a shell complete the command's words. Made of the commands themselves. */
import type { Command, Option } from 'commander';
import { exitCodes } from '../../runner/exit-code.ts';
import { shippedKernels } from '../../core/kernels/shipped.ts';
import { standardOutput } from '../output.ts';
import type { Shell } from '../shells.ts';
import { reporterNames } from '../reporters/reporter.ts';

/** Returns the exit code. */
export function completion(shell: Shell, program: Command): number {
  standardOutput.out(
    scripts[shell](wordsOf(program, { '--reporter': reporterNames, '--kernel': shippedKernels })),
  );
  return exitCodes.ok;
}

interface CompletedOption {
  /** With their dashes. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** What the value may be; none: a file, or anything. */
  readonly values: readonly string[];
}

interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** Words that come behind it: its own commands, or the choices of its first argument. */
  readonly words: readonly string[];
}

/** @param suggested values of options that take others, too */
function wordsOf(
  program: Command,
  suggested: Readonly<Record<string, readonly string[]>>,
): readonly CompletedCommand[] {
  const help = program.createHelp();
  return help.visibleCommands(program).map((command) => ({
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map((option) => completedOption(option, suggested)),
    words: [
      ...command.commands.map((inner) => inner.name()),
      ...(command.registeredArguments[0]?.argChoices ?? []),
    ],
  }));
}

function completedOption(
  { short, long, description, required, optional, argChoices }: Option,
  suggested: Readonly<Record<string, readonly string[]>>,
): CompletedOption {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    takesValue: required || optional,
    values: argChoices ?? suggested[long ?? ''] ?? [],
  };
}

/** In single quotes, where only fish knows an escape. */
const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const fishText = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

type Script = (commands: readonly CompletedCommand[]) => string;

const bash: Script = (commands) => `# tracerig completion bash >> ~/.bashrc
_tracerig() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} command= words= options= i
  COMPREPLY=()
  # The shell takes "=" for a word of its own.
  if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    # Behind it stands a command of the user's.
    if [[ \${COMP_WORDS[i]} == -- ]]; then return; fi
    if [[ -z $command && \${COMP_WORDS[i]} != -* ]]; then command=\${COMP_WORDS[i]}; fi
  done
  case "$command $before" in
${commands.flatMap(bashValues).join('')}  esac
  case "$command" in
    '') words=${single(commands.map(({ name }) => name).join(' '))} ;;
${commands.map(bashWords).join('')}  esac
  # What is neither may be a file.
  if [[ $word == -* ]]; then words=$options; elif [[ -n $command && $before != "$command" ]]; then words=; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _tracerig tracerig
`;

const bashValues = ({ name, options }: CompletedCommand): string[] =>
  options
    .filter(({ takesValue }) => takesValue)
    .map(({ flags, values }) => {
      const reply =
        values.length === 0 ? '' : `COMPREPLY=($(compgen -W ${single(values.join(' '))} -- "$word")); `;
      return `    ${flags.map((flag) => single(`${name} ${flag}`)).join(' | ')}) ${reply}return ;;\n`;
    });

function bashWords({ name, options, words }: CompletedCommand): string {
  const flags = options.flatMap((option) => option.flags.filter((flag) => flag.startsWith('--')));
  return `    ${name}) words=${single(words.join(' '))} options=${single(flags.join(' '))} ;;\n`;
}

const zsh: Script = (commands) => `#compdef tracerig
# tracerig completion zsh > a folder of $fpath, as _tracerig
_tracerig() {
  local context state line
  local -A opt_args
  _arguments -C '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${commands.map((one) => `        ${single(`${one.name}:${one.description}`)}\n`).join('')}      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${commands.map(zshCommand).join('')}      esac
      ;;
  esac
}
if [[ $funcstack[1] == _tracerig ]]; then _tracerig "$@"; else compdef _tracerig tracerig; fi
`;

function zshCommand({ name, options, words }: CompletedCommand): string {
  const rest = words.length > 0 ? `1: :(${words.join(' ')})` : '*:file:_files';
  const lines = [...options.flatMap(zshOption), rest].map((line) => ` \\\n            ${single(line)}`);
  return `        ${name})\n          _arguments -s${lines.join('')}\n          ;;\n`;
}

/** One line for each of its flags. */
function zshOption({ flags, description, takesValue, values }: CompletedOption): string[] {
  const what = description.replace(/[[\]:\\]/g, '\\$&');
  const value = !takesValue ? '' : values.length > 0 ? `:value:(${values.join(' ')})` : ':file:_files';
  return flags.map((flag) => `*${flag}[${what}]${value}`);
}

const fish: Script = (commands) => `# tracerig completion fish > ~/.config/fish/completions/tracerig.fish
${commands.map((one) => `complete -c tracerig -n __fish_use_subcommand -fa ${one.name} -d ${fishText(one.description)}\n`).join('')}${commands.flatMap(fishCommand).join('')}`;

function fishCommand({ name, options, words }: CompletedCommand): string[] {
  const base = `complete -c tracerig -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...(words.length > 0 ? [`${base} -fa ${fishText(words.join(' '))}\n`] : []),
    ...options.map(({ flags, description, takesValue, values }) => {
      const named = flags.map((flag) =>
        flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
      );
      const value = !takesValue ? '' : values.length > 0 ? ` -xa ${fishText(values.join(' '))}` : ' -r';
      return `${base} ${named.join(' ')}${value} -d ${fishText(description)}\n`;
    }),
  ];
}

const scripts: Readonly<Record<Shell, Script>> = { bash, zsh, fish };
