/**
 * A kernel of which only the release is known, such as that of a recording: what the shipped data of its line say of it, and
 * what the version alone tells. Another kernel's answer is never given for its own: what depends on how a kernel was
 * configured stays unknown where the builder is not the one whose data are shipped.
 */
import { answersOf, kernelFacts } from './kernel-facts.ts';
import type { KernelAnswers, KernelCapability, KernelFacts } from './kernel-facts.ts';
import { isBefore, parseRelease } from './release.ts';
import type { Release } from './release.ts';

/** The version of Linux that brought each. */
const since: Readonly<Record<KernelCapability, string>> = {
  'override-return': '4.16',
  fentry: '5.5',
  'fmod-ret': '5.7',
  'bpf-lsm': '5.7',
  'attach-cookie': '5.15',
  'kprobe-multi': '5.18',
  'uprobe-multi': '6.6',
  'kprobe-session': '6.10',
  strnstr: '6.17',
  strncasestr: '6.19',
};

/** Those that every kernel with BPF has since then; the others depend on its configuration. */
const unconditional: ReadonlySet<KernelCapability> = new Set(['attach-cookie', 'strnstr', 'strncasestr']);

function byVersion(release: string, { distribution }: Release): Partial<KernelAnswers> {
  return {
    has(capability) {
      // Red Hat's kernels keep their number and take in newer BPF.
      if (distribution === 'redhat') return undefined;
      if (isBefore(release, since[capability]) === true) return false;
      return unconditional.has(capability) ? true : undefined;
    },
  };
}

/** None of Debian's kernels has CONFIG_FUNCTION_ERROR_INJECTION, hence no bpf_override_return. */
const byDebian: Partial<KernelAnswers> = {
  has: (capability) => (capability === 'override-return' ? false : undefined),
};

/** What the source of a line says, however it was configured: how functions and tracepoints look, not which there are. */
const bySource = (line: KernelFacts): Partial<KernelAnswers> =>
  answersOf(line, 'prototype', 'tracepointFields');

/**
 * What is known of the kernel of a release.
 *
 * @param shipped data of the line of a release, if they are shipped
 *
 * @example
 * ```ts
 * import { factsOfRelease } from 'tracerig/core';
 *
 * const kernel = await factsOfRelease('6.6.87.2-microsoft', () => Promise.resolve(undefined));
 * console.log(kernel.has('strnstr')); // false: Linux 6.17 brought it
 * ```
 */
export async function factsOfRelease(
  release: string,
  shipped: (release: string) => Promise<KernelFacts | undefined>,
): Promise<KernelFacts> {
  const parsed = parseRelease(release);
  if (parsed === undefined) return kernelFacts({ id: release, version: release, release });
  const { distribution, architecture, flavour, line: version } = parsed;
  const identity = {
    ...{ id: release, version, release },
    ...(architecture === undefined ? {} : { architecture }),
    ...(distribution === undefined ? {} : { distribution }),
  };
  const line = await shipped(release);
  const debian = distribution === 'debian' ? [byDebian] : [];
  if (line === undefined) return kernelFacts(identity, ...debian, byVersion(release, parsed));
  if (line.release === release) return line;
  const known = parseRelease(line.release ?? '');
  const sameBuilder = distribution !== undefined && distribution === known?.distribution;
  // The same configuration, a few fixes apart.
  if (sameBuilder && flavour === known.flavour) return kernelFacts(identity, line);
  const sources = [...debian, byVersion(release, parsed), bySource(line)];
  // Debian configures what BPF needs alike for all its flavours of an architecture.
  return sameBuilder && architecture === known.architecture
    ? kernelFacts(identity, answersOf(line, 'has', 'config'), ...sources)
    : kernelFacts(identity, ...sources);
}
