import { describe, expect, it } from 'vitest';
import { chooseMirror, parseDeb822, parseOneLine } from './apt-sources.ts';

const deb822 = `
# A comment names a host that does not answer: http://dead.example/debian
Types: deb deb-src
# http://snapshot.example/archive
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYm
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main
`;

describe('parseDeb822', () => {
  it('reads stanzas, skipping comments, disabled ones and source packages', () => {
    const sources = parseDeb822(deb822);
    expect(sources.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'http://mirror.example/debian/ bookworm',
      'http://mirror.example/debian/ bookworm-updates',
      'http://mirror.example/debian-security bookworm-security',
    ]);
    expect(sources[0]).toMatchObject({
      components: ['main', 'contrib'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    });
    expect(sources[2]).not.toHaveProperty('signedBy');
  });
  it('reads nothing from nothing', () => {
    expect(parseDeb822('')).toEqual([]);
    expect(parseDeb822('Types: deb\n')).toEqual([]);
  });
});

describe('parseOneLine', () => {
  it('reads entries with and without options, skipping comments', () => {
    const text = [
      '# deb http://dead.example/debian bookworm main',
      'deb http://mirror.example/debian bookworm main contrib # the main archive',
      '  deb [arch=amd64 signed-by=/etc/keys/a.gpg] http://other.example/apt stable main',
      'deb-src http://mirror.example/debian bookworm main',
    ].join('\n');
    expect(parseOneLine(text)).toEqual([
      { uri: 'http://mirror.example/debian', suite: 'bookworm', components: ['main', 'contrib'] },
      { uri: 'http://other.example/apt', suite: 'stable', components: ['main'], signedBy: '/etc/keys/a.gpg' },
    ]);
  });
});

describe('chooseMirror', () => {
  it("takes the machine's own mirror", () => {
    expect(chooseMirror(parseDeb822(deb822))).toEqual({
      main: 'http://mirror.example/debian',
      security: 'http://mirror.example/debian-security',
    });
  });
  it("prefers Debian's archive to other publishers with its suite names", () => {
    const sources = parseOneLine(
      'deb http://apt.vendor.example/ bookworm main\ndeb http://mirror.example/debian bookworm main',
    );
    expect(chooseMirror(sources)).toEqual({
      main: 'http://mirror.example/debian',
      security: 'http://mirror.example/debian-security',
    });
  });
  it('knows none where there is none', () => {
    expect(chooseMirror(parseOneLine('deb http://vendor.example/apt nodistro main'))).toBeUndefined();
  });
  it('lets the variable win, with one URL or two', () => {
    const sources = parseDeb822(deb822);
    expect(chooseMirror(sources, 'http://own.example/debian/')).toEqual({
      main: 'http://own.example/debian',
      security: 'http://own.example/debian-security',
    });
    expect(chooseMirror(sources, 'http://own.example/d http://own.example/s')).toEqual({
      main: 'http://own.example/d',
      security: 'http://own.example/s',
    });
  });
});
