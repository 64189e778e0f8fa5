import { expect, it } from 'vitest';
import { straceSource } from '../../core/trace/trace-source.ts';
import { namingCalls } from './naming-calls.ts';

const trace = (text: string) =>
  straceSource('t', async function* () {
    yield await Promise.resolve(new TextEncoder().encode(text));
  });

it('finds the calls that name a file, once each, with the functions that ask for leave', async () => {
  const text = `7 1.0 execve("/usr/bin/mv", ["mv", "a", "b"], 0x1 /* 0 vars */) = 0
7 1.1 rename("a", "b") = 0
7 1.2 rename("/tmp/w/a", "b") = 0
7 1.3 openat(AT_FDCWD</tmp/w>, "c", O_RDONLY) = 3</tmp/w/c>
7 1.4 fchmod(3</tmp/w/a>, 0600) = 0
7 1.5 +++ exited with 0 +++
`;
  const calls = await namingCalls(trace(text), ['/tmp/w/a', '/tmp/w/none'], '6.12.0');
  expect(calls.map(({ name, path }) => `${name} ${path}`)).toEqual([
    'execve /tmp/w/a',
    'rename /tmp/w/a',
    'fchmod /tmp/w/a',
  ]);
  expect(calls[1]?.functions).toContain('security_path_rename');
});
