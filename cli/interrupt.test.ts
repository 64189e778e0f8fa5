import { once } from 'node:events';
import { expect, it } from 'vitest';
import { exitCodes } from '../runner/exit-code.ts';
import { interruptible } from './interrupt.ts';

const untilAborted = async (signal: AbortSignal): Promise<number> => {
  if (!signal.aborted) await once(signal, 'abort');
  return exitCodes.ok;
};

it('gives the code of work that ends by itself', async () => {
  expect(await interruptible(() => Promise.resolve(exitCodes.disagree), 60_000)).toBe(exitCodes.disagree);
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends work at %s', async (signal) => {
  const before = process.listenerCount(signal);
  const ended = interruptible(untilAborted);
  process.kill(process.pid, signal);
  expect(await ended).toBe(exitCodes.interrupted);
  expect(process.listenerCount(signal)).toBe(before);
});

it('ends work after the time for all of it, which then has failed', async () => {
  expect(await interruptible(untilAborted, 5)).toBe(exitCodes.failed);
});
