import { expect, it } from 'vitest';
import { endTrace } from './end-trace.ts';

const first =
  '170   10.000001 execve("/bin/sh", ["sh"], 0x7ff /* 3 vars */) = 0\n170   10.5 +++ exited with 0 +++\n';
const endOf = (text: string, killed: number[]): { added: string; left: readonly number[] } => {
  const { trace, left } = endTrace(Buffer.from(first + text, 'latin1'), killed);
  const ended = Buffer.from(trace).toString('latin1');
  expect(ended.startsWith(first)).toBe(true);
  return { added: ended.slice(first.length), left };
};

it('finishes the call in which the tracer was killed, and leaves the tracer out', () => {
  expect(endOf('215   11.25 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=100}, ', [214, 215])).toEqual({
    added:
      '215   11.25 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=100}, <unfinished ...>\n' +
      '215   11.25 +++ killed by SIGKILL +++\n',
    left: [215],
  });
});

it('drops a line of which nothing is told yet, and keeps bytes as they are', () => {
  expect(endOf('215   11.0 write(1, "\xff", 1) = 1\n216   1', [215])).toEqual({
    added: '215   11.0 write(1, "\xff", 1) = 1\n215   11.0 +++ killed by SIGKILL +++\n',
    left: [215],
  });
});

it('adds nothing to a trace that is about none of the killed', () => {
  expect(endOf('', [7])).toEqual({ added: '', left: [] });
});
