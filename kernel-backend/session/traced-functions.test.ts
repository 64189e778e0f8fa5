import { expect, it } from 'vitest';
import { bytesOf } from '../encode/bytes.ts';
import { RigError, type Rig } from '../rig.ts';
import { plansOf } from '../testing.ts';
import { tracedFunctions } from './traced-functions.ts';

const text =
  'vfs_write\nfd_install\nfd_install\nfd_pin\n__ftrace_invalid_address___16\nfd_of_module [loop]\nfd_late\n';

/** A rig with tracefs where it used to be. */
const rig = {
  facts: { release: '6.12' },
  read: (path: string) =>
    path === '/sys/kernel/debug/tracing/available_filter_functions'
      ? Promise.resolve(bytesOf(text))
      : Promise.reject(new RigError('read', { error: 'none', errno: 2 })),
} as unknown as Rig;

const plansLike = (pattern: string) =>
  plansOf(
    '- {call: "list:all", syscall: false}',
    `lists: [{name: all, type: generated_ftrace, pattern: '${pattern}'}]`,
  );

it('the functions like a pattern are those of the kernel itself, each once, in their order', async () => {
  const functionsLike = await tracedFunctions(rig, plansLike('^fd_'));
  expect(functionsLike('^fd_')).toEqual(['fd_install', 'fd_pin']);
});

it('a pattern that no function matches keeps a policy from loading, and one that only Go reads is refused', async () => {
  await expect(tracedFunctions(rig, plansLike('^fd_late$'))).rejects.toMatchObject({ code: 'TR-load' });
  await expect(tracedFunctions(rig, plansLike('(?i)fd'))).rejects.toMatchObject({
    code: 'TR-unsupported-on-kernel',
  });
});
