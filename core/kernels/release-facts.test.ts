import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../runner/kernel-data.ts';
import type { KernelFacts } from './kernel-facts.ts';
import { factsOfRelease } from './release-facts.ts';
import { isBefore, parseRelease } from './release.ts';

const of = (release: string): Promise<KernelFacts> => factsOfRelease(release, shippedKernel);
const none = (release: string): Promise<KernelFacts> =>
  factsOfRelease(release, () => Promise.resolve(undefined));

describe('a release', () => {
  it.each([
    ['6.12.117+deb13-cloud-amd64', ['6.12', 'debian', 'x86_64', 'cloud-amd64']],
    ['5.10.0-32-amd64', ['5.10', 'debian', 'x86_64', 'amd64']],
    ['6.12.9+bpo-rt-amd64', ['6.12', 'debian', 'x86_64', 'rt-amd64']],
    ['6.12.9-arm64', ['6.12', 'debian', 'aarch64', 'arm64']],
    ['5.14.0-427.13.1.el9_4.x86_64', ['5.14', 'redhat', 'x86_64', undefined]],
    ['6.8.0-45-generic', ['6.8', undefined, undefined, undefined]],
    ['6.12', ['6.12', undefined, undefined, undefined]],
  ])('%s', (text, expected) => {
    const { line, distribution, architecture, flavour } = parseRelease(text) ?? {};
    expect([line, distribution, architecture, flavour]).toEqual(expected);
  });

  it('that is none tells nothing', async () => {
    expect([parseRelease('host'), parseRelease('6.x'), isBefore('host', '5.4')]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
    const kernel = await of('host');
    expect([kernel.has('strnstr'), kernel.hasFunction('fd_install')]).toEqual([undefined, undefined]);
  });
});

describe('what is known of a kernel by its release', () => {
  it('is what is shipped of it', async () => {
    expect(await of('6.12.118+deb13-cloud-amd64')).toBe(await shippedKernel('6.12'));
  });

  it('is what is shipped of its line, if the same were built a few fixes earlier', async () => {
    const kernel = await of('6.12.117+deb13-cloud-amd64');
    expect(kernel).toMatchObject({
      ...{ id: '6.12.117+deb13-cloud-amd64', version: '6.12', release: '6.12.117+deb13-cloud-amd64' },
      ...{ architecture: 'x86_64', distribution: 'debian' },
    });
    expect([kernel.hasFunction('fd_install'), kernel.hasFunction('no_such_function')]).toEqual([true, false]);
    expect(kernel.modulesOf('nf_tables_newtable')).toEqual(['nf_tables']);
    expect(kernel.config('CONFIG_FPROBE')).toBe('y');
  });

  it('is Debian’s configuration for its other flavours, but not their functions', async () => {
    const kernel = await of('6.12.9+bpo-rt-amd64');
    expect([kernel.has('override-return'), kernel.has('kprobe-multi')]).toEqual([false, true]);
    expect([kernel.hasFunction('fd_install'), kernel.hasFunction('no_such_function')]).toEqual([
      ...[undefined, undefined],
    ]);
    const arm = await of('6.12.9-arm64');
    expect([arm.has('override-return'), arm.has('kprobe-multi')]).toEqual([false, undefined]);
  });

  it('is the source of its line where somebody else built it', async () => {
    const kernel = await of('6.12.118');
    expect(kernel.tracepointFields('sched', 'sched_process_exit')).toBeDefined();
    expect(kernel.prototype('security_file_open')?.parameters).toEqual(['struct file *']);
    // CONFIG_FUNCTION_ERROR_INJECTION may be set, and whatever else.
    expect(
      ['override-return', 'kprobe-multi', 'bpf-lsm'].map((name) => kernel.has(name as 'fentry')),
    ).toEqual([...[undefined, undefined, undefined]]);
    expect([kernel.has('strnstr'), kernel.hasFunction('no_such_function')]).toEqual([false, undefined]);
    expect(kernel.config('CONFIG_FPROBE')).toBeUndefined();
  });

  it('is what the version brings, where its line is not shipped', async () => {
    const old = await of('6.6.9');
    expect([old.has('strnstr'), old.has('kprobe-session'), old.has('uprobe-multi')]).toEqual([
      ...[false, false, undefined],
    ]);
    expect(old.tracepointFields('sched', 'sched_process_exit')).toBeUndefined();
    expect(old.types()).toBeUndefined();
    const newer = await none('7.0.1');
    expect([newer.has('strnstr'), newer.has('strncasestr'), newer.has('kprobe-multi')]).toEqual([
      ...[true, true, undefined],
    ]);
    // Debian never had it.
    expect((await of('6.6.9-amd64')).has('override-return')).toBe(false);
  });

  it('is little of a kernel that others port back to', async () => {
    expect((await of('5.14.0-427.13.1.el9_4.x86_64')).has('kprobe-multi')).toBeUndefined();
  });
});
