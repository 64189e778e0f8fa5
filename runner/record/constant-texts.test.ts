import { describe, expect, it } from 'vitest';
import { CallTexts, constantTexts } from './constant-texts.ts';
import type { Rig } from '../../kernel-backend/rig.ts';

const reader = (files: Record<string, string>): Pick<Rig, 'read'> => ({
  read(path, { offset = 0, limit = 0 } = {}) {
    const text = files[path];
    return text === undefined
      ? Promise.reject(new Error(`no ${path}`))
      : Promise.resolve(Buffer.from(text, 'latin1').subarray(offset, offset + limit));
  },
});

const gathered = (...lines: string[]): CallTexts => {
  const texts = new CallTexts();
  for (const line of lines) texts.take(line);
  return texts;
};

const lines = [
  '100 1.0 execve("/bin/prog", ["prog", "near"], 0x7ff /* 3 vars */) = 0',
  '100 1.1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</lib/x.so>, 0) = 0x7f0000000000',
  '100 1.2 openat(AT_FDCWD</tmp/w>, "/dev/null", O_RDONLY) = 3</dev/null<char 1:3>>',
  '100 1.3 openat(AT_FDCWD</tmp/w>, "near", O_RDONLY) = 4</tmp/w/near>',
  '100 1.4 openat(AT_FDCWD</tmp/w>, "/tmp/made", O_RDONLY) = 4</tmp/made>',
  '100 1.5 rename("/a\\tb", "/part") = 0',
  '100 1.6 write(1</o>, "a long enough text", 18) = 18',
  '100 1.7 read(3</o>, "/dev/zero", 9) = 9',
];

describe('texts in mapped files', () => {
  it('are those that end with a zero byte there, of calls that are given them; outputs need none', async () => {
    const files = {
      '/bin/prog': 'x/dev/null\0near\0/dev/zero\0a long enough text, and more',
      '/lib/x.so': '\0/a\tb\0/partial\0',
    };
    expect(await constantTexts(reader(files), gathered(...lines), ['/bin/prog'])).toEqual([
      '/a\tb',
      '/dev/null',
      'a long enough text',
    ]);
  });

  it('are not known where a file cannot be read', async () => {
    expect(await constantTexts(reader({}), gathered(...lines), ['/bin/prog'])).toBeUndefined();
  });
});
