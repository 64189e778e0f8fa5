/** The commands below `tracerig vm`, as `main.ts` has the others: only parses arguments. */
import type { Command } from 'commander';
import type { UpOptions } from './commands/vm-machine.ts';
import type { ListOptions, PruneOptions, PullOptions } from './commands/vm.ts';

/**
 * @param finish takes the exit code
 * @param afterDashes the words after `--`, which are among the operands, too
 */
export function addVmCommands(
  vm: Command,
  finish: (code: number) => void,
  afterDashes: readonly string[],
): void {
  const commands = () => import('./commands/vm.ts');
  const machine = () => import('./commands/vm-machine.ts');
  vm.command('list')
    .description('kernels that can be got, and what has been made of each here')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      finish(await (await commands()).list(options));
    });
  vm.command('pull')
    .description('get kernels and make their images and snapshots, as setup does: Debian, as root')
    .argument(
      '<lines...>',
      'kernel lines such as 6.1, or all that Debian offers; or files: a .deb, a vmlinuz, a vmlinuz:MODULES',
    )
    .option('--refresh', 'look for newer kernels than the cached ones')
    .option('--dry-run', 'only say what would be installed, fetched and built, and why')
    .action(async (lines: string[], options: PullOptions) => {
      finish(await (await commands()).pull(lines, options));
    });
  vm.command('build-kernel')
    .description(
      "build the kernel `override` from Debian's source: on it BPF overrides what system calls return; about 20 minutes on two processors, once",
    )
    .option('--refresh', 'take the newest source')
    .option('--dry-run', 'only say what would be installed, fetched and built, and why')
    .action(async (options: PullOptions) => {
      finish(await (await commands()).pull(['override'], options));
    });
  vm.command('prune')
    .description('remove from the cache what no kernel that is set up uses, and the kernels that are named')
    .argument('[lines...]', 'kernel lines that are not wanted any more')
    .option('--dry-run', 'only say what would be removed')
    .action(async (lines: string[], options: PruneOptions) => {
      finish(await (await commands()).pruneCache(lines, options));
    });
  vm.command('up')
    .description('start a machine that stays, to look around in')
    .argument('[line]', 'kernel line (default: 6.12)')
    .option('--cpus <count>', 'processors of the VM (default: TRACERIG_VM_CPUS, else 1)')
    .action(async (line: string | undefined, options: UpOptions) => {
      finish(await (await machine()).up(line === undefined ? [] : [line], options));
    });
  vm.command('exec')
    .description('run a command, as root, in a machine that is up; its exit code is that of this command')
    .argument('[words...]', 'kernel line (default: 6.12), and the command after --')
    .addHelpText('after', '\nExample:\n  tracerig vm exec 6.12 -- uname -r')
    .action(async (words: string[]) => {
      const before = words.slice(0, words.length - afterDashes.length);
      finish(await (await machine()).exec(before, afterDashes));
    });
  vm.command('ssh')
    .description(
      'open a shell in a machine that is up, on its console (it has no network): exit or Ctrl-D ends it',
    )
    .argument('[line]', 'kernel line (default: 6.12)')
    .action(async (line: string | undefined) => {
      finish(await (await machine()).ssh(line === undefined ? [] : [line]));
    });
  vm.command('down')
    .description('end machines that are up')
    .argument('[lines...]', 'kernel lines (default: all)')
    .action(async (lines: string[]) => {
      finish(await (await machine()).down(lines));
    });
}
