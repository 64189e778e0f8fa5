/** The kernel that runs here, as far as its own files tell anyone. What it can do is otherwise found by trying: see the rig. */
import { existsSync, readFileSync } from 'node:fs';
import { machine, release } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { btfAnswers, readBtf } from '../core/kernels/btf-facts.ts';
import { kernelFacts } from '../core/kernels/kernel-facts.ts';
import type { KernelAnswers, KernelFacts } from '../core/kernels/kernel-facts.ts';
import { parseRelease } from '../core/kernels/release.ts';
import { parseSymbols } from '../core/kernels/symbols.ts';
import { parseTracepointFormat } from '../core/kernels/tracepoint-format.ts';
import { once } from '../core/values/once.ts';

const btfFile = '/sys/kernel/btf/vmlinux';
const tracefsFolders = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** Functions that no kprobe can be put on: an address range and a name in each line. */
const blacklistFile = '/sys/kernel/debug/kprobes/blacklist';

/** Content of the file, undefined where it is not to be had. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function configText(): string | undefined {
  const packed = read('/proc/config.gz');
  if (packed !== undefined) return gunzipSync(packed).toString();
  return read(`/boot/config-${release()}`)?.toString();
}

function fromBtf(): Partial<KernelAnswers> {
  const bytes = read(btfFile);
  return bytes === undefined ? {} : btfAnswers(readBtf(new Uint8Array(bytes)), configText());
}

/** What is neither the kernel's own nor of a loaded module is not there now. */
function fromSymbols(): Partial<KernelAnswers> {
  const functions = parseSymbols(read('/proc/kallsyms')?.toString('latin1') ?? '');
  if (functions.size === 0) return {};
  return { hasFunction: (name) => functions.has(name), modulesOf: (name) => functions.get(name) ?? [] };
}

function fromTracefs(): Partial<KernelAnswers> {
  const folder = tracefsFolders.find((path) => existsSync(join(path, 'events/sched')));
  if (folder === undefined) return {};
  const format = (subsystem: string, event: string): string | undefined =>
    /^\w+$/.test(subsystem) && /^\w+$/.test(event)
      ? read(join(folder, 'events', subsystem, event, 'format'))?.toString()
      : undefined;
  const lines = (path: string): string[] => read(path)?.toString('latin1').split('\n') ?? [];
  const traceable = once(
    () => new Set(lines(join(folder, 'available_filter_functions')).map((line) => line.split(' ')[0] ?? '')),
  );
  const forbidden = once(() => new Set(lines(blacklistFile).map((line) => line.split('\t')[1] ?? '')));
  return {
    canProbe: (name) => (forbidden().has(name) ? false : traceable().has(name) ? true : undefined),
    hasTracepoint: (subsystem, event) => format(subsystem, event) !== undefined,
    tracepointFields(subsystem, event) {
      const text = format(subsystem, event);
      return text === undefined ? undefined : parseTracepointFormat(text);
    },
  };
}

function fromSecurityfs(): Partial<KernelAnswers> {
  const active = read('/sys/kernel/security/lsm')?.toString().trim().split(',');
  return active === undefined
    ? {}
    : { has: (capability) => (capability === 'bpf-lsm' ? active.includes('bpf') : undefined) };
}

/** Undefined where no Linux runs. Its files are read when they are asked for. */
export function hostKernel(): KernelFacts | undefined {
  if (process.platform !== 'linux') return undefined;
  const { line = release(), distribution } = parseRelease(release()) ?? {};
  return kernelFacts(
    {
      ...{ id: `host ${release()}`, version: line, release: release(), architecture: machine() },
      ...(distribution === undefined ? {} : { distribution }),
    },
    ...[fromSecurityfs, fromBtf, fromSymbols, fromTracefs],
  );
}
