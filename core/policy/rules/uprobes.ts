/** Where uprobes attach, and which binaries they accept. */
import type { Uprobe } from '../schema/hooks.ts';
import { hooksOf } from '../selectors.ts';
import type { NodePath } from '../../source/spans.ts';
import { isTrue, optionValue } from './options.ts';
import type { RuleContext } from './rule.ts';

/** Hexadecimal digits of each digest; a build id has any even number. */
const digestLengths: Readonly<Record<string, number | undefined>> = {
  sha1: 40,
  sha256: 64,
  sha384: 96,
  sha512: 128,
  'build-id': undefined,
  'any-of': undefined,
};

export function uprobes(context: RuleContext): void {
  checkMethods(context);
  for (const entry of hooksOf(context.document)) {
    if (entry.section !== 'uprobes') continue;
    checkPlace(context, entry.hook, entry.path);
    entry.hook.binaryDigests?.forEach((digest, index) => {
      checkDigest(context, digest, [...entry.path, 'binaryDigests', index]);
    });
  }
}

/** Uprobes that attach together name the places of one file in one way. */
function checkMethods(context: RuleContext): void {
  if (isTrue(optionValue(context.document, 'disable-uprobe-multi'))) return;
  const methods = new Map<string, string>();
  for (const { section, hook, path } of hooksOf(context.document)) {
    if (section !== 'uprobes') continue;
    const method = (['symbols', 'offsets', 'addrs'] as const).find((name) => (hook[name]?.length ?? 0) > 0);
    if (method === undefined) continue;
    const first = methods.get(hook.path);
    if (first === undefined) methods.set(hook.path, method);
    else if (first !== method) {
      context.error(
        'TR-uprobe-place',
        [...path, method],
        `another uprobe of \`${hook.path}\` uses ${first}, this one ${method}`,
        'Use the same, or set the option disable-uprobe-multi to 1.',
        { atKey: true },
      );
    }
  }
}

function checkPlace(context: RuleContext, hook: Uprobe, path: NodePath): void {
  const places = ['symbols', 'offsets', 'addrs'] as const;
  if (hook.path === '')
    context.error('TR-uprobe-place', [...path, 'path'], 'the uprobe has an empty path', 'Name the ELF file.');
  if (places.every((place) => (hook[place]?.length ?? 0) === 0)) {
    context.error(
      'TR-uprobe-place',
      path,
      'the uprobe has no place to attach to',
      'Add one of symbols, offsets and addrs.',
    );
  }
  hook.symbols?.forEach((symbol, index) => {
    if (symbol !== '' && !/\+(?!(0x[0-9a-fA-F]+|0b[01]+|0o?[0-7]*|[1-9][0-9]*)$)/i.test(symbol)) return;
    context.error(
      'TR-uprobe-place',
      [...path, 'symbols', index],
      `"${symbol}" is no symbol`,
      'Write `name` or `name+0xOFFSET`.',
    );
  });
  const counters = hook.refCtrOffsets?.length ?? 0;
  const targets = hook.symbols?.length ?? hook.offsets?.length ?? 0;
  if (counters > 0 && counters !== targets) {
    context.error(
      'TR-uprobe-place',
      [...path, 'refCtrOffsets'],
      `there are ${counters} reference counters for ${targets} symbols or offsets`,
      'Give one for each.',
      { atKey: true },
    );
  }
}

function checkDigest(context: RuleContext, digest: string, path: NodePath): void {
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon).trim().toLowerCase();
  const value = digest.slice(colon + 1).trim();
  const help = `Write ALGORITHM:HEX with one of ${Object.keys(digestLengths).join(', ')}.`;
  if (colon === -1 || !Object.hasOwn(digestLengths, algorithm)) {
    context.error('TR-uprobe-digest', path, `"${digest}" names no known algorithm`, help);
  } else if (algorithm !== 'any-of' && (!/^([0-9a-fA-F]{2})+$/.test(value) || !fits(algorithm, value))) {
    context.error('TR-uprobe-digest', path, `"${value}" is no ${algorithm} digest in hexadecimal`, help);
  }
}

function fits(algorithm: string, value: string): boolean {
  const length = digestLengths[algorithm];
  return length === undefined || value.length === length;
}
