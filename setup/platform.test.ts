import { describe, expect, it } from 'vitest';
import { installCommand } from './packages.ts';
import { whatToDo } from './platform.ts';
import type { Platform } from './platform.ts';

const debian: Platform = { id: 'debian', name: 'Debian GNU/Linux 12', root: true, architecture: 'x64' };

const whole = { hostOnly: false, kernels: ['6.12'] };

describe('whatToDo', () => {
  it('is nothing on Debian as root', () => {
    expect(whatToDo(debian, whole)).toBeUndefined();
  });
  it('names the commands for an ordinary user', () => {
    const text = whatToDo({ ...debian, root: false }, whole);
    expect(text).toContain('sudo apt-get install -y --no-install-recommends');
    expect(text).toContain('qemu-system-x86');
    expect(text).toMatch(/sudo .*npx tracerig setup$/m);
    expect(whatToDo({ ...debian, root: false }, { hostOnly: true, kernels: ['6.12'] })).not.toContain('qemu');
  });
  it('repeats the kernels that were asked for, with what building one needs', () => {
    const text = whatToDo({ ...debian, root: false }, { hostOnly: false, kernels: ['6.1', 'override'] });
    expect(text).toMatch(/npx tracerig setup --kernel 6\.1,override$/m);
    expect(text).toContain(' dwarves ');
    expect(whatToDo({ ...debian, root: false }, whole)).not.toContain('dwarves');
  });
  it('says on other systems what is needed and where it can be had', () => {
    const text = whatToDo({ ...debian, id: 'fedora', name: 'Fedora Linux 42' }, whole);
    expect(text).toContain('Fedora Linux 42');
    expect(text).toContain('vagrant up');
    expect(text).toContain('mmdebstrap');
    expect(whatToDo({ ...debian, architecture: 'arm64' }, whole)).toContain('arm64');
  });
});

it('installs without recommended packages', () => {
  expect(installCommand(['a', 'b'])).toBe('apt-get install -y --no-install-recommends a b');
});
