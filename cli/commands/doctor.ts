/** `tracerig doctor`: what this machine can run, and what would enable the rest. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { KernelFacts } from '../../core/kernels/kernel-facts.ts';
import { isBuilt, listedKernel } from '../../vm/kernel-list.ts';
import { makeBackend } from '../../runner/backends.ts';
import type { BackendName } from '../../runner/backends.ts';
import { findStrace } from '../../runner/record/host-process.ts';
import { asRunError } from '../../runner/run-error.ts';
import { standardOutput } from '../output.ts';
import { makeStyle } from '../style.ts';

export interface DoctorOptions {
  readonly json?: boolean;
}

export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly words: string;
  readonly enable?: string;
}

/** Returns the exit code: always 0, since what is lacking may not be wanted. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { vmFacts } = await import('../../vm/doctor.ts');
  const findings: Finding[] = [
    ...machineFindings(),
    ...(await vmFacts()),
    ...(await optionFindings()),
    ...(await backendFindings()),
  ];
  if (options.json === true) {
    standardOutput.out(`${JSON.stringify({ schemaVersion: 1, findings }, undefined, 2)}\n`);
    return 0;
  }
  const style = makeStyle(standardOutput.color);
  for (const { subject, ok, words, enable } of findings) {
    const mark = ok ? style.green('✓') : style.yellow('-');
    standardOutput.out(`${mark} ${subject.padEnd(16)} ${words}\n`);
    if (enable !== undefined) standardOutput.out(`  ${''.padEnd(16)} to enable it: ${enable}\n`);
  }
  return 0;
}

function machineFindings(): Finding[] {
  const root = process.getuid?.() === 0;
  return [
    { subject: 'node', ok: true, words: process.version },
    { subject: 'kernel', ok: process.platform === 'linux', words: `${process.platform} ${release()}` },
    { subject: 'root', ok: root, words: root ? 'yes' : 'no: setup and the kernel backend need it' },
    straceFinding(),
    readable('BTF', '/sys/kernel/btf/vmlinux'),
    lockdownFinding(),
    readable('/dev/kvm', '/dev/kvm', 'whether a kernel starts under it is tried when the VM is first used'),
  ];
}

function straceFinding(): Finding {
  try {
    return { subject: 'strace', ok: true, words: findStrace() };
  } catch (error) {
    const { message, enable } = asRunError(error);
    return { subject: 'strace', ok: false, words: message, ...(enable === undefined ? {} : { enable }) };
  }
}

function readable(subject: string, path: string, words = path): Finding {
  try {
    accessSync(path, constants.R_OK);
    return { subject, ok: true, words };
  } catch {
    return { subject, ok: false, words: `${path} is not there or not readable` };
  }
}

/** Locked down for confidentiality, a kernel lets BPF programs read nothing. */
function lockdownFinding(): Finding {
  try {
    const text = readFileSync('/sys/kernel/security/lockdown', 'utf8').trim();
    const mode = /\[(\w+)\]/.exec(text)?.[1] ?? 'unknown';
    return { subject: 'lockdown', ok: mode !== 'confidentiality', words: mode };
  } catch {
    return { subject: 'lockdown', ok: true, words: 'not built in or not visible' };
  }
}

/** What is lost for want of options of the kernel that runs, and of those that VMs run. */
async function optionFindings(): Promise<Finding[]> {
  const { cacheDir, readVmImages } = await import('../../vm/index.ts');
  const { kernelOf, runningKernel } = await import('../../runner/kernel-data.ts');
  const { missingOptions } = await import('../../core/kernels/option-costs.ts');
  const findings: Finding[] = [];
  const add = (subject: string, kernel: KernelFacts, enable: string | undefined): void => {
    const missing = missingOptions(kernel);
    if (missing === undefined)
      findings.push({ subject, ok: false, words: 'nothing is known of its configuration' });
    for (const { option, cost } of missing ?? [])
      findings.push({
        ...{ subject, ok: false, words: `${option} is not set: ${cost}` },
        ...(option === overrideOption && enable !== undefined && { enable }),
      });
    if (missing?.length === 0)
      findings.push({ subject, ok: true, words: 'all that policies need is built in' });
  };
  if (process.platform === 'linux') add('kernel options', await runningKernel(), undefined);
  const lines = await readVmImages(cacheDir());
  const enable = lines.some((line) => isBuilt(listedKernel(line))) ? undefined : buildCommand;
  for (const line of lines) add(`options ${line}`, await kernelOf(line), enable);
  return findings;
}

/** The one that none of Debian's kernels has, for which one can be built. */
const overrideOption = 'CONFIG_BPF_KPROBE_OVERRIDE';
const buildCommand = 'npx tracerig vm build-kernel';

async function backendFindings(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of ['sim', 'kernel', 'vm'] satisfies BackendName[]) {
    const subject = `backend ${name}`;
    try {
      const backend = await makeBackend(name, undefined);
      const lacking = await backend.available();
      findings.push({
        subject,
        ok: lacking === undefined,
        words: lacking === undefined ? backend.describe() : lacking.why,
        ...(lacking?.enable === undefined ? {} : { enable: lacking.enable }),
      });
      await backend.close();
    } catch (error) {
      findings.push({ subject, ok: false, words: asRunError(error).message });
    }
  }
  return findings;
}
