/**
 * The file in which a kernel's data are shipped: text, compressed with gzip. Names of functions are sorted and share
 * their beginnings; their prototypes stand apart, in the same order, and are decoded only when asked for.
 */
import { once } from '../values/once.ts';
import { parseConfig } from './config.ts';
import type { KernelData } from './kernel-data.ts';
import type { FunctionPrototype, TracepointField } from './kernel-facts.ts';
import { BLOCK, restoreBeginnings, shareBeginnings } from './shared-beginnings.ts';
import { TextLines } from './text-lines.ts';

const FORMAT = 'tracerig kernel data 2';
/** Characters of type codes: all printable ASCII. The first of them stand alone, the others begin a longer code. */
const FIRST = 33;
const CHARACTERS = 94;
const SHORT_CODES = 70;

/** The text to compress. Types are numbered by how often they occur. */
export function encodeKernelData(data: KernelData): string {
  const uses = new Map<string, number>();
  for (const { returns, parameters } of data.functions) {
    for (const type of [returns, ...parameters]) uses.set(type, (uses.get(type) ?? 0) + 1);
  }
  const types = [...uses.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0) || (a < b ? -1 : 1));
  const codes = new Map(types.map((type, index) => [type, typeCode(index)]));
  const names = shareBeginnings(data.functions.map(({ name }) => name));
  const prototypes = data.functions.map(({ returns, parameters }) =>
    [returns, ...parameters].map((type) => codes.get(type) ?? '').join(''),
  );
  const tracepoints = data.tracepoints.map(
    ({ subsystem, event, fields }) => `${subsystem}/${event}\t${fields.map(encodeField).join(';')}`,
  );
  const config = [...data.config].map(([option, value]) => `${option}=${value}`);
  const { release, architecture, distribution, capabilities } = data;
  const head = [FORMAT, release, architecture, distribution, capabilities.join(' '), ...config];
  return [head, types, names, prototypes, tracepoints].map((lines) => `${lines.join('\n')}\n`).join('\f\n');
}

function typeCode(index: number): string {
  const digit = (value: number): string => String.fromCharCode(FIRST + value);
  if (index < SHORT_CODES) return digit(index);
  const rest = index - SHORT_CODES;
  const lead = SHORT_CODES + Math.floor(rest / CHARACTERS ** 2);
  if (lead >= CHARACTERS) throw new Error('a kernel with more types than this format has codes for');
  return digit(lead) + digit(Math.floor(rest / CHARACTERS) % CHARACTERS) + digit(rest % CHARACTERS);
}

const encodeField = ({ type, name, size, signed }: TracepointField): string =>
  `${type},${name},${size}${signed ? 's' : ''}`;

/** Decompressed data. */
export interface DecodedKernel {
  readonly release: string;
  readonly architecture: string;
  readonly distribution: string;
  readonly capabilities: readonly string[];
  /** Options that are set. */
  readonly config: ReadonlyMap<string, string>;
  hasFunction(name: string): boolean;
  prototype(name: string): FunctionPrototype | undefined;
  /** Names of all functions, sorted. */
  functionNames(): string[];
  tracepointFields(subsystem: string, event: string): readonly TracepointField[] | undefined;
  /** `subsystem/event` of all tracepoints, sorted. */
  tracepointNames(): string[];
}

/** @throws Error if the text is not of this format */
export function decodeKernelData(text: string): DecodedKernel {
  const [head = '', typeText = '', nameText = '', prototypeText = '', tracepoints = ''] = text.split('\f\n');
  const [format, release = '', architecture = '', distribution = '', capabilities = '', ...options] =
    head.split('\n');
  if (format !== FORMAT || tracepoints === '')
    throw new Error('this file has no kernel data of this version');
  const types = once(() => new TextLines(typeText));
  const names = once(() => new TextLines(nameText));
  const prototypes = once(() => new TextLines(prototypeText));
  return {
    release,
    architecture,
    distribution,
    capabilities: capabilities.split(' ').filter(Boolean),
    config: parseConfig(options.join('\n')),
    hasFunction: (name) => placeOf(names(), name) !== undefined,
    prototype(name) {
      const place = placeOf(names(), name);
      if (place === undefined) return undefined;
      const codes = decodeCodes(prototypes().at(place) ?? '');
      const [returns = '', ...parameters] = codes.map((index) => types().at(index) ?? '');
      return { name, returns, parameters };
    },
    functionNames: () => restoreBeginnings(names().slice(0, names().length)),
    tracepointFields: (subsystem, event) => decodeFields(lineOf(tracepoints, `${subsystem}/${event}`)),
    tracepointNames: () =>
      tracepoints
        .split('\n')
        .flatMap((line) => line.split('\t', 1))
        .slice(0, -1),
  };
}

/** Index of a name among the lines of names: a binary search for its block, which is then restored. */
function placeOf(lines: TextLines, name: string): number | undefined {
  let [low, high] = [0, Math.ceil(lines.length / BLOCK)];
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((lines.at(middle * BLOCK) ?? '').slice(1) <= name) low = middle;
    else high = middle;
  }
  const start = low * BLOCK;
  const place = restoreBeginnings(lines.slice(start, start + BLOCK)).indexOf(name);
  return place < 0 ? undefined : start + place;
}

/** What follows a name and its tab in a list of lines. */
function lineOf(lines: string, name: string): string | undefined {
  if (/[\t\n]/.test(name)) return undefined;
  const key = `\n${name}\t`;
  const at = `\n${lines}`.indexOf(key);
  // The added newline moves places by one.
  return at < 0 ? undefined : lines.slice(at + key.length - 1, lines.indexOf('\n', at));
}

function decodeCodes(codes: string): number[] {
  const digit = (at: number): number => codes.charCodeAt(at) - FIRST;
  const list: number[] = [];
  for (let at = 0; at < codes.length;) {
    if (digit(at) < SHORT_CODES) list.push(digit(at++));
    else {
      const high = (digit(at) - SHORT_CODES) * CHARACTERS + digit(at + 1);
      list.push(SHORT_CODES + high * CHARACTERS + digit(at + 2));
      at += 3;
    }
  }
  return list;
}

function decodeFields(text: string | undefined): TracepointField[] | undefined {
  if (text === undefined) return undefined;
  if (text === '') return [];
  return text.split(';').map((field) => {
    const [, type = '', name = '', size = '', sign = ''] = /^(.*),([^,]*),(-?\d+)(s?)$/.exec(field) ?? [];
    return { type, name, size: Number(size), signed: sign === 's' };
  });
}
