/**
 * The file in which data of kernels are shipped, one for all, since most functions are alike in each: text, compressed with gzip.
 * Names of functions are sorted and share their beginnings; what else is known of each stands apart, in the same order, and is
 * decoded only when asked for.
 */
import { once } from '../values/once.ts';
import { parseConfig } from './config.ts';
import type { KernelData } from './kernel-data.ts';
import { attachments } from './kernel-facts.ts';
import type { Attachment, FunctionPrototype, TracepointField } from './kernel-facts.ts';
import { BLOCK, restoreBeginnings, shareBeginnings } from './shared-beginnings.ts';
import { TextLines } from './text-lines.ts';

const FORMAT = 'tracerig kernel data 3';
/** Characters of codes: all printable ASCII. The first of them stand alone, the others begin a longer code. */
const FIRST = 33;
const CHARACTERS = 94;
const SHORT_CODES = 70;
/** Added to a set of kernels, one bit each, to make a printable character of it. */
const MASK_BASE = 64;
const MOST_KERNELS = 5;
/** Of a function that a kernel does not have, where others stand as their place in `attachments`. */
const absent = '-';

/** The text to compress. Types, and what kernels make of a function together, are numbered by how often they occur. */
export function encodeKernels(kernels: readonly KernelData[]): string {
  if (kernels.length > MOST_KERNELS) throw new Error('more kernels than this format has bits for');
  const functions = kernels.map((data) => new Map(data.functions.map((each) => [each.name, each])));
  const names = [...new Set(functions.flatMap((of) => [...of.keys()]))].sort();
  const states = names.map((name) =>
    functions
      .map((of) => {
        const attachment = of.get(name)?.attachment;
        return attachment === undefined ? absent : attachments.indexOf(attachment);
      })
      .join(''),
  );
  const typesOf = ({ returns, parameters }: FunctionPrototype): readonly string[] => [returns, ...parameters];
  const types = byUse(
    names.flatMap((name) => functions.flatMap((of) => of.get(name) ?? []).flatMap(typesOf)),
  );
  const combinations = byUse(states);
  const [typeCodes, stateCodes] = [codesOf(types), codesOf(combinations)];
  const rows = names.map((name, i) => {
    let before = '';
    const prototypes = functions.flatMap((of, bit) => {
      const found = of.get(name);
      const text =
        found &&
        typesOf(found)
          .map((type) => typeCodes.get(type) ?? '')
          .join('');
      if (text === undefined || text === before) return [];
      const first = before === '';
      before = text;
      return first ? [text] : [`${bit}${text}`];
    });
    return `${stateCodes.get(states[i] ?? '') ?? ''}${prototypes.join(' ')}`;
  });
  const heads = kernels.map(({ release, architecture, distribution, capabilities, config }) =>
    [release, architecture, distribution, capabilities.join(' ')]
      .concat([...config].map(([option, value]) => `${option}=${value}`))
      .join('\t'),
  );
  return [[FORMAT, ...heads], types, combinations, shareBeginnings(names), rows, encodeTracepoints(kernels)]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\f\n');
}

/** A line for each form that a tracepoint has, with the kernels that have it so. */
function encodeTracepoints(kernels: readonly KernelData[]): string[] {
  const forms = new Map<string, Map<string, number>>();
  kernels.forEach(({ tracepoints }, bit) => {
    for (const { subsystem, event, fields } of tracepoints) {
      const name = `${subsystem}/${event}`;
      const masks = forms.get(name) ?? new Map<string, number>();
      forms.set(name, masks);
      const form = fields.map(encodeField).join(';');
      masks.set(form, (masks.get(form) ?? 0) | (1 << bit));
    }
  });
  return [...forms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, masks]) =>
      [...masks].map(([form, mask]) => `${name}\t${String.fromCharCode(MASK_BASE + mask)}${form}`),
    );
}

/** Each once, the most used first. */
function byUse(words: readonly string[]): string[] {
  const uses = new Map<string, number>();
  for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1);
  return [...uses.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0) || (a < b ? -1 : 1));
}

const codesOf = (words: readonly string[]): ReadonlyMap<string, string> =>
  new Map(words.map((word, index) => [word, code(index)]));

function code(index: number): string {
  const digit = (value: number): string => String.fromCharCode(FIRST + value);
  if (index < SHORT_CODES) return digit(index);
  const rest = index - SHORT_CODES;
  const lead = SHORT_CODES + Math.floor(rest / CHARACTERS ** 2);
  if (lead >= CHARACTERS) throw new Error('more types than this format has codes for');
  return digit(lead) + digit(Math.floor(rest / CHARACTERS) % CHARACTERS) + digit(rest % CHARACTERS);
}

const encodeField = ({ type, name, size, signed }: TracepointField): string =>
  `${type},${name},${size}${signed ? 's' : ''}`;

/** Decompressed data of one kernel. */
export interface DecodedKernel {
  readonly release: string;
  readonly architecture: string;
  readonly distribution: string;
  readonly capabilities: readonly string[];
  /** Options that are set. */
  readonly config: ReadonlyMap<string, string>;
  /** Undefined if it has no such function. */
  attachment(name: string): Attachment | undefined;
  prototype(name: string): FunctionPrototype | undefined;
  /** Names of all functions, sorted. */
  functionNames(): string[];
  tracepointFields(subsystem: string, event: string): readonly TracepointField[] | undefined;
  /** `subsystem/event` of all tracepoints, sorted. */
  tracepointNames(): string[];
}

/** Every kernel of the file. @throws Error if the text is not of this format */
export function decodeKernels(text: string): readonly DecodedKernel[] {
  const [head = '', typeText = '', stateText = '', nameText = '', rowText = '', tracepoints = ''] =
    text.split('\f\n');
  const [format, ...heads] = head.split('\n').slice(0, -1);
  if (format !== FORMAT || tracepoints === '')
    throw new Error('this file has no kernel data of this version');
  const types = once(() => new TextLines(typeText));
  const states = once(() => stateText.split('\n'));
  const names = once(() => new TextLines(nameText));
  const rows = once(() => new TextLines(rowText));
  const rowOf = (name: string): string | undefined => {
    const place = placeOf(names(), name);
    return place === undefined ? undefined : rows().at(place);
  };
  const stateIn = (row: string, bit: number): Attachment | undefined => {
    const [index = 0] = decodeCodes(row.slice(0, codeLength(row, 0)));
    const state = states()[index]?.charAt(bit) ?? absent;
    return state === absent ? undefined : attachments[Number(state)];
  };
  return heads.map((line, bit): DecodedKernel => {
    const [release = '', architecture = '', distribution = '', capabilities = '', ...options] =
      line.split('\t');
    return {
      release,
      architecture,
      distribution,
      capabilities: capabilities.split(' ').filter(Boolean),
      config: parseConfig(options.join('\n')),
      attachment(name) {
        const row = rowOf(name);
        return row === undefined ? undefined : stateIn(row, bit);
      },
      prototype(name) {
        const row = rowOf(name);
        if (row === undefined || stateIn(row, bit) === undefined) return undefined;
        const [first = '', ...others] = row.slice(codeLength(row, 0)).split(' ');
        const later = others.findLast((each) => Number(each.charAt(0)) <= bit);
        const codes = decodeCodes(later?.slice(1) ?? first);
        const [returns = '', ...parameters] = codes.map((index) => types().at(index) ?? '');
        return { name, returns, parameters };
      },
      functionNames() {
        const lines = rows().slice(0, rows().length);
        return restoreBeginnings(names().slice(0, names().length)).filter(
          (_, i) => stateIn(lines[i] ?? '', bit) !== undefined,
        );
      },
      tracepointFields: (subsystem, event) => decodeFields(formIn(tracepoints, `${subsystem}/${event}`, bit)),
      tracepointNames: () =>
        tracepoints.split('\n').flatMap((each) => {
          const [name = '', form] = each.split('\t', 2);
          return form !== undefined && inMask(form, bit) ? [name] : [];
        }),
    };
  });
}

const inMask = (form: string, bit: number): boolean => ((form.charCodeAt(0) - MASK_BASE) >> bit) % 2 === 1;

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

/** The fields that a kernel's tracepoint has; forms of one name follow each other. */
function formIn(lines: string, name: string, bit: number): string | undefined {
  if (/[\t\n]/.test(name)) return undefined;
  const key = `\n${name}\t`;
  const text = `\n${lines}`;
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const form = text.slice(at + key.length, text.indexOf('\n', at + key.length));
    if (inMask(form, bit)) return form.slice(1);
  }
  return undefined;
}

const digitAt = (codes: string, at: number): number => codes.charCodeAt(at) - FIRST;

/** Characters of the code that begins there. */
const codeLength = (codes: string, at: number): number => (digitAt(codes, at) < SHORT_CODES ? 1 : 3);

function decodeCodes(codes: string): number[] {
  const list: number[] = [];
  for (let at = 0; at < codes.length; at += codeLength(codes, at)) {
    const lead = digitAt(codes, at);
    const long = (lead - SHORT_CODES) * CHARACTERS + digitAt(codes, at + 1);
    list.push(lead < SHORT_CODES ? lead : SHORT_CODES + long * CHARACTERS + digitAt(codes, at + 2));
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
