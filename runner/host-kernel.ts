/** The kernel that runs here, as far as its own files tell anyone. What it can do is otherwise found by trying: see the rig. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { machine, release } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Btf } from '../core/btf/btf.ts';
import { btfAnswers, prototypeIn, readBtf } from '../core/kernels/btf-facts.ts';
import { kernelCapabilities } from '../core/kernels/capabilities.ts';
import { keptOptions, parseConfig } from '../core/kernels/config.ts';
import type { KernelDescription } from '../core/kernels/facts-file.ts';
import { isGenerated } from '../core/kernels/kernel-data.ts';
import { kernelFacts } from '../core/kernels/kernel-facts.ts';
import type { KernelAnswers, KernelFacts } from '../core/kernels/kernel-facts.ts';
import { parseRelease } from '../core/kernels/release.ts';
import { parseSymbols, sharedNames } from '../core/kernels/symbols.ts';
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

const symbolText = (): string => read('/proc/kallsyms')?.toString('latin1') ?? '';

/** What is neither the kernel's own nor of a loaded module is not there now. */
function fromSymbols(): Partial<KernelAnswers> {
  const functions = parseSymbols(symbolText());
  if (functions.size === 0) return {};
  return { hasFunction: (name) => functions.has(name), modulesOf: (name) => functions.get(name) ?? [] };
}

const lines = (path: string): string[] => read(path)?.toString('latin1').split('\n') ?? [];

const forbiddenFunctions = (): string[] => lines(blacklistFile).flatMap((line) => line.split('\t')[1] ?? []);

/** Those that ftrace knows; none where this user may not see its list. */
const tracedFunctions = (folder: string): ReadonlySet<string> =>
  new Set(lines(join(folder, 'available_filter_functions')).flatMap((line) => line.split(' ')[0] || []));

function fromTracefs(): Partial<KernelAnswers> {
  const folder = tracefs();
  if (folder === undefined) return {};
  const format = (subsystem: string, event: string): string | undefined =>
    /^\w+$/.test(subsystem) && /^\w+$/.test(event)
      ? read(join(folder, 'events', subsystem, event, 'format'))?.toString()
      : undefined;
  const traced = once(() => tracedFunctions(folder));
  const forbidden = once(() => new Set(forbiddenFunctions()));
  const shared = once(() => sharedNames(symbolText()));
  return {
    attachment: (name) => {
      if (traced().size > 0 && !traced().has(name)) return 'untraced';
      if (shared().has(name)) return 'several';
      if (forbidden().has(name)) return 'no kprobe';
      return traced().size > 0 ? 'any' : undefined;
    },
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

/** Where tracefs shows its events to this user. */
const tracefs = (): string | undefined =>
  tracefsFolders.find((path) => existsSync(join(path, 'events/sched')));

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

/** Everything that a file of facts holds of the kernel that runs here. What this user may not see is named, and left out. */
export function describeHostKernel(): KernelDescription | undefined {
  const kernel = hostKernel();
  if (kernel === undefined) return undefined;
  const unseen: string[] = [];
  const seen = <T>(value: T | undefined, what: string): T | undefined => {
    if (value === undefined) unseen.push(what);
    return value;
  };
  const config = seen(
    configText(),
    `its configuration: neither /proc/config.gz nor /boot/config-${release()} can be read`,
  );
  const btf = seen(read(btfFile), `its types: ${btfFile} cannot be read`);
  const symbols = parseSymbols(symbolText());
  const functions = seen(
    symbols.size === 0 ? undefined : symbols,
    'its functions: /proc/kallsyms shows none',
  );
  const tracepoints = seen(tracepointsHere(), 'its tracepoints: tracefs is not mounted, or is for root only');
  const forbidden = forbiddenFunctions();
  if (forbidden.length === 0)
    unseen.push(`functions that no kprobe may stand on: ${blacklistFile} is for root only`);
  const folder = tracefs();
  const traced = seen(
    folder === undefined ? undefined : nonEmpty(tracedFunctions(folder)),
    'which functions ftrace knows: tracefs is not mounted, or is for root only',
  );
  const prototypes = btf && prototypesIn(readBtf(new Uint8Array(btf)));
  const active = seen(
    read('/sys/kernel/security/lsm')?.toString().trim(),
    'its active LSMs: securityfs is not mounted',
  );
  const capabilities = kernelCapabilities.flatMap((name): [string, boolean][] => {
    // Which LSMs are active is told by the kernel that runs; its configuration tells only which were meant to be.
    const known = name === 'bpf-lsm' && active === undefined ? undefined : kernel.has(name);
    return known === undefined ? [] : [[name, known]];
  });
  const { version, architecture = machine(), distribution = distributionHere() } = kernel;
  return {
    ...{ release: release(), version, architecture, unseen },
    ...(distribution !== undefined && { distribution }),
    capabilities: Object.fromEntries(capabilities),
    ...(config !== undefined && { config: keptOf(config) }),
    ...(prototypes !== undefined && { prototypes }),
    ...(functions !== undefined && {
      symbols: Object.fromEntries(
        [...functions].filter(([name]) => !isGenerated(name)).map(([name, of]) => [name, [...of]]),
      ),
    }),
    ...(forbidden.length > 0 && { forbidden }),
    ...(prototypes && {
      shared: [...sharedNames(symbolText())].filter((name) => Object.hasOwn(prototypes, name)),
    }),
    ...(traced && prototypes && { untraced: Object.keys(prototypes).filter((name) => !traced.has(name)) }),
    ...(tracepoints !== undefined && { tracepoints }),
  };
}

const nonEmpty = <T>(set: ReadonlySet<T>): ReadonlySet<T> | undefined => (set.size > 0 ? set : undefined);

const keptOf = (text: string): Record<string, string> =>
  Object.fromEntries([...parseConfig(text)].filter(([option]) => keptOptions.includes(option)));

function prototypesIn(btf: Btf): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { kind, name } of btf.types()) {
    if (kind !== 'function' || isGenerated(name)) continue;
    const prototype = prototypeIn(btf, name);
    if (prototype !== undefined) found[name] = [prototype.returns, ...prototype.parameters];
  }
  return found;
}

function tracepointsHere(): KernelDescription['tracepoints'] {
  const folder = tracefs();
  if (folder === undefined) return undefined;
  const found: NonNullable<KernelDescription['tracepoints']> = {};
  for (const path of readdirSync(join(folder, 'events'), { withFileTypes: true })) {
    if (!path.isDirectory()) continue;
    for (const event of readdirSync(join(folder, 'events', path.name), { withFileTypes: true })) {
      const text = event.isDirectory()
        ? read(join(folder, 'events', path.name, event.name, 'format'))
        : undefined;
      if (text === undefined) continue;
      found[`${path.name}/${event.name}`] = parseTracepointFormat(text.toString()).map(
        ({ type, name, size, signed }) => [type, name, size, signed],
      );
    }
  }
  return found;
}

/** As the system calls itself: `ubuntu`, `rhel`. */
const distributionHere = (): string | undefined =>
  /^ID="?([\w.-]+)/m.exec(read('/etc/os-release')?.toString() ?? '')?.[1];
