import { describe, expect, it } from 'vitest';
import type { VmImage } from './image.ts';
import { qemuArguments } from './qemu-arguments.ts';
import type { GuestHardware } from './qemu-arguments.ts';
import { snapshotKey } from './snapshot-key.ts';

const guest: GuestHardware = {
  accelerator: 'tcg',
  processors: 2,
  memory: 256,
  kernel: '/c/vmlinux',
  initramfs: '/c/initramfs',
  parameters: ['quiet'],
  disk: '/c/a,b/disk',
  diskWrites: 'dropped',
  memoryFile: { path: 'ram', shared: false },
  incoming: true,
};
const text = (hardware: GuestHardware): string => qemuArguments(hardware).join(' ');

describe('qemuArguments', () => {
  it('drops the writes of a restored machine and keeps its memory to itself', () => {
    expect(text(guest)).toContain('mem-path=ram,share=off');
    expect(text(guest)).toContain('snapshot=on');
    expect(text(guest)).toContain('-incoming defer');
  });
  it('keeps the writes of a machine that is being saved', () => {
    const saved = text({
      ...guest,
      diskWrites: 'kept',
      memoryFile: { path: 'ram', shared: true },
      incoming: false,
    });
    expect(saved).toContain('mem-path=ram,share=on');
    expect(saved).not.toMatch(/snapshot=on|-incoming/);
  });
  it('gives the guest the processors that it is to have', () => {
    expect(text(guest)).toContain('-smp 2');
  });
  it('doubles commas of paths, which would begin another option', () => {
    expect(text(guest)).toContain('file.filename=/c/a,,b/disk');
  });
  it('takes the processor as it is under KVM only', () => {
    expect(text({ ...guest, accelerator: 'kvm' })).toContain('-accel kvm -cpu host');
    expect(text(guest)).toContain('-accel tcg -cpu Nehalem');
  });
});

const file = (sha256: string): VmImage['kernel'] => ({ path: `/c/${sha256}`, sha256, size: 1, mtimeMs: 1 });
const image: VmImage = {
  line: '6.12',
  release: '6.12.1',
  kernel: file('k'),
  initramfs: file('i'),
  disk: file('d'),
  object: file('o'),
  parameters: [],
};

describe('snapshotKey', () => {
  const key = snapshotKey({ image, accelerator: 'tcg' }, 'qemu 1');
  it('changes with everything a snapshot depends on', () => {
    const others = [
      snapshotKey({ image: { ...image, kernel: file('x') }, accelerator: 'tcg' }, 'qemu 1'),
      snapshotKey({ image: { ...image, initramfs: file('x') }, accelerator: 'tcg' }, 'qemu 1'),
      snapshotKey({ image: { ...image, disk: file('x') }, accelerator: 'tcg' }, 'qemu 1'),
      snapshotKey({ image: { ...image, object: file('x') }, accelerator: 'tcg' }, 'qemu 1'),
      snapshotKey({ image: { ...image, parameters: ['lsm=bpf'] }, accelerator: 'tcg' }, 'qemu 1'),
      snapshotKey({ image, accelerator: 'tcg', processors: 2 }, 'qemu 1'),
      snapshotKey({ image, accelerator: 'kvm' }, 'qemu 1'),
      snapshotKey({ image, accelerator: 'tcg' }, 'qemu 2'),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
  it('does not change with where the files are', () => {
    expect(
      snapshotKey(
        { image: { ...image, kernel: { ...image.kernel, path: '/elsewhere' } }, accelerator: 'tcg' },
        'qemu 1',
      ),
    ).toBe(key);
  });
});
