/** Debian packages that setup installs, with what each is for. */
import { isBuilt, listedKernel } from '../vm/kernel-list.ts';
import { nativePackages } from './native.ts';
import type { SetupOptions } from './options.ts';
import { runTool } from './run-tool.ts';

export interface PackageNeed {
  readonly names: readonly string[];
  readonly why: string;
  readonly for: Purpose;
}

/** Everything; the VM, so not where only the machine's own kernel is to be used; or a kernel that is built here. */
type Purpose = 'all' | 'vm' | 'building a kernel';

export const packageNeeds: readonly PackageNeed[] = [
  { names: nativePackages, why: 'building the BPF objects, the addon and the guest agent', for: 'all' },
  { names: ['gcc', 'libc6-dev'], why: "building the guest's init", for: 'vm' },
  { names: ['strace'], why: 'recording traces', for: 'all' },
  { names: ['qemu-system-x86'], why: 'running the VM', for: 'vm' },
  { names: ['debian-archive-keyring'], why: "checking what comes from Debian's archive", for: 'vm' },
  { names: ['mmdebstrap', 'e2fsprogs'], why: "making the VM's root file system", for: 'vm' },
  { names: ['lz4', 'xz-utils', 'zstd'], why: 'unpacking kernels', for: 'vm' },
  {
    names: ['bc', 'bison', 'dwarves', 'flex', 'gcc', 'libelf-dev', 'make', 'zstd'],
    why: 'building a kernel whose system calls can be overridden',
    for: 'building a kernel',
  },
  { names: ['vagrant', 'vagrant-libvirt'], why: 'checking the Vagrantfile', for: 'vm' },
];

/** What setup needs for these options. */
export function needsOf({ hostOnly, kernels }: Pick<SetupOptions, 'hostOnly' | 'kernels'>): PackageNeed[] {
  const builds = kernels.some((line) => isBuilt(listedKernel(line)));
  const purposes: readonly Purpose[] = hostOnly
    ? ['all']
    : ['all', 'vm', ...(builds ? [`building a kernel` as const] : [])];
  return packageNeeds.filter((need) => purposes.includes(need.for));
}

/** Their names. */
export function packagesOf(needs: readonly PackageNeed[]): string[] {
  return [...new Set(needs.flatMap((need) => need.names))].sort();
}

/** Those of `names` that are not installed. @throws ToolError without dpkg */
export async function missingPackages(names: readonly string[]): Promise<string[]> {
  const format = '${binary:Package} ${db:Status-Status}\n';
  const all = await runTool('dpkg-query', ['--show', '--showformat', format]);
  const installed = new Set(
    all
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(/[: ]/)[0] ?? ''),
  );
  return names.filter((name) => !installed.has(name));
}

/** The command that installs packages, as one would type it. */
export function installCommand(names: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

/** Installs by apt-get; reads the lists again first, since those of a fresh machine are empty or old. */
export async function installPackages(
  names: readonly string[],
  options: { readonly signal?: AbortSignal; readonly onLine?: (line: string) => void },
): Promise<void> {
  await runTool('apt-get', ['update', '-q'], options);
  await runTool(
    'apt-get',
    [
      ...['install', '-y', '-q', '--no-install-recommends'],
      // Another apt on the machine (unattended upgrades) is waited for.
      ...['-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'],
      ...names,
    ],
    options,
  );
}
