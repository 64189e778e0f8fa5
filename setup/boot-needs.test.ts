import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isBuilt, listFolder, listedKernels } from '../vm/kernel-list.ts';
import { bootLacks } from './boot-needs.ts';

const [built] = listedKernels().filter(isBuilt);
const config = readFileSync(join(listFolder(), built?.config ?? ''), 'utf8');
const none = new Map<string, string>();
const without = (option: string, value?: string): string =>
  config.replace(
    `CONFIG_${option}=y`,
    value === undefined ? `# CONFIG_${option} is not set` : `CONFIG_${option}=${value}`,
  );

it('is content with the kernel that is built here', () => {
  expect(bootLacks(config, none)).toEqual([]);
});

it('names what is lacking, and what that means', () => {
  expect(bootLacks(without('VIRTIO_BLK'), none)).toEqual(['CONFIG_VIRTIO_BLK is not set: it has no disk']);
  expect(bootLacks(without('SERIAL_8250_CONSOLE', 'm'), none)).toEqual([
    expect.stringMatching(/^CONFIG_SERIAL_8250_CONSOLE is only a module: /),
  ]);
  expect(bootLacks('', none).length).toBeGreaterThan(10);
});

it('takes a module where there is one', () => {
  expect(bootLacks(without('EXT4_FS', 'm'), none)).toEqual([
    'CONFIG_EXT4_FS is a module, and there is no ext4.ko among its modules: it cannot mount its disk',
  ]);
  expect(bootLacks(without('EXT4_FS', 'm'), new Map([['ext4', '/m/ext4.ko']]))).toEqual([]);
});
