import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkPolicyText } from '../check/index.ts';
import { decodeKernels, encodeKernels } from './format.ts';
import { attachments } from './kernel-facts.ts';
import type { KernelCapability } from './kernel-facts.ts';
import { loadKernelFacts } from './shipped-facts.ts';
import type { ShippedKernel } from './shipped-facts.ts';
import { once } from '../values/once.ts';
import { decodeModules } from './module-data.ts';
import { kernelsFile, modulesFile, shippedKernels, shippedLine } from './shipped.ts';

const data = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(join(import.meta.dirname, 'data', name)));
const kernelsData = once(() => data(kernelsFile));
const modules = once(() => decodeModules(gunzipSync(data(modulesFile)).toString('latin1')));
const load = (line: string): Promise<ShippedKernel> => loadKernelFacts(line, kernelsData(), { modules });

describe('shipped kernels', () => {
  it.each(shippedKernels)('%s', async (line) => {
    const kernel = await load(line);
    expect(kernel.release.startsWith(`${line}.`)).toBe(true);
    expect(kernel.prototype('security_file_open')).toEqual({
      ...{ name: 'security_file_open', returns: 'int', parameters: ['struct file *'] },
    });
    expect(kernel.prototype('fd_install')?.parameters).toEqual(['unsigned int', 'struct file *']);
    expect(kernel.hasFunction('__x64_sys_openat')).toBe(true);
    expect(kernel.hasFunction('no_such_function')).toBe(false);
    expect(kernel.hasFunction('')).toBe(false);
    // A hook can stand on most; what is for the boot is gone.
    expect(['fd_install', 'e820__range_update', 'do_int3'].map((name) => kernel.attachment(name))).toEqual([
      ...['any', 'boot only', 'no kprobe'],
    ]);
    // None of lib/ is traced: in 5.10 such functions have no types either.
    expect(kernel.attachment('rhashtable_walk_start_check')).toBe(line === '5.10' ? undefined : 'untraced');
    // Left out of the data: nothing is said of them.
    expect(kernel.hasFunction('__traceiter_sched_process_exec')).toBeUndefined();
    expect(kernel.hasLsmHook('file_open')).toBe(true);
    expect(kernel.hasLsmHook('no_hook')).toBe(false);
    expect(kernel.hasTracepoint('sched', 'sched_process_exec')).toBe(true);
    expect(kernel.hasTracepoint('sched', 'sched_process')).toBe(false);
    expect(kernel.tracepointFields('syscalls', 'sys_enter_lseek')?.map(({ name }) => name)).toEqual([
      ...['common_type', 'common_flags', 'common_preempt_count', 'common_pid'],
      ...['__syscall_nr', 'fd', 'offset', 'whence'],
    ]);
    // Debian's 5.10 has the BPF LSM built in, but not among the active ones.
    expect(kernel.has('bpf-lsm')).toBe(line !== '5.10');
    expect(kernel.has('override-return')).toBe(false);
    const names = kernel.functionNames();
    expect(names.length).toBeGreaterThan(30_000);
    // Every name is found again: the list is sorted as the search expects.
    for (const name of names.filter((_, i) => i % 97 === 0)) expect(kernel.hasFunction(name)).toBe(true);
    expect(kernel.tracepointNames()).toContain('raw_syscalls/sys_enter');
  });

  it('differ in what came with time', async () => {
    const able = async (capability: KernelCapability): Promise<string[]> => {
      const kernels = await Promise.all(shippedKernels.map(load));
      return kernels.filter((kernel) => kernel.has(capability)).map(({ version }) => version);
    };
    // Debian's 6.1 has no CONFIG_FPROBE.
    expect(await able('kprobe-multi')).toEqual(['6.12', '6.18', '7.3']);
    expect(await able('kprobe-session')).toEqual(['6.12', '6.18', '7.3']);
    expect(await able('attach-cookie')).toEqual(['6.1', '6.12', '6.18', '7.3']);
    expect(await able('uprobe-multi')).toEqual(['6.12', '6.18', '7.3']);
    expect(await able('strnstr')).toEqual(['6.18', '7.3']);
    expect(await able('strncasestr')).toEqual(['7.3']);
  });

  it.each([
    ['6.12', '6.12'],
    ['6.12.117+deb13-cloud-amd64', '6.12'],
    ['6.1', '6.1'],
    ['newest', '7.3'],
    ['6.120', undefined],
    ['6', undefined],
    ['', undefined],
  ])('%j means %s', (version, line) => {
    expect(shippedLine(version)).toBe(line);
  });
});

describe('the format', () => {
  it('gives back what was put in, however many types there are', () => {
    const functions = Array.from({ length: 12_000 }, (_, i) => ({
      name: `f${String(i).padStart(5, '0')}`,
      returns: `struct s${i} *`,
      parameters: i % 3 === 0 ? [] : ['int', `t${i % 700}`],
      attachment: attachments[i % attachments.length] ?? 'any',
    }));
    const fields = [{ type: 'char[16]', name: 'comm', size: 16, signed: true }];
    const tracepoints = [
      { subsystem: 'a', event: 'none', fields: [] },
      { subsystem: 'b', event: 'one', fields },
    ];
    const kernel = { release: '1', architecture: 'x86_64', distribution: 'debian', config: new Map() };
    // The next lacks every seventh function, and has others of every fifth, and of a tracepoint.
    const changed = functions
      .filter((_, i) => i % 7 !== 0)
      .map((each, i) => (i % 5 === 0 ? { ...each, returns: 'void' } : each));
    const text = encodeKernels([
      {
        ...kernel,
        capabilities: ['fentry'],
        config: new Map([['CONFIG_LSM', 'a,bpf']]),
        functions,
        tracepoints,
      },
      ...[2, 3].map((bit) => ({
        ...{ ...kernel, release: String(bit), capabilities: [], functions: changed },
        tracepoints: [{ subsystem: 'b', event: 'one', fields: [] }],
      })),
    ]);
    const [first, ...others] = decodeKernels(text);
    expect(first).toMatchObject({ release: '1', architecture: 'x86_64', distribution: 'debian' });
    expect([...(first?.config ?? [])]).toEqual([['CONFIG_LSM', 'a,bpf']]);
    expect(first?.tracepointFields('a', 'none')).toEqual([]);
    expect(first?.tracepointFields('b', 'one')).toEqual(fields);
    expect(first?.tracepointFields('b', 'on')).toBeUndefined();
    for (const [of, list] of [
      [first, functions],
      ...others.map((each) => [each, changed] as const),
    ] as const) {
      expect(of?.functionNames()).toEqual(list.map(({ name }) => name));
      for (const { attachment, ...prototype } of list.filter((_, i) => i % 61 === 0)) {
        expect(of?.prototype(prototype.name)).toEqual(prototype);
        expect(of?.attachment(prototype.name)).toBe(attachment);
      }
    }
    for (const later of others) {
      expect([later.attachment('f00007'), later.prototype('f00007')]).toEqual([undefined, undefined]);
      expect(later.tracepointNames()).toEqual(['b/one']);
      expect([later.tracepointFields('a', 'none'), later.tracepointFields('b', 'one')]).toEqual([
        undefined,
        [],
      ]);
    }
  });

  it('refuses other files', async () => {
    const packed = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(gzipSync(text));
    await expect(loadKernelFacts('1.0', packed('something else'))).rejects.toThrow(/no kernel data/);
    await expect(loadKernelFacts('1.0', new Uint8Array([1, 2, 3]))).rejects.toThrow();
  });
});

const shared = join(import.meta.dirname, '../../../shared');
interface Meta {
  readonly kernel?: string;
  readonly policy?: string;
  readonly status?: readonly string[];
  readonly add?: readonly string[];
  readonly load?: { readonly ok: boolean; readonly messages?: readonly string[] };
  readonly verdicts?: Readonly<Record<string, { readonly loaded: boolean; readonly error?: string }>>;
}
const metaOf = (folder: string): Meta => JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Meta;

/** Recorded policies with their verdicts and the shipped line of the kernel that gave them; own builds left out. */
function verdicts(): { name: string; file: string; line: string; loaded: boolean; error: string }[] {
  if (!existsSync(shared)) return [];
  const folders = (of: string): string[] =>
    readdirSync(join(shared, of)).map((name) => join(shared, of, name));
  const recorded = folders('oracle2').filter((folder) => existsSync(join(folder, 'meta.json')));
  return [
    ...folders('oracle')
      .filter((folder) => existsSync(join(folder, 'meta.json')))
      .map((folder) => {
        const { policy = '', status = [], add = [] } = metaOf(folder);
        const loaded = status[0]?.startsWith('status=ok') === true;
        return { name: folder, file: join(shared, policy), line: '6.12', loaded, error: add[0] ?? '' };
      }),
    ...recorded.flatMap((folder) => {
      const { kernel = '', load: loading, verdicts: single = {} } = metaOf(folder);
      if (!kernel.includes('cloud')) return [];
      const line = shippedLine(kernel) ?? '';
      const own = readdirSync(folder).filter((file) => /^policy\d*\.yaml$/.test(file));
      return [
        ...own.map((file) => ({
          ...{ name: join(folder, file), file: join(folder, file), line, loaded: loading?.ok ?? true },
          error: (loading?.messages ?? []).join('\n'),
        })),
        ...Object.entries(single).map(([name, { loaded, error = '' }]) => ({
          ...{ name, file: join(folder, 'policies', `${name}.yaml`), line, loaded, error },
        })),
      ];
    }),
  ].map((verdict) => ({ ...verdict, name: verdict.name.replace(`${shared}/`, '') }));
}

describe.skipIf(!existsSync(shared))('recorded load verdicts, by the kernel’s shipped data', () => {
  it.each(verdicts())('$name on $line', async ({ file, line, loaded, error }) => {
    const { diagnostics } = await checkPolicyText(readFileSync(file, 'utf8'), file, {
      kernels: [line],
      loadKernel: load,
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length === 0, JSON.stringify([error, ...errors.map(({ message }) => message)])).toBe(
      loaded,
    );
  });
});
