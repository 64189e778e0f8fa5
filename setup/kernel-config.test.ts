import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isBuilt, listFolder, listedKernels } from '../vm/kernel-list.ts';
import { parseConfig } from '../core/kernels/config.ts';
import { lostOptions } from './kernel-config.ts';

it('says which options a configuration did not take', () => {
  const fragment = '# why\nCONFIG_A=y\nCONFIG_B=n\nCONFIG_C="x"\nCONFIG_D=4\n';
  expect(lostOptions(fragment, 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="x"\nCONFIG_D=4\n')).toEqual([]);
  expect(lostOptions(fragment, '# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_C="x"\n')).toEqual([
    ...['CONFIG_A=y', 'CONFIG_B=n', 'CONFIG_D=4'],
  ]);
});

it.each(listedKernels().filter(isBuilt))('$line has what its VM and its purpose take', ({ config }) => {
  const options = parseConfig(readFileSync(join(listFolder(), config), 'utf8'));
  const needed = [
    ...[
      'BPF_KPROBE_OVERRIDE',
      'FUNCTION_ERROR_INJECTION',
      'DEBUG_INFO_BTF',
      'BPF_LSM',
      'FPROBE',
      'UPROBE_EVENTS',
    ],
    ...[
      'PVH',
      'VIRTIO_PCI',
      'VIRTIO_BLK',
      'VIRTIO_CONSOLE',
      'EXT4_FS',
      'SERIAL_8250_CONSOLE',
      'PVPANIC_MMIO',
      'VMGENID',
    ],
  ];
  expect(needed.filter((name) => options.get(`CONFIG_${name}`) !== 'y')).toEqual([]);
  expect(options.get('CONFIG_LSM')?.split(',')).toContain('bpf');
});
