/** The program behind the `tracerig` command. Only parses arguments; each command's code is loaded when it is called. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { loadModes } from '../core/plan/mode.ts';
import { shells } from './shells.ts';
import type { Shell } from './shells.ts';
import type { CheckOptions } from './commands/check.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { RecordCommandOptions } from './commands/record.ts';
import type { RunCommandOptions } from './commands/run.ts';
import type { SetupCommandOptions } from './commands/setup.ts';
import type { SnapshotOptions } from './commands/snapshot.ts';
import type { TestOptions } from './commands/test.ts';
import { addVmCommands } from './vm-commands.ts';
import { reporterNames } from './reporters/reporter.ts';
import { guardCommand, insideViewCommand, keepVmCommand } from './itself.ts';
import { fail, setUpOutput } from './output.ts';
import { version } from './version.ts';

/** @param afterDashes the words after `--`, which are among the operands, too */
export function program(afterDashes: readonly string[]): Command {
  const tracerig = new Command('tracerig')
    .description('Test harness and simulator for Tetragon TracingPolicies.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failed, 2 usage or a malformed file, 3 the backend cannot run here, 4 backends disagree, 130 interrupted.',
    );
  const backend = (choices: string[]): Option =>
    new Option('--backend <name>', 'where steps run').choices(choices).default('sim');

  tracerig
    .command('test')
    .description('run scenarios and hold them against their expectations')
    .argument('[paths...]', 'scenario files or folders (default: those of the configuration, else .)')
    .addOption(
      new Option('--backend <name>', 'where steps run (default: sim)')
        .choices(['sim', 'kernel', 'vm', 'all'])
        .env('TRACERIG_BACKEND'),
    )
    .addOption(
      new Option(
        '--kernel <versions>',
        'kernels of the VM, or to replay on: comma-separated, e.g. 5.10,6.12; all: each that is there',
      ).env('TRACERIG_KERNEL'),
    )
    .option('--cpus <count>', 'processors of the VM (default: TRACERIG_VM_CPUS, else 1)')
    .option('-t, --test-name-pattern <regex>', 'judge only steps whose "SCENARIO STEP" it matches')
    .option('--tag <tag>', 'judge only steps with this tag, or without it: !slow; repeatable', collected)
    .option('--bail <count>', 'start nothing more after so many failed steps')
    .option('--repeat <count>', 'run each scenario so often, and name the steps that do not always end alike')
    .option(
      '--jobs <count>',
      'run so many scenarios side by side in VMs; auto: as processors and memory allow',
    )
    .option('--shard <part/count>', 'run a part of the scenario files, such as 1/3')
    .option('--record-missing', 'first record what the simulator lacks, as record --missing does')
    .option('--list', 'only say which steps there are; with --reporter json as JSON')
    .option('-w, --watch', 'run again what a changed scenario, policy or recording concerns')
    .option(
      '--reporter <name[=file]>',
      `form of the report, and its file; repeatable: ${reporterNames.join(', ')} (default: pretty, and on GitHub github)`,
      collected,
    )
    .option('--output-file <file>', 'write the report there instead of to standard output')
    .option('--timeout <seconds>', 'longest time of a step that names none')
    .option('--total-timeout <seconds>', 'longest time of all of it')
    .option('--here', 'let the commands of --backend kernel act on this machine itself')
    .option('--allow-outside', 'let scenarios name files outside of their project (package.json or .git)')
    .option('--allow-only', 'take steps that say only on CI, too')
    .option('--config <file>', 'configuration (default: tracerig.config.{yaml,json,js,ts} of the project)')
    .addHelpText(
      'after',
      '\nExample:\n  tracerig test scenarios --backend all --reporter pretty --reporter junit=out.xml',
    )
    .action(async (paths: string[], options: TestOptions) => {
      finish(await (await import('./commands/test.ts')).test(paths, options));
    });

  tracerig
    .command('run')
    .description('show what policies do to a command or to a recorded trace')
    .requiredOption('-p, --policy <files...>', 'policies to load')
    .addOption(
      new Option(
        '--mode <mode>',
        'policy mode to load them in (default: as their option policy-mode says)',
      ).choices(loadModes),
    )
    .option(
      '--trace <files...>',
      'replay this strace recording, also gzip or zstd; - is standard input; or the files of strace -ff, or what they begin with',
    )
    .option('--start <file>', 'start snapshot of the trace (default: the .start.json beside it)')
    .option('--exe <path>', 'program that ran when strace was attached to its process (strace -p)')
    .option('--traced <calls>', 'what strace was told to trace (-e trace=), if not all calls')
    .option(
      '--given <file>',
      'what the command finds: a scenario, whose given counts, or a file with only that',
    )
    .option('--allow-outside', 'let the file of --given name files outside of its project')
    .addOption(backend(['sim', 'kernel', 'vm']))
    .option('--kernel <version>', 'kernel line of the VM, or to replay on, e.g. 6.12')
    .option('--cpus <count>', 'processors of the VM (default: TRACERIG_VM_CPUS, else 1)')
    .addOption(
      new Option('-o, --output <form>', 'form of the events').choices(['compact', 'json']).default('compact'),
    )
    .option('--node-name <name>', 'node name in the events')
    .option('--timeout <seconds>', 'longest time of the command')
    .option('--total-timeout <seconds>', 'longest time of all of it')
    .option('--here', 'run the commands on this machine itself, not in a throw-away view: what they do stays')
    .argument('[command...]', 'command to run, after --')
    .addHelpText(
      'after',
      '\nExamples:\n  tracerig run --policy guard.yaml --trace cat.strace\n  tracerig run --policy guard.yaml --backend vm -- cat /tmp/tetragon',
    )
    .action(async (command: string[], options: RunCommandOptions) => {
      finish(await (await import('./commands/run.ts')).run(command, options));
    });

  tracerig
    .command('record')
    .description(
      "record the steps of scenarios with strace beside the scenario's file: without any policy, and in the VM also as policies change them",
    )
    .argument('[paths...]', 'scenario files or folders; or, after --, a command to write a scenario of')
    .option('--scenario <files...>', 'scenarios to record, as the paths')
    .option(
      '--missing',
      'record only steps whose recording is missing or of an older scenario, and missing courses',
    )
    .option('-t, --step <regex>', 'record only steps whose "SCENARIO STEP" it matches')
    .option('-p, --policy <files...>', 'with a command: policies of its scenario')
    .option('-o, --output <file>', 'with a command: the scenario to write (default: PROGRAM.scenario.yaml)')
    .addOption(
      new Option(
        '--backend <name>',
        'machine to record on (default: the VM if it is set up, else this one)',
      ).choices(['kernel', 'vm']),
    )
    .option('--kernel <version>', 'kernel line of the VM, e.g. 6.12')
    .option('--timeout <seconds>', 'longest time of a step that names none')
    .option('--total-timeout <seconds>', 'longest time of all of it')
    .option('--here', 'run the commands on this machine itself, not in a throw-away view: what they do stays')
    .option('--allow-outside', 'let scenarios name files outside of their project (package.json or .git)')
    .addHelpText(
      'after',
      '\nExamples:\n  tracerig record scenarios\n  tracerig record --policy guard.yaml -- cat /etc/hostname',
    )
    .action(async (words: string[], options: RecordCommandOptions) => {
      // Both come as one list.
      const paths = words.slice(0, words.length - afterDashes.length);
      finish(await (await import('./commands/record.ts')).record(paths, afterDashes, options));
    });

  tracerig
    .command('snapshot')
    .description('write what a strace log does not tell of a process and this machine, for run --start')
    .option('--pid <pid>', 'process that strace is attached to (default: the one that calls this)')
    .option('-o, --output <file>', 'write it there instead of to standard output')
    .option(
      '--trace <files...>',
      'log that strace has written, or that the command writes: what it names is looked at on this machine (links, modes, #! lines)',
    )
    .argument('[command...]', 'command to run after it is taken, after --')
    .addHelpText(
      'after',
      '\nExamples:\n  tracerig snapshot --pid 4711 -o web.start.json\n  tracerig snapshot -o cat.start.json --trace cat.strace -- strace -f -ttt -yy -o cat.strace cat /etc/hostname',
    )
    .action(async (command: string[], options: SnapshotOptions) => {
      finish(await (await import('./commands/snapshot.ts')).snapshot(command, options));
    });

  tracerig
    .command('check')
    .description('validate policies and warn about what they will not do')
    .argument(
      '[policies...]',
      'policy files or folders (default: those of the configuration); - is standard input',
    )
    .option(
      '--kernel <versions>',
      'does it load there: comma-separated kernel lines, host, or files with BTF or facts (tracerig kernel describe), e.g. 5.10,6.12',
    )
    .addOption(
      new Option('--tetragon <release>', 'release of Tetragon that is to load them')
        .choices(['1.4', '1.5', '1.6', '1.7', 'main'])
        .default('main'),
    )
    .option(
      '--disable-kprobe-multi',
      'as for an agent that runs with this flag: each hook is attached on its own',
    )
    .option('--strict', 'treat warnings as failures, and enforcement without any filter as an error')
    .option('--config <file>', 'configuration (default: tracerig.config.{yaml,json,js,ts} of the project)')
    .option(
      '--ignore <codes>',
      'codes of warnings to leave out, comma-separated; a comment does it for one place: # tracerig-ignore CODE: reason',
    )
    .option('--fix', 'repair what can be repaired mechanically')
    .addOption(
      new Option('--reporter <name>', 'form of the report')
        .choices(['pretty', 'json', 'github', 'sarif'])
        .default('pretty'),
    )
    .option('--output-file <file>', 'write the report there instead of to standard output')
    .action(async (policies: string[], options: CheckOptions) => {
      finish(await (await import('./commands/check.ts')).check(policies, options));
    });

  tracerig
    .command('explain')
    .description(
      'say in plain words what a policy does, why a probe hit matches, or what a field or a code means',
    )
    .argument('<policy>', 'policy file; or a field such as spec.kprobes.args; or a code such as TR-toctou')
    .argument('[field]', 'field of the policy to explain, e.g. spec.kprobes[0].selectors[0]')
    .option('--kernel <version>', 'what it does on this kernel, e.g. 6.12, host, or a vmlinux')
    .option('--hit <file>', 'probe hit or events of Tetragon (JSON) to follow through the selectors')
    .option('--line <number>', 'of a log of events, the one on this line')
    .addHelpText(
      'after',
      `
A probe hit names the hook, its values in the order of the policy's args, and the process, for example:
  {"hook": "fd_install", "args": [3, "/etc/passwd"], "process": {"binary": "/usr/bin/cat", "pid": 42}}
Values that it leaves out are not known; its process runs on the host with all capabilities unless it says otherwise.
An event of Tetragon, one line of its JSON export, will do as well; of a log each event is explained, or that on --line.

Examples:
  tracerig explain guard.yaml
  tracerig explain guard.yaml --hit hit.json
  tracerig explain spec.kprobes.selectors.matchArgs
  tracerig explain TR-toctou`,
    )
    .action(async (policy: string, field: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('./commands/explain.ts');
      finish(await explain(policy, field, options));
    });

  tracerig
    .command('kernel')
    .description('facts of kernels, for check --kernel')
    .command('describe')
    .description('write the facts of the kernel that runs here, as far as this user may see them')
    .addHelpText(
      'after',
      '\nExample:\n  tracerig kernel describe > facts.json\n  tracerig check --kernel facts.json policies/',
    )
    .action(async () => {
      finish((await import('./commands/kernel.ts')).describeKernel());
    });

  tracerig
    .command('doctor')
    .description('say what this machine can run, and what would enable the rest')
    .option('--json', 'as JSON')
    .action(async (options: DoctorOptions) => {
      finish(await (await import('./commands/doctor.ts')).doctor(options));
    });

  tracerig
    .command('init')
    .description('write a first policy with its test, its recording and a CI file; overwrite nothing')
    .argument('[folder]', 'where to', '.')
    .action(async (folder: string) => {
      finish((await import('./commands/init.ts')).init(folder));
    });

  addVmCommands(
    tracerig.command('vm').description('the kernels that VMs run, and machines to look around in'),
    finish,
    afterDashes,
  );

  tracerig
    .command('setup')
    .description('install and build what the kernel backend and the VM need: Debian 12 or later, as root')
    .option(
      '--kernel <lines>',
      'kernel lines for the VM, such as 6.1,6.12, or all that Debian offers (default: 6.12)',
      collected,
    )
    .option('--host-only', "only what the machine's own kernel needs: no VM")
    .option('--refresh', 'look for newer kernels and packages than the cached ones')
    .option('--dry-run', 'only say what would be installed, fetched and built, and why')
    .action(async (options: SetupCommandOptions) => {
      finish(await (await import('./commands/setup.ts')).setup(options));
    });
  tracerig
    .command('completion')
    .description('print a script that makes a shell complete the words of this command')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      '\nExamples:\n  tracerig completion bash >> ~/.bashrc\n  tracerig completion zsh > ~/.zfunc/_tracerig\n  tracerig completion fish > ~/.config/fish/completions/tracerig.fish',
    )
    .action(async (shell: Shell) => {
      finish((await import('./commands/completion.ts')).completion(shell, tracerig));
    });
  tracerig.command(insideViewCommand, { hidden: true }).action(async () => {
    await (await import('../runner/record/inside-view.ts')).recordInsideView();
  });
  tracerig
    .command(keepVmCommand, { hidden: true })
    .argument('<line>')
    .argument('[processors]')
    .action(async (line: string, processors: string | undefined) => {
      await (await import('./commands/vm-machine.ts')).keepVm(line, processors);
    });
  tracerig
    .command(guardCommand, { hidden: true })
    .argument('<ledger>')
    .action(async (ledger: string) => {
      await (await import('../cache/guard.ts')).guardLedger(ledger);
    });
  return tracerig;
}

/** Values of an option that may be given more than once. */
const collected = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  value,
];

function finish(code: number): void {
  process.exitCode = code;
}

/** Runs the command with these arguments; sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
  setUpOutput();
  try {
    // Who asks for nothing wants to know what there is to ask for.
    const dashes = args.indexOf('--');
    const afterDashes = dashes === -1 ? [] : args.slice(dashes + 1);
    await program(afterDashes).parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else process.exitCode = fail(error);
  }
}
