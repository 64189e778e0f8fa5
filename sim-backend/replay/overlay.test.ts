import { problemText } from '../../core/backend/problem-words.ts';
import { describe, expect, it } from 'vitest';
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
const mounts = (root: string): object => ({
  mounts: [
    { mountpoint: '/', root: '/', fstype: root },
    { mountpoint: '/tmp', root: '/', fstype: 'tmpfs' },
  ],
});
const messages = (path: string, start: object, trace = shellTrace): string[] =>
  replay({ trace: traceOf(trace), plans: openOf(path), start }).problems.map(problemText);

describe('an overlay file system', () => {
  it('is named when a hooked function runs for its layer too', () => {
    expect(messages('/usr/bin/cat', mounts('overlay'))).toEqual([
      expect.stringMatching(/^not modelled: security_file_open on an overlay/),
    ]);
  });
  it('does not matter to files on other mounts', () => {
    expect(messages('/tmp/w/secret', mounts('overlay'))).toEqual([]);
    expect(messages('/usr/bin/cat', mounts('ext4'))).toEqual([]);
  });
  it('may copy a file up', () => {
    const writes = shellTrace
      .replace('"secret", O_RDONLY) = 3</tmp/w/secret>', '"/srv/f", O_WRONLY) = 3</srv/f>')
      .replaceAll('3</tmp/w/secret>', '3</srv/f>');
    expect(messages('/tmp/w/other', mounts('overlay'), writes)).toEqual([
      expect.stringMatching(/^not modelled: openat on an overlay .*copies the file up/),
    ]);
    expect(messages('/tmp/w/other', mounts('ext4'), writes)).toEqual([]);
  });
});
