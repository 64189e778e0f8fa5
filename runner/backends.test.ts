import { describe, expect, it } from 'vitest';
import type { Backend, BackendName, Unavailable } from '../core/backend/backend.ts';
import { chooseBackends } from './backends.ts';
import type { BackendChoice } from './backends.ts';

const lacking: Partial<Record<BackendName, Unavailable>> = {
  kernel: { why: 'no kprobes' },
  vm: { why: 'not set up', enable: 'npm run setup' },
};
const choose = (choice: BackendChoice, lacks: typeof lacking) =>
  chooseBackends(choice, {}, (name) =>
    Promise.resolve({ name, available: () => Promise.resolve(lacks[name]) } as unknown as Backend),
  );

describe('backends', () => {
  it('named on their own must run', async () => {
    expect(await choose('vm', lacking)).toMatchObject({
      backends: [],
      errors: [{ exitCode: 3, message: 'backend vm cannot run here: not set up', enable: 'npm run setup' }],
    });
    expect((await choose('sim', lacking)).backends.map((backend) => backend.name)).toEqual(['sim']);
  });

  it('of all: the simulator and at least one other, the rest are skips', async () => {
    const { backends, skipped, errors } = await choose('all', { kernel: { why: 'no kprobes' } });
    expect(backends.map((backend) => backend.name)).toEqual(['sim', 'vm']);
    expect(skipped).toEqual([{ backend: 'kernel', why: 'no kprobes' }]);
    expect(errors).toEqual([]);
    expect((await choose('all', lacking)).errors.map((error) => error.exitCode)).toEqual([3, 3]);
  });
});
