import { describe, expect, it } from 'vitest';
import { loadOrder, moduleDependencies } from './kernel-modules.ts';

const module = (depends: string): Uint8Array =>
  Buffer.from(`\x7fELF\0license=GPL\0depends=${depends}\0retpoline=Y\0`);

describe('loadOrder', () => {
  it('puts dependencies first, each module once, and leaves out what is built in', async () => {
    const files: Record<string, Uint8Array> = {
      virtio: module('virtio_ring'),
      virtio_ring: module(''),
      virtio_pci: module('virtio,virtio-pci-modern-dev'),
      virtio_pci_modern_dev: module(''),
      virtio_blk: module('virtio,virtio_ring'),
    };
    const order = await loadOrder(['virtio-pci', 'virtio_blk', 'virtio_console'], (key) =>
      Promise.resolve(files[key]),
    );
    expect(order.map(({ key }) => key)).toEqual([
      'virtio_ring',
      'virtio',
      'virtio_pci_modern_dev',
      'virtio_pci',
      'virtio_blk',
    ]);
  });
  it('finds no dependencies in what is no module', () => {
    expect(moduleDependencies(new Uint8Array())).toEqual([]);
  });
});
