import { describe, expect, it } from 'vitest';
import { readDescriptor } from './annotation.ts';
import { readNumber } from './number.ts';
import { LineIndex, lineKind } from './line-index.ts';
import { TraceReader, type Interest } from './reader.ts';
import { readResult } from './result.ts';
import { readQuoted, readStruct, splitList } from './text.ts';

const kinds = Object.keys(lineKind);

/** All that the lines of interest hold. */
function read(text: string, wants: Interest = () => true, size = Infinity): Record<string, unknown>[] {
  const index = new LineIndex();
  const reader = new TraceReader(wants, index);
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  reader.end();
  return Array.from({ length: index.count }, (_, at) => {
    const kind = kinds[index.kind(at)];
    const place = { kind, line: index.line(at), pid: index.pid(at), time: index.time(at) };
    if (kind === 'unknown' || kind === 'cut') return { ...place, shown: index.shown(at) };
    if (kind === 'signal') return place;
    if (kind === 'end') return { ...place, end: index.end(at) };
    const name = index.name(at);
    if (kind === 'unfinished') return { ...place, name, args: String.fromCharCode(...index.firstHalf(at)) };
    const call = index.call(at);
    return { ...place, name, args: call?.text, result: call?.result.text };
  });
}

describe('lines', () => {
  it.each([
    [
      '7  1700000000.5 close(3)        = 0\n',
      { kind: 'call', pid: 7, name: 'close', args: '3', result: '0' },
    ],
    ['7 read(3, ") = 5\\n", 6) = 6\n', { kind: 'call', args: '3, ") = 5\\n", 6', result: '6' }],
    [
      '[pid   7] close(3) = -1 EBADF (Bad file descriptor)\n',
      { pid: 7, result: '-1 EBADF (Bad file descriptor)' },
    ],
    ['close(3) = 0\n', { pid: -1, name: 'close' }],
    ['7 12:30:01.25 close(3) = 0\n', { pid: 7, time: 45001.25 }],
    ['7 wait4(-1,  <unfinished ...>\n', { kind: 'unfinished', args: '-1,' }],
    [
      '7 <... wait4 resumed>NULL, 0, NULL) = 9\n',
      { kind: 'resumed', name: 'wait4', args: 'NULL, 0, NULL', result: '9' },
    ],
    ['7 <... futex resumed> <unfinished ...>) = ?\n', { kind: 'resumed', args: '', result: '?' }],
    ['7 pause( <unfinished ...>) = ?\n', { kind: 'call', args: '', result: '?' }],
    ['7 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---\n', { kind: 'signal' }],
    ['7 +++ exited with 3 +++\n', { kind: 'end', end: { kind: 'exited', code: 3 } }],
    [
      '7 +++ killed by SIGSEGV (core dumped) +++\n',
      { kind: 'end', end: { kind: 'killed', signal: 'SIGSEGV', core: true } },
    ],
    ['7 +++ superseded by execve in pid 9 +++\n', { kind: 'end', end: { kind: 'superseded', by: 9 } }],
    [
      '7 syscall_0x3e7(0x1) = -1 ENOSYS (Function not implemented)\n',
      { kind: 'call', name: 'syscall_0x3e7' },
    ],
    ['something else\n', { kind: 'unknown', line: 1 }],
    ['7 close(3) =', { kind: 'cut', line: 1 }],
    ['7 close(3) = 1', { kind: 'cut', line: 1 }],
    ['7 +++ exited with 3 +++', { kind: 'end', end: { kind: 'exited', code: 3 } }],
    ['7 read(3, "\0", 1) = 1\n', { kind: 'unknown', line: 1 }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual([expect.objectContaining(expected)]);
  });

  it('tells binary lines whatever call they are of, over chunks of any size', () => {
    const text = '7 close(3) = 0\n7 close(\0) = 0\n7 close(4) = 0\n7 close(\0) = 0\n';
    for (const size of [1, 5, 20, 100]) {
      expect(read(text, () => false, size).map(({ kind, line }) => [kind, line])).toEqual([
        ['unknown', 2],
        ['unknown', 4],
      ]);
    }
  });

  it('leaves out remarks of strace and calls of no interest', () => {
    const text = 'strace: Process 8 attached\n7 brk(NULL) = 0x5\n7 close(3) = 0\n';
    const items = read(text, (name) => name === 'close');
    expect(items).toMatchObject([{ name: 'close', line: 3 }]);
  });
});

describe('arguments', () => {
  it('are split outside strings, brackets and annotations', () => {
    expect(splitList('AT_FDCWD</tmp/a, b>, "x, \\"y", {a=1, b=[2, 3]}, 1<<3 /* a, b */')).toEqual([
      'AT_FDCWD</tmp/a, b>',
      '"x, \\"y"',
      '{a=1, b=[2, 3]}',
      '1<<3 /* a, b */',
    ]);
  });

  it.each([
    ['3</we\\76ird>', { fd: 3, target: { kind: 'path', text: '/we>ird', deleted: false } }],
    ['3</tmp/x>(deleted)', { fd: 3, target: { kind: 'path', text: '/tmp/x', deleted: true } }],
    ['0</dev/null<char 1:3>>', { fd: 0, target: { kind: 'path', text: '/dev/null', device: 'char 1:3' } }],
    [
      '4<TCP:[127.0.0.1:80->10.0.0.1:9]>',
      { fd: 4, target: { kind: 'socket', protocol: 'TCP', text: '127.0.0.1:80->10.0.0.1:9' } },
    ],
    ['5<UNIX-STREAM:[7->8, "/run/a>b"]>', { fd: 5, target: { kind: 'socket', protocol: 'UNIX-STREAM' } }],
    ['5<pipe:[77]>', { fd: 5, target: { kind: 'pipe' } }],
    ['5<anon_inode:[eventfd]>', { fd: 5, target: { kind: 'anon' } }],
    ['AT_FDCWD', { fd: -100, target: undefined }],
  ])('descriptor %s', (text, expected) => {
    expect(readDescriptor(text)).toMatchObject(expected);
  });

  it.each([
    ['"a\\tb\\12\\0073\\377"', { bytes: 'a\tb\n\x073\xff', cut: false }],
    ['"abc"...', { bytes: 'abc', cut: true }],
    ['@"name"', { bytes: 'name', abstract: true }],
  ])('text %s', (text, expected) => {
    expect(readQuoted(text)).toMatchObject(expected);
  });

  it.each([
    ['O_RDWR|O_CREAT|0x40000000', 0x40000042n],
    ['0644', 0o644n],
    ['8192*1024', 8388608n],
    ['1<<CAP_KILL|1<<CAP_CHOWN', 33n],
    ['-1', -1n],
    ['NULL', 0n],
    ['SIGRT_3', 35n],
    ['_IOC(_IOC_READ, 0x54, 0x2, 0x4)', 0x80045402n],
    ['O_NO_SUCH_FLAG', undefined],
    ['"text"', undefined],
  ])('number %s', (text, expected) => {
    expect(readNumber(text)).toBe(expected);
  });

  it('structures', () => {
    expect(readStruct('{st_mode=S_IFREG|0644, st_size=4, ...}')?.get('st_mode')).toBe('S_IFREG|0644');
  });

  it.each([
    ['-1 ENOENT (No such file or directory)', { value: -1n, errno: 'ENOENT' }],
    ['? ERESTARTSYS (To be restarted)', { value: undefined, errno: 'ERESTARTSYS' }],
    ['3</tmp/f>', { value: 3n, target: { kind: 'path', text: '/tmp/f' } }],
    ["2 /* 77 in strace's PID NS */", { value: 2n, hostPid: 77 }],
    ['0x7f00', { value: 0x7f00n }],
    ['?', { value: undefined, errno: undefined }],
  ])('result %s', (text, expected) => {
    expect(readResult(text)).toMatchObject(expected);
  });
});
