/** Whether setup can work on this machine, and what to do where it cannot. */
import { readFile } from 'node:fs/promises';
import { defaultKernelLine } from '../vm/image.ts';
import type { SetupOptions } from './options.ts';
import { installCommand, needsOf, packagesOf } from './packages.ts';

export interface Platform {
  /** `ID` of os-release, `debian`; empty when unknown. */
  readonly id: string;
  /** `PRETTY_NAME` of os-release. */
  readonly name: string;
  readonly root: boolean;
  readonly architecture: string;
}

export async function thisPlatform(osRelease = '/etc/os-release'): Promise<Platform> {
  const text = await readFile(osRelease, 'utf8').catch(() => '');
  const field = (key: string): string => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return {
    id: field('ID'),
    name: field('PRETTY_NAME') || process.platform,
    root: process.getuid?.() === 0,
    architecture: process.arch,
  };
}

/** What to tell somebody whose machine setup does not work on; undefined where it does. */
export function whatToDo(
  platform: Platform,
  options: Pick<SetupOptions, 'hostOnly' | 'kernels'>,
): string | undefined {
  const needs = needsOf(options);
  const packages = packagesOf(needs);
  const command = `npx tracerig setup${argumentsOf(options)}`;
  if (platform.architecture !== 'x64') {
    return [
      `tracerig's kernel backend and VM are for x86-64; this machine is ${platform.architecture}.`,
      'The simulator works here: npx tracerig test scenarios',
    ].join('\n');
  }
  if (platform.id !== 'debian') {
    return [
      `setup installs packages on Debian 12 and later; this is ${platform.name}.`,
      'The simulator works here: npx tracerig test scenarios',
      'For the kernel backend and the VM, either bring up a Debian machine with the Vagrantfile of this folder:',
      '  vagrant up && vagrant ssh',
      'or run a Debian container or machine, and in it as root:',
      `  apt-get update && ${installCommand(packages)}`,
      `  ${command}`,
      'What the packages are for:',
      ...needs.map((need) => `  ${need.names.join(', ')}: ${need.why}`),
    ].join('\n');
  }
  if (!platform.root) {
    return [
      'setup installs packages and makes a root file system, which takes root. Run:',
      `  sudo apt-get update && sudo ${installCommand(packages)}`,
      `  sudo --preserve-env=TRACERIG_CACHE,XDG_CACHE_HOME,HOME ${command}`,
    ].join('\n');
  }
  return undefined;
}

/** The options that setup was called with, where they are not what it takes without any. */
function argumentsOf({ hostOnly, kernels }: Pick<SetupOptions, 'hostOnly' | 'kernels'>): string {
  if (hostOnly) return ' --host-only';
  const others = kernels.some((line) => line !== defaultKernelLine);
  return others ? ` --kernel ${kernels.join(',')}` : '';
}
