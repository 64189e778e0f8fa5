/** Debian packages that setup installs, with what each is for. */
import { nativePackages } from './native.ts';
import { runTool } from './run-tool.ts';

export interface PackageNeed {
  readonly names: readonly string[];
  readonly why: string;
  /** Not needed where only the machine's own kernel is to be used. */
  readonly forVm: boolean;
}

export const packageNeeds: readonly PackageNeed[] = [
  { names: nativePackages, why: 'building the BPF objects, the addon and the guest agent', forVm: false },
  { names: ['gcc', 'libc6-dev'], why: "building the guest's init", forVm: true },
  { names: ['strace'], why: 'recording traces', forVm: false },
  { names: ['qemu-system-x86'], why: 'running the VM', forVm: true },
  { names: ['debian-archive-keyring'], why: "checking what comes from Debian's archive", forVm: true },
  { names: ['mmdebstrap', 'e2fsprogs'], why: "making the VM's root file system", forVm: true },
  { names: ['lz4', 'xz-utils', 'zstd'], why: 'unpacking kernels', forVm: true },
  { names: ['vagrant', 'vagrant-libvirt'], why: 'checking the Vagrantfile', forVm: true },
];

export function packagesFor(hostOnly: boolean): string[] {
  const needs = packageNeeds.filter((need) => !(hostOnly && need.forVm));
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
