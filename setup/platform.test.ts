import { describe, expect, it } from 'vitest';
import { installCommand } from './packages.ts';
import { whatToDo } from './platform.ts';
import type { Platform } from './platform.ts';

const debian: Platform = { id: 'debian', name: 'Debian GNU/Linux 12', root: true, architecture: 'x64' };

describe('whatToDo', () => {
  it('is nothing on Debian as root', () => {
    expect(whatToDo(debian, false)).toBeUndefined();
  });
  it('names the commands for an ordinary user', () => {
    const text = whatToDo({ ...debian, root: false }, false);
    expect(text).toContain('sudo apt-get install -y --no-install-recommends');
    expect(text).toContain('qemu-system-x86');
    expect(text).toMatch(/sudo .*npx tracerig setup$/m);
    expect(whatToDo({ ...debian, root: false }, true)).not.toContain('qemu');
  });
  it('says on other systems what is needed and where it can be had', () => {
    const text = whatToDo({ ...debian, id: 'fedora', name: 'Fedora Linux 42' }, false);
    expect(text).toContain('Fedora Linux 42');
    expect(text).toContain('vagrant up');
    expect(text).toContain('mmdebstrap');
    expect(whatToDo({ ...debian, architecture: 'arm64' }, false)).toContain('arm64');
  });
});

it('installs without recommended packages', () => {
  expect(installCommand(['a', 'b'])).toBe('apt-get install -y --no-install-recommends a b');
});
