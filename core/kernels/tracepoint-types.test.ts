import { describe, expect, it } from 'vitest';
import { autoFieldType } from './tracepoint-types.ts';

describe('type auto of a tracepoint field', () => {
  it.each<[string, number, boolean, string]>([
    ['int', 4, true, 'int32'],
    ['unsigned int', 4, false, 'uint32'],
    // Fields of system calls are registers, whatever their type.
    ['unsigned int', 8, false, 'uint64'],
    ['long', 8, true, 'int64'],
    ['unsigned long', 8, false, 'uint64'],
    ['u64', 8, false, 'uint64'],
    ['size_t', 8, false, 'size_t'],
    ['const char *', 8, false, 'char_buf'],
    ['unsigned long[6]', 48, false, 'const_buf'],
    ['char[TASK_COMM_LEN]', 16, true, 'const_buf'],
  ])('%s of %d bytes', (type, size, signed, expected) => {
    expect(autoFieldType({ type, name: 'f', size, signed }, true)).toEqual({ type: expected });
  });

  it.each<[string, number, RegExp]>([
    ['unsigned short', 2, /unknown type: tracepoint\.IntTy/],
    ['pid_t', 4, /unknown type: tracepoint\.PidTy/],
    ['__data_loc char[]', 4, /unknown type:__data_loc/],
    ['umode_t', 8, /unknown type:umode_t/],
    ['struct sock *', 8, /unknown type:struct/],
    ['bool', 1, /tracepoint\.BoolTy/],
    ['void *', 8, /cannot handle pointer/],
    ['int *', 8, /tracepoint\.PointerTy/],
    ['const char *const *', 8, /did not process/],
  ])('there is none for %s', (type, size, error) => {
    const auto = autoFieldType({ type, name: 'f', size, signed: false }, true);
    expect('error' in auto ? auto.error : '').toMatch(error);
  });

  it('asks a buffer for its size', () => {
    const field = { type: 'const char *', name: 'buf', size: 8, signed: false };
    expect(autoFieldType(field, false)).toEqual({ error: 'no metadata field for buffer' });
  });
});
