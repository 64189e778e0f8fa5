import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeModules } from '../../core/kernels/module-data.ts';
import { loadKernelFacts } from '../../core/kernels/shipped-facts.ts';
import { kernelsFile, modulesFile, shippedKernels } from '../../core/kernels/shipped.ts';
import { syscallParameters } from '../../core/kernels/syscall-parameters.ts';
import { x64Syscalls } from '../../core/names/syscall-tables.ts';
import { once } from '../../core/values/once.ts';
import { symbolName, syscallsWithoutArguments } from '../kernel-model/syscalls.ts';
import { sitesOf, syscallRows } from './index.ts';

const data = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(join(import.meta.dirname, '../../core/kernels/data', name)));
const kernelsData = once(() => data(kernelsFile));
const modules = once(() => decodeModules(gunzipSync(data(modulesFile)).toString('latin1')));
const x64 = x64Syscalls.flatMap(([, names]) => names.split(/\s+/));

const names = syscallRows.flatMap(({ calls }) => Object.keys(calls));

/** Numbers that no kernel of the shipped lines serves. */
const retired =
  '_sysctl create_module get_kernel_syms query_module nfsservctl getpmsg putpmsg afs_syscall tuxcall security ' +
  'epoll_ctl_old epoll_wait_old vserver';

describe.each(shippedKernels)('what the tables hold for kernel %s', (line) => {
  const load = once(() => loadKernelFacts(line, kernelsData(), { modules }));

  it('is what this kernel has, with no more arguments', async () => {
    const kernel = await load();
    const wrong = new Set<string>();
    for (const { hook, args } of names.flatMap((name) => sitesOf(name, kernel.release))) {
      const [, subsystem = '', event = ''] = /^(?:tp|raw):(.+)\/(.+)$/.exec(hook) ?? [];
      const has = event === '' ? kernel.hasFunction(hook) : kernel.hasTracepoint(subsystem, event);
      if (has !== true) wrong.add(`${hook} is not there`);
      const count = event === '' ? kernel.prototype(hook)?.parameters.length : undefined;
      if (count !== undefined && args.length > count)
        wrong.add(`${hook} has ${count} arguments, not ${args.length}`);
    }
    expect([...wrong]).toEqual([]);
  });
});

it('rows are of system calls, one of each', () => {
  const calls = names.filter((name) => !name.startsWith('@'));
  expect(calls.filter((name) => !x64.includes(name))).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('each system call has parameters, or is known to have none', () => {
  const unknown = x64.filter(
    (name) => syscallParameters(symbolName(name)) === undefined && !syscallsWithoutArguments.has(name),
  );
  expect(unknown.toSorted()).toEqual(retired.split(' ').toSorted());
});
