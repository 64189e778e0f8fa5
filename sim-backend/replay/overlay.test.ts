import { problemText } from '../../core/backend/problem-words.ts';
import { describe, expect, it } from 'vitest';
import type { StartSnapshot } from '../../core/trace/start-snapshot.ts';
import { plansOf, policy, shellTrace, traceOf } from '../testing/sample.ts';
import { replayed as replay } from '../testing/replayed.ts';

const openOf = (path: string): ReturnType<typeof plansOf> =>
  plansOf(
    policy(`  - call: security_file_open
    syscall: false
    args:
    - {index: 0, type: file}
    selectors:
    - matchArgs:
      - {index: 0, operator: Equal, values: ["${path}"]}
`),
  );
const mounts = (root: string): StartSnapshot => ({
  mounts: [
    { mountpoint: '/', root: '/', fstype: root },
    { mountpoint: '/tmp', root: '/', fstype: 'tmpfs' },
  ],
});
const messages = async (path: string, start: StartSnapshot, trace = shellTrace): Promise<string[]> => {
  const { problems } = await replay({ trace: traceOf(trace), plans: openOf(path), start });
  return problems.map(problemText);
};

describe('an overlay file system', () => {
  it('is named when a hooked function runs for its layer too', async () => {
    expect(await messages('/usr/bin/cat', mounts('overlay'))).toEqual([
      expect.stringMatching(/^not modelled: security_file_open on an overlay/),
    ]);
  });
  it('does not matter to files on other mounts', async () => {
    expect(await messages('/tmp/w/secret', mounts('overlay'))).toEqual([]);
    expect(await messages('/usr/bin/cat', mounts('ext4'))).toEqual([]);
  });
  it('may copy a file up', async () => {
    const writes = shellTrace
      .replace('"secret", O_RDONLY) = 3</tmp/w/secret>', '"/srv/f", O_WRONLY) = 3</srv/f>')
      .replaceAll('3</tmp/w/secret>', '3</srv/f>');
    expect(await messages('/tmp/w/other', mounts('overlay'), writes)).toEqual([
      expect.stringMatching(/^not modelled: openat on an overlay .*copies the file up/),
    ]);
    expect(await messages('/tmp/w/other', mounts('ext4'), writes)).toEqual([]);
  });
});
