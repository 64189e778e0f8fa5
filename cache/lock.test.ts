import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withLock } from './lock.ts';

it('lets one in at a time, and goes on after a failure', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tracerig-lock-'));
  const path = join(dir, 'locks', 'a');
  let inside = 0;
  let most = 0;
  const work = async (fail: boolean): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
    if (fail) throw new Error('failed inside');
  };
  const results = await Promise.allSettled(
    [true, false, false].map((fail) => withLock(path, () => work(fail))),
  );
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(most).toBe(1);
  await rm(dir, { recursive: true });
});

it('is not waited for longer than the limit, nor after an interrupt', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tracerig-lock-'));
  const path = join(dir, 'locks', 'a');
  await withLock(path, async () => {
    const work = (): Promise<never> => Promise.reject(new Error('it was let in'));
    await expect(withLock(path, work, { limitSeconds: 1 })).rejects.toThrow(
      `cannot lock ${path}: another process holds it for more than 1 s`,
    );
    const controller = new AbortController();
    const waiting = withLock(path, work, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });
  await rm(dir, { recursive: true });
});
