/** The commands below `tracerig vm`, as `main.ts` has the others: only parses arguments. */
import type { Command } from 'commander';
import type { ListOptions, PruneOptions, PullOptions } from './commands/vm.ts';

/** @param finish takes the exit code */
export function addVmCommands(vm: Command, finish: (code: number) => void): void {
  const commands = () => import('./commands/vm.ts');
  vm.command('list')
    .description('kernels that can be got, and what has been made of each here')
    .option('--json', 'as JSON')
    .action(async (options: ListOptions) => {
      finish(await (await commands()).list(options));
    });
  vm.command('pull')
    .description('get kernels and make their images and snapshots, as setup does: Debian, as root')
    .argument('<lines...>', 'kernel lines such as 6.1, or all that Debian offers')
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
}
