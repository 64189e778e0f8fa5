/**
 * Damage to traces. Some of it shows: strace says some things twice (halves, births, ends, names that exist, times that grow),
 * and of damage to those the simulator has to say so. Of other damage it cannot: a path with another letter is a path.
 */
import { syscallNames } from '../../core/names/syscalls.ts';
import { type Part, partsOf } from './line-parts.ts';

/** Numbers from 0 up to `below`, the same for the same seed. */
export type Random = (below: number) => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export interface Mutation {
  readonly what: string;
  readonly text: string;
}

/** A kind of damage. */
export interface Damage {
  /** As the page on foreign logs words it. */
  readonly words: string;
  /** Only in a log that has times of a recorder. */
  readonly byTimes?: true;
  /** undefined: the trace has no line of the kind that was drawn. */
  readonly make: (lines: readonly string[], random: Random) => Mutation | undefined;
}

const half = /<unfinished \.\.\.>$|^\S+ +(?:\d+\.\d+ )?<\.\.\. \S+ resumed>/;
const end = /\+\+\+ (exited|killed)/;
const birth = /\b(?:clone3?|v?fork)\b.*= \d+$/;
const call = /^\S+ +(?:\d+\.\d+ )?(?:\w+\(|<\.\.\. )/;

const whole = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

function lineOf(lines: readonly string[], which: RegExp, random: Random): number | undefined {
  const found = lines.flatMap((line, index) => (which.test(line) ? [index] : []));
  return found[random(found.length)];
}

const drops =
  (which: RegExp): Damage['make'] =>
  (lines, random) => {
    const gone = lineOf(lines, which, random);
    if (gone === undefined) return undefined;
    return { what: `line ${gone + 1} gone`, text: whole(lines.filter((_, index) => index !== gone)) };
  };

const cuts: Damage['make'] = (lines, random) => {
  const text = whole(lines);
  const kept = 1 + random(text.length - 2);
  return { what: `cut after ${kept} bytes`, text: text.slice(0, kept) };
};

const doubles: Damage['make'] = (lines, random) => {
  const at = lineOf(lines, call, random) ?? 0;
  return { what: `line ${at + 1} doubled`, text: whole(lines.toSpliced(at, 0, lines[at] ?? '')) };
};

const moves: Damage['make'] = (lines, random) => {
  const from = random(lines.length);
  const to = random(lines.length);
  if (from === to) return undefined;
  const moved = lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? '');
  return { what: `line ${from + 1} moved to ${to + 1}`, text: whole(moved) };
};

const known = new Set([...syscallNames('x64'), ...syscallNames('i386')]);
const printable = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,.()<>"={}[]|_-+?/\\';

const parts = new Map<string, readonly Part[]>();

/** Offsets of the bytes of these parts. The same few lines are asked about again and again. */
function placesOf(line: string, wanted: readonly Part[]): number[] {
  const known = parts.get(line) ?? partsOf(line);
  parts.set(line, known);
  return known.flatMap((part, index) => (wanted.includes(part) ? [index] : []));
}

/** A byte of this part becomes another, is lost, or comes twice. */
const garbles =
  (...wanted: readonly Part[]): Damage['make'] =>
  (lines, random) => {
    const all = lines.flatMap((line, at) => placesOf(line, wanted).map((place) => ({ line, at, place })));
    const { line = '', at = 0, place } = all[random(all.length)] ?? {};
    if (place === undefined) return undefined;
    const byte = line[place] ?? '';
    const other = [printable[random(printable.length)] ?? '', '', byte + byte][random(3)] ?? '';
    const changed = line.slice(0, place) + other + line.slice(place + 1);
    if (changed === line) return undefined;
    return { what: `line ${at + 1}: ${line} -> ${changed}`, text: whole(lines.with(at, changed)) };
  };

/** The line gets the pid of a process that is in no other line. */
const strays: Damage['make'] = (lines, random) => {
  const at = random(lines.length);
  const changed = (lines[at] ?? '').replace(/^\d+/, String(1 + random(90)));
  return { what: `line ${at + 1} of another process`, text: whole(lines.with(at, changed)) };
};

/** Changes of a name into another that exists, as `dup2` into `dup3`, cannot show. */
const renames: Damage['make'] = (lines, random) => {
  const mutation = garbles('name')(lines, random);
  const name = /-> \d+ +(?:[\d.]+ )?(\w+)\(/.exec(mutation?.what ?? '')?.[1];
  return name !== undefined && known.has(name) ? undefined : mutation;
};

/** Damage that shows: each must come to what the whole trace comes to, or be named. */
export const damages: readonly Damage[] = [
  { words: 'a half of a call is lost', make: drops(half) },
  { words: 'the end of a process is lost', make: drops(end) },
  { words: 'the birth of a process is lost', make: drops(birth) },
  { words: 'the log is cut, anywhere', make: cuts },
  { words: 'a line stands there twice', byTimes: true, make: doubles },
  { words: 'a line stands elsewhere', byTimes: true, make: moves },
  { words: 'a line has a pid that no process has', make: strays },
  { words: 'a letter of a call’s name', make: renames },
  { words: 'a letter of a time', make: garbles('time') },
  { words: 'a parenthesis, comma, blank or equals sign around arguments', make: garbles('frame') },
  { words: 'a letter of the marks of a half', make: garbles('mark') },
  { words: 'a letter of the name of an error', make: garbles('error') },
  { words: 'a letter of a flag', make: garbles('word') },
  { words: 'a letter of the words of an end', make: garbles('ending') },
  { words: 'a digit of an exit code', make: garbles('code') },
];

/** One byte of the trace becomes another, wherever it is: what that comes to is not judged. */
export function garbled(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[random(changed.length)] = random(256);
  return changed;
}
