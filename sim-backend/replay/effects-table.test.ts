import { describe, expect, it } from 'vitest';
import type { Call } from '../machine/call.ts';
import { newFile } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { killEffect } from './effects-table.ts';

/** A call whose descriptor arguments 0 and 2 are a file and the end of a pipe, on one file system. */
function killed(name: string, fstype: string, from: 'file' | 'pipe', to: 'file' | 'pipe'): string {
  const files = [newFile(from, '/tmp/w/a', 0), undefined, newFile(to, '/tmp/w/b', 1)];
  const call = { name, task: {}, descriptor: (index: number) => index } as unknown as Call;
  const machine = {
    fileOf: (_task: unknown, index: number) => files[index],
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
