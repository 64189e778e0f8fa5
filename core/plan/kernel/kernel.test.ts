/** One policy, compiled for several kernels: what differs is part of the plan. */
import { parsePolicyFile } from '../../policy/parse.ts';
import { sitesOf } from '../../policy/selectors.ts';
import { kernelFindings } from './index.ts';
import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../../../runner/kernel-data.ts';
import { filterSpec, policyText } from '../../engine/testing.ts';
import { anyKernel } from '../../kernels/kernel-facts.ts';
import type { KernelFacts } from '../../kernels/kernel-facts.ts';
import { factsOfRelease } from '../../kernels/release-facts.ts';
import { loadPolicies } from '../load.ts';
import type { Comparison, Plan } from '../plan.ts';

async function shipped(line: string): Promise<KernelFacts> {
  const kernel = await shippedKernel(line);
  if (kernel === undefined) throw new Error(`no data of ${line}`);
  return kernel;
}

function compiled(spec: unknown, kernel: KernelFacts): Plan {
  const { plans, diagnostics } = loadPolicies(policyText(spec), 'p.yaml', kernel);
  const [plan] = plans;
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return plan;
}

const comparisonOf = (plan: Plan): Comparison | undefined => plan.hooks[0]?.selectors[0]?.args[0]?.comparison;
const refused = (spec: unknown, kernel: KernelFacts): string[] =>
  compiled(spec, kernel).refusals.map(({ code, message }) => `${code} ${message}`);

describe('SubString', () => {
  const spec = filterSpec('file', 'SubString', ['/w/']);

  it.each([
    ['5.10', 'constant'],
    ['6.12', 'constant'],
    ['6.18', 'bytes'],
  ])('on %s is a %s', async (line, kind) => {
    expect(comparisonOf(compiled(spec, await shipped(line)))?.kind).toBe(kind);
  });

  it('names the kernel and what it lacks', async () => {
    expect(comparisonOf(compiled(spec, await shipped('6.12')))).toEqual({
      ...{ kind: 'constant', result: false },
      why: 'SubString needs bpf_strnstr, of 6.17 or later; on 6.12.118+deb13-cloud-amd64 it never matches',
    });
    expect(
      comparisonOf(compiled(filterSpec('file', 'SubStringIgnCase', ['/w/']), await shipped('6.18'))),
    ).toEqual({
      ...{ kind: 'constant', result: false },
      why: 'SubStringIgnCase needs bpf_strncasestr, of 6.19 or later; on 6.18.15+deb13-cloud-amd64 it never matches',
    });
  });

  it('on a kernel that may or may not have it is compared, with a warning', async () => {
    const kernel = await factsOfRelease('5.14.0-427.el9_4.x86_64', () => Promise.resolve(undefined));
    const { plans, diagnostics } = loadPolicies(policyText(spec), 'p.yaml', kernel);
    expect(plans.map(comparisonOf)).toMatchObject([{ kind: 'bytes' }]);
    expect(diagnostics).toMatchObject([
      {
        code: 'TR-kernel-feature',
        severity: 'warning',
        message: expect.stringMatching(/^it is not known whether the kernel 5\.14\.0-427\.el9_4\.x86_64 has/),
      },
    ]);
    expect(loadPolicies(policyText(spec), 'p.yaml', anyKernel).diagnostics).toEqual([]);
  });
});

describe('type auto of a tracepoint field', () => {
  const typesOn = (subsystem: string, event: string, index: number): Promise<(string | undefined)[]> => {
    const spec = { tracepoints: [{ subsystem, event, args: [{ index, type: 'auto' }] }] };
    return Promise.all(
      ['5.10', '6.12', '6.18'].map(
        async (line) => compiled(spec, await shipped(line)).hooks[0]?.args[0]?.type,
      ),
    );
  };

  it('is that of the kernel’s own declaration', async () => {
    expect(await typesOn('io_uring', 'io_uring_complete', 7)).toEqual(['uint32', 'int32', 'int32']);
    expect(await typesOn('ftrace', 'funcgraph_entry', 5)).toEqual(['int32', 'int32', 'uint32']);
    expect(await typesOn('sched', 'sched_switch', 7)).toEqual(['int64', 'int64', 'int64']);
  });
});

describe('sizeArgIndex', () => {
  const spec = (size: number): unknown => ({
    kprobes: [
      {
        ...{ call: 'vfs_write', syscall: false },
        args: [
          { index: 1, type: 'char_buf', sizeArgIndex: size },
          { index: 2, type: 'size_t' },
        ],
      },
    ],
  });
  it('counts from 1, so that the buffer itself is easily named', async () => {
    const messages = async (size: number): Promise<string[]> => {
      const { documents } = parsePolicyFile(policyText(spec(size)), 'p.yaml');
      const kernel = await shipped('6.12');
      return documents.flatMap((document) =>
        kernelFindings(sitesOf(document), kernel).map(({ message }) => message),
      );
    };
    expect(await messages(2)).toEqual(['sizeArgIndex 2 is argument 1 of vfs_write, `char *`: no size']);
    expect(await messages(3)).toEqual([]);
  });
});

describe('why a plan does not load', () => {
  const kprobe = (call: string, syscall = false): unknown => ({ kprobes: [{ call, syscall }] });
  const override = (call: string, syscall: boolean): unknown => ({
    options: [{ name: 'disable-kprobe-multi', value: 'true' }],
    kprobes: [{ call, syscall, selectors: [{ matchActions: [{ action: 'Override', argError: -1 }] }] }],
  });

  it('is in it, with the place', async () => {
    const [refusal] = compiled(kprobe('security_file_opne'), await shipped('6.12')).refusals;
    expect(refusal).toMatchObject({
      ...{ code: 'TR-kernel-function', message: 'there is no function `security_file_opne` to hook' },
      span: { file: 'p.yaml', start: { line: 1 } },
    });
  });

  it('differs by kernel', async () => {
    const lines = ['5.10', '6.12', '7.3'];
    const codes = async (spec: unknown): Promise<string[][]> =>
      Promise.all(
        lines.map(async (line) => compiled(spec, await shipped(line)).refusals.map(({ code }) => code)),
      );
    // It came with 6.9.
    expect(await codes(kprobe('security_path_post_mknod'))).toEqual([['TR-kernel-function'], [], []]);
    expect(await codes(override('sys_openat', true))).toEqual([
      ...[['TR-kernel-override'], ['TR-kernel-override'], ['TR-kernel-override']],
    ]);
    expect(await codes(override('security_file_open', false))).toEqual([[], [], []]);
    expect(await codes({ lsmhooks: [{ hook: 'file_open' }] })).toEqual([['TR-kernel-lsm'], [], []]);
    expect(await codes({ tracepoints: [{ subsystem: 'sched', event: 'sched_proces' }] })).toEqual([
      ...[['TR-kernel-tracepoint'], ['TR-kernel-tracepoint'], ['TR-kernel-tracepoint']],
    ]);
  });

  it('has Tetragon’s own words where they are recorded', async () => {
    expect(compiled(override('sys_openat', true), await shipped('6.12')).refusals).toMatchObject([
      {
        said: 'override action not supported on syscalls, bpf_override_return helper not available (for __x64_sys_openat)',
      },
    ]);
  });

  it('is nothing for a function of a module, or what ignore.callNotFound leaves out', async () => {
    const kernel = await shipped('6.12');
    expect(refused(kprobe('nf_tables_newtable'), kernel)).toEqual([]);
    // An inline function, of which several modules have copies.
    expect(refused(kprobe('dev_queue_xmit'), kernel)).toEqual([
      'TR-kernel-function there is no function `dev_queue_xmit` to hook',
    ]);
    const ignored = {
      kprobes: [{ call: 'no_such_function', syscall: false, ignore: { callNotFound: true } }],
    };
    expect(refused(ignored, kernel)).toEqual([]);
  });

  it('is nothing where nothing is known', async () => {
    const unshipped = await factsOfRelease('6.6.9', () => Promise.resolve(undefined));
    for (const kernel of [anyKernel, unshipped]) {
      expect(refused(kprobe('no_such_function'), kernel)).toEqual([]);
      expect(refused(override('sys_openat', true), kernel)).toEqual([]);
    }
  });
});
