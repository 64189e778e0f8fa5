import { describe, expect, it } from 'vitest';
import type { Backend, Unavailable } from '../core/backend/backend.ts';
import { backendText } from '../core/backend/id.ts';
import { chooseBackends } from './backends.ts';
import type { BackendChoice, BackendName } from './backends.ts';

const lacking: Partial<Record<BackendName, Unavailable>> = {
  kernel: { why: 'no kprobes' },
  vm: { why: 'not set up', enable: 'npx tracerig setup' },
};
const choose = (choice: BackendChoice, lacks: typeof lacking, kernels?: readonly string[]) =>
  chooseBackends(choice, kernels === undefined ? {} : { kernels }, (name, kernel) =>
    Promise.resolve({
      id: { kind: name, ...(kernel === undefined ? {} : { kernel }) },
      takes: name === 'sim' ? 'trace' : 'command',
      available: () => Promise.resolve(lacks[name]),
      close: () => Promise.resolve(),
    } as unknown as Backend),
  );
const names = async (chosen: ReturnType<typeof choose>): Promise<string[]> =>
  (await chosen).backends.map(({ id }) => backendText(id));

describe('backends', () => {
  it('named on their own must run', async () => {
    expect(await choose('vm', lacking)).toMatchObject({
      backends: [],
      errors: [
        {
          kind: 'unavailable',
          message: 'backend vm cannot run here: not set up',
          enable: 'npx tracerig setup',
        },
      ],
    });
    expect(await names(choose('sim', lacking))).toEqual(['sim']);
  });

  it('of all: the simulator and at least one other, the rest are skips', async () => {
    const chosen = choose('all', { kernel: { why: 'no kprobes' } });
    expect(await names(chosen)).toEqual(['sim', 'vm']);
    const { skipped, errors } = await chosen;
    expect(skipped).toEqual([{ backend: 'kernel', why: 'no kprobes' }]);
    expect(errors).toEqual([]);
    expect((await choose('all', lacking)).errors.map(({ kind }) => kind)).toEqual([
      'unavailable',
      'unavailable',
    ]);
  });

  it('of several kernels: a simulator and a VM for each', async () => {
    expect(await names(choose('all', {}, ['5.10', '6.12']))).toEqual([
      ...['sim@5.10', 'sim@6.12', 'vm@5.10', 'vm@6.12'],
    ]);
    expect(await names(choose('sim', {}, ['6.18']))).toEqual(['sim@6.18']);
  });

  it('of all kernels: each that can run, and no error for the others', async () => {
    expect(await names(choose('sim', {}, ['all']))).toEqual([
      ...['sim@5.10', 'sim@6.1', 'sim@6.12', 'sim@6.18', 'sim@7.3'],
    ]);
    const vms = await names(choose('vm', {}, ['all', '6.12']));
    expect(vms).toEqual(expect.arrayContaining(['vm@5.10', 'vm@6.12', 'vm@6.16', 'vm@7.3']));
    expect(new Set(vms).size).toBe(vms.length);
    const none = await choose('vm', lacking, ['all']);
    expect(none.backends).toEqual([]);
    expect(none.errors.map(({ kind }) => kind)).toContain('unavailable');
    expect(none.errors.length).toBe(vms.length);
  });

  it('of a kernel that only the VM has: the simulator is a skip with the reason', async () => {
    const chosen = await choose('all', {}, ['6.16']);
    expect(chosen.backends.map(({ id }) => backendText(id))).toEqual(['vm@6.16']);
    expect(chosen.skipped).toMatchObject([
      { backend: 'sim@6.16', why: expect.stringContaining('6.16') as string },
    ]);
    expect((await choose('sim', {}, ['6.16'])).errors).toMatchObject([{ kind: 'usage' }]);
  });

  it('of a kernel that nobody knows, or of this host with another kernel: usage', async () => {
    expect(await choose('sim', {}, ['6.12', '9.9'])).toMatchObject({
      backends: [],
      errors: [
        { code: 'TR-kernel-unknown', kind: 'usage', message: expect.stringContaining('9.9') as string },
      ],
    });
    expect((await choose('kernel', {}, ['6.12'])).errors).toMatchObject([{ kind: 'usage' }]);
  });
});
