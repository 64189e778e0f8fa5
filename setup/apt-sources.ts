/** Reads apt's source lists, both forms, to learn which mirror this machine takes Debian from. */

export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Path of a key ring, if it names one. */
  readonly signedBy?: string;
}

/** `.sources` files: stanzas of `Key: value`, continued by indented lines. Disabled ones and comments are skipped. */
export function parseDeb822(text: string): AptSource[] {
  const list: AptSource[] = [];
  for (const stanza of text.split(/\n[ \t]*(?:\n|$)/)) {
    const fields = new Map<string, string>();
    let key = '';
    for (const line of stanza.split('\n')) {
      if (line.startsWith('#')) continue;
      const field = /^([A-Za-z-]+)[ \t]*:[ \t]*(.*)$/.exec(line);
      if (field !== null) {
        key = (field[1] ?? '').toLowerCase();
        fields.set(key, (field[2] ?? '').trim());
      } else if (/^[ \t]/.test(line) && key !== '') {
        fields.set(key, `${fields.get(key) ?? ''} ${line.trim()}`.trim());
      }
    }
    const words = (name: string): string[] => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
    if (/^(no|false|without|off|disable|0)$/i.test(fields.get('enabled') ?? '')) continue;
    if (!words('types').includes('deb')) continue;
    const signedBy = fields.get('signed-by');
    for (const uri of words('uris')) {
      for (const suite of words('suites')) {
        list.push({
          uri,
          suite,
          components: words('components'),
          ...(signedBy?.startsWith('/') ? { signedBy } : {}),
        });
      }
    }
  }
  return list;
}

/** `.list` files: `deb [options] URI SUITE COMPONENT…`, one a line. */
export function parseOneLine(text: string): AptSource[] {
  const list: AptSource[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (match === null) continue;
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\/\S+)/i.exec(options)?.[1];
    list.push({
      uri,
      suite,
      components: components.split(/\s+/).filter(Boolean),
      ...(signedBy === undefined ? {} : { signedBy }),
    });
  }
  return list;
}

/** Base URLs of Debian's two archives. */
export interface DebianMirror {
  readonly main: string;
  readonly security: string;
}

const releases = 'buster|bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable';
const mainSuite = new RegExp(`^(${releases})$`);
const securitySuite = new RegExp(`^(${releases})(-security|/updates)$`);

/**
 * The mirror to use: `override` (the value of TRACERIG_APT_MIRROR: one URL, or the main and the security archive's
 * separated by a space), else the one that the machine's own sources name. undefined when they name none.
 */
export function chooseMirror(sources: readonly AptSource[], override?: string): DebianMirror | undefined {
  const [main, security] = override?.trim().split(/\s+/).filter(Boolean) ?? [];
  if (main !== undefined) return { main: trim(main), security: trim(security ?? securityBeside(main)) };

  const candidates = sources.filter((source) => source.components.includes('main'));
  // Other publishers use Debian's suite names, too; Debian's own key or name in the URL tells them apart.
  const score = (source: AptSource): number =>
    (source.signedBy?.includes('debian-archive') ? 2 : 0) + (/debian/.test(source.uri) ? 1 : 0);
  const best = (suite: RegExp): string | undefined =>
    candidates.filter((source) => suite.test(source.suite)).sort((a, b) => score(b) - score(a))[0]?.uri;
  const ownMain = best(mainSuite);
  if (ownMain === undefined) return undefined;
  return { main: trim(ownMain), security: trim(best(securitySuite) ?? securityBeside(ownMain)) };
}

/** By custom the security archive lies beside the main one. */
function securityBeside(main: string): string {
  return `${trim(main)}-security`;
}

function trim(uri: string): string {
  return uri.replace(/\/+$/, '');
}
