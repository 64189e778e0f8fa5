import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const installed = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((dir) => existsSync(join(dir, 'vagrant')));

describe.skipIf(!installed)('Vagrantfile (needs vagrant: npx tracerig setup)', () => {
  it.each(['kvm', 'qemu'])(
    'is valid for the driver %s',
    async (driver) => {
      const scratch = await mkdtemp(join(tmpdir(), 'tracerig-vagrant-'));
      try {
        const { stdout } = await promisify(execFile)('vagrant', ['validate', '--ignore-provider'], {
          cwd: root,
          env: {
            ...process.env,
            HOME: scratch,
            VAGRANT_HOME: join(scratch, 'home'),
            VAGRANT_DOTFILE_PATH: join(scratch, 'state'),
            VAGRANT_CHECKPOINT_DISABLE: '1',
            TRACERIG_VAGRANT_DRIVER: driver,
          },
        });
        expect(stdout).toContain('validated successfully');
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
