import { describe, expect, it } from 'vitest';
import type { Call } from '../machine/call.ts';
import { newFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { killEffect } from './kill-effect.ts';

/** A call that moves data from one thing to another, on one file system. */
function killed(name: string, fstype: string, from: 'file' | 'pipe', to: 'file' | 'pipe'): string {
  const call = { name } as unknown as Call;
  const machine = {
    fileAt: (_call: unknown, argument: string) =>
      argument === 'fd_in' ? newFile(from, '/tmp/w/a', 0) : newFile(to, '/tmp/w/b', 1),
    mountOf: () => ({ fstype }),
  } as unknown as Machine;
  return killEffect(call, machine);
}

describe('a call killed inside', () => {
  it('has spliced a file of tmpfs into a pipe, and none of another file system', () => {
    expect(killed('splice', 'tmpfs', 'file', 'pipe')).toBe('done');
    expect(killed('splice', 'ext4', 'file', 'pipe')).toBe('stopped');
    expect(killed('splice', 'tmpfs', 'pipe', 'file')).toBe('stopped');
  });

  it('has copied nothing into a file', () => {
    for (const fstype of ['tmpfs', 'ext4', 'xfs', 'btrfs']) {
      expect(killed('copy_file_range', fstype, 'file', 'file')).toBe('stopped');
    }
  });

  it('takes effect where no rule names it', () => {
    expect(killed('unlink', 'ext4', 'file', 'file')).toBe('done');
  });
});
