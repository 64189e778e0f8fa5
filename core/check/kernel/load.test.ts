import { expect, test } from 'vitest';
import { allShippedKernels, commonKernels, kernelNamed } from '../../../runner/kernel-data.ts';
import { anyKernel } from '../../kernels/kernel-facts.ts';
import { policyText } from '../../policy/testing.ts';
import { checkPolicyText } from '../index.ts';

const lists = 'lists: [{name: l, type: syscalls, values: [sys_dup, sys_dup]}]';
const cel = (at: number): string => `{index: 9, operator: CelExpr, values: ["arg0 == int32(${at})"]}`;
const five = `args: [{index: 0, type: int}], selectors: [{matchArgs: [${[0, 1, 2, 3, 4].map(cel).join()}]}]`;

/** Errors of a spec on a kernel, or where none is named. */
async function errors(spec: string, kernel?: string): Promise<(string | undefined)[]> {
  const text = `{apiVersion: cilium.io/v1alpha1, kind: TracingPolicy, metadata: {name: p, labels: }, spec: {${spec}}}`;
  const { diagnostics } = await checkPolicyText(text, 'p.yaml', {
    knownKernels: allShippedKernels,
    ...(kernel === undefined
      ? { commonKernels: await commonKernels() }
      : { kernels: [kernel], loadKernel: kernelNamed }),
  });
  return diagnostics.flatMap(({ severity, code, didYouMean }) =>
    severity === 'error' ? [didYouMean === undefined ? code : `${code} ${didYouMean}`] : [],
  );
}

test.each([
  ['kprobes: [{call: sys_read}, {call: __x64_sys_read}]', 'TR-duplicate-call'],
  [`kprobes: [{call: "list:l"}], ${lists}`, 'TR-duplicate-call'],
  [`kprobes: [{call: sys_dup, ${five}}, {call: sys_close, ${five}}]`, 'TR-cel'],
])('%s is refused only where kprobe_multi is used', async (spec, code) => {
  expect(await errors(spec)).toEqual([code]);
  expect(await errors(spec, '6.12')).toEqual([code]);
  expect(await errors(spec, '5.10')).toEqual([]);
  expect(await errors(spec, '6.1')).toEqual([]);
});

test.each([
  ['kprobes: [{call: fd_instal, syscall: false}]', 'TR-kernel-function fd_install'],
  ['kprobes: [{call: sys_opennat}]', 'TR-kernel-function sys_openat'],
  // Of modules, too.
  ['kprobes: [{call: xfs_file_write_itre, syscall: false}]', 'TR-kernel-function xfs_file_write_iter'],
  ['kprobes: [{call: sys_openat, syscall: false}]', 'TR-kernel-function'],
  ['enforcers: [{calls: [sys_opeant]}]', 'TR-kernel-function sys_openat'],
  [
    'enforcers: [{calls: ["list:l"]}], lists: [{name: l, values: [security_file_opne]}]',
    'TR-kernel-function security_file_open',
  ],
  ['lsmhooks: [{hook: file_opne}]', 'TR-kernel-lsm file_open'],
  ['lsmhooks: [{hook: bprm_check}]', 'TR-kernel-lsm bprm_check_security'],
  ['tracepoints: [{subsystem: syscalls, event: sys_enter_opennat}]', 'TR-kernel-tracepoint sys_enter_openat'],
  ['lsmhooks: [{hook: security_file_open}]', 'TR-lsm-hook file_open'],
])('%s: no known kernel has it', async (spec, found) => {
  expect(await errors(spec)).toEqual([found]);
});

test.each(['stat', 'send', 'recv', 'sendfile', 'uname', 'waitpid'])(
  'sys_enter_%s is no tracepoint of x86-64',
  async (name) => {
    const spec = `tracepoints: [{subsystem: syscalls, event: sys_enter_${name}}]`;
    expect((await errors(spec))[0]).toMatch(/^TR-kernel-tracepoint/);
    expect((await errors(spec, '7.3'))[0]).toMatch(/^TR-kernel-tracepoint/);
  },
);

test.each(['newstat', 'sendto', 'recvfrom', 'sendfile64', 'newuname', 'umount'])(
  'sys_enter_%s is one',
  async (name) => {
    expect(await errors(`tracepoints: [{subsystem: syscalls, event: sys_enter_${name}}]`)).toEqual([]);
  },
);

test.each([
  'kprobes: [{call: sys_lseek, syscall: , return: }]',
  'kprobes: [{call: __arm64_sys_lseek}]',
  // Inlined by the compilers of all known kernels, and not by every one.
  'kprobes: [{call: find_module_sections, syscall: false}]',
  'kprobes: [{call: sys_lseek, args: [{index: 0, type: int}], selectors: [{matchArgs: [{index: 7, operator: CelExpr, values: ["arg0 == int32(1)"]}]}]}]',
])('%s loads', async (spec) => {
  expect(await errors(spec)).toEqual([]);
});

test.each([
  // Of lib/, which is built without ftrace; changed by the compiler; only for the boot.
  ['rhashtable_walk_start_check', 'without a place for hooks'],
  ['sigsuspend', 'the compiler changed'],
  ['e820__range_update', 'gone after the boot'],
])('nothing can be put on %s, although its name is found', async (call, why) => {
  for (const section of ['kprobes', 'fentries']) {
    const spec = `${section}: [{call: ${call}, syscall: false, ignore: {callNotFound: true}}]`;
    const text = policyText(spec);
    const { diagnostics } = await checkPolicyText(text, 'p.yaml', {
      kernels: ['6.12'],
      loadKernel: kernelNamed,
    });
    const [found] = diagnostics.filter(({ severity }) => severity === 'error');
    expect(found).toMatchObject({
      code: 'TR-kernel-function',
      message: expect.stringContaining(why) as string,
    });
    // Another kernel's compiler may leave it: where none is named it is a warning.
    expect(await errors(spec)).toEqual([]);
  }
});

test('what the kernel lets no kprobe stand on is refused where kprobes are, and not with kprobe_multi', async () => {
  const spec = 'kprobes: [{call: do_int3, syscall: false}]';
  expect(await errors(spec, '6.1')).toEqual(['TR-kernel-function']);
  expect(await errors(spec, '6.12')).toEqual([]);
});

test('a name that several functions have is refused where kprobes are, and a warning with kprobe_multi', async () => {
  const spec = 'kprobes: [{call: elf_core_dump, syscall: false}]';
  expect(await errors(spec, '6.1')).toEqual(['TR-kernel-function']);
  expect(await errors(spec, '6.12')).toEqual([]);
  const { diagnostics } = await checkPolicyText(policyText(spec), 'p.yaml', {
    kernels: ['6.12'],
    loadKernel: kernelNamed,
  });
  expect(diagnostics.map(({ message }) => message).join()).toContain('only the first');
});

test('so it is where the policy says that its hooks attach one by one', async () => {
  const option = 'options: [{name: disable-kprobe-multi, value: "1"}]';
  expect(await errors(`kprobes: [{call: do_int3, syscall: false}], ${option}`, '6.12')).toEqual([
    'TR-kernel-function',
  ]);
});

test.each([
  'kprobes: [{call: sys_read}, {call: __x64_sys_read}]',
  'kprobes: [{call: security_file_open, syscall: false, args: [{index: 0, type: file}], selectors: [{matchArgs: [{index: 0, operator: Prefix, values: [/x/]}], matchActions: [{action: Override, argError: -1}]}]}]',
])('%s loads for an agent with --disable-kprobe-multi', async (spec) => {
  const text = policyText(spec);
  for (const kernels of [
    { commonKernels: await commonKernels() },
    { kernels: ['6.12'], loadKernel: kernelNamed },
  ]) {
    const refusals = async (disableKprobeMulti: boolean): Promise<string[]> => {
      const { diagnostics } = await checkPolicyText(text, 'p.yaml', { ...kernels, disableKprobeMulti });
      return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
    };
    expect(await refusals(true)).toEqual([]);
    expect(await refusals(false)).not.toEqual([]);
  }
});

test('a function that other kernels have in a module is a warning that names it', async () => {
  const text = policyText('kprobes: [{call: fuse_do_open, syscall: false}]');
  const options = { commonKernels: await commonKernels(), knownKernels: allShippedKernels };
  const { diagnostics } = await checkPolicyText(text, 'p.yaml', options);
  expect(diagnostics.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    expect.stringMatching(/^warning .*module fuse on some kernels \(5\.10, 6\.1\)/),
  ]);
});

test('a function that others of the known kernels have is said to be there', async () => {
  const text = policyText('kprobes: [{call: security_bpf_map_alloc, syscall: false}]');
  const options = { commonKernels: await commonKernels(), knownKernels: allShippedKernels };
  const { diagnostics } = await checkPolicyText(text, 'p.yaml', options);
  expect(diagnostics.map(({ message }) => message).join()).toContain('(6.12; 5.10, 6.1 have it)');
});

test('of a kernel that is known by its types alone, a name that no other has is a mistake, too', async () => {
  const checked = async (call: string): Promise<string[]> => {
    const { diagnostics } = await checkPolicyText(
      policyText(`kprobes: [{call: ${call}, syscall: false}]`),
      'p.yaml',
      { kernels: ['x'], loadKernel: () => Promise.resolve(anyKernel), knownKernels: allShippedKernels },
    );
    return diagnostics.flatMap(({ severity, didYouMean = '' }) => (severity === 'error' ? [didYouMean] : []));
  };
  expect(await checked('tcp_conect')).toEqual(['tcp_connect']);
  expect(await checked('tcp_connect')).toEqual([]);
  // No known kernel has it, and it is near to none.
  expect(await checked('vendor_patched_hook')).toEqual([]);
});
