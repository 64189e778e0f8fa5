/** Values of events with addresses, ephemeral ports, inode numbers and pids taken out. */
import type { ProcessNumbers } from './process-numbers.ts';

const FIRST_EPHEMERAL_PORT = 32768;
/** Kernel addresses and bytes that nobody set. */
const droppedKeys = new Set(['cookie', 'hash', 'sec_path_len', 'sec_path_olen', 'inum', 'number']);
const portKeys = new Set(['sport', 'dport', 'port']);
const textKeys = new Set(['arguments', 'string_arg', 'path', 'cwd', 'binary']);
const numberKeys = new Set(['int_arg', 'uint_arg']);
const numberInText = /(?<![\w.])\d+(?![\w.])/g;

/** @param key the key that the value stands under */
export function stableValue(key: string, value: unknown, numbers: ProcessNumbers): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => stableValue(key, item, numbers));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([inner]) => !droppedKeys.has(inner))
        .map(([inner, item]) => [inner, stableValue(inner, item, numbers)]),
    );
  }
  if (typeof value === 'number') return stableNumber(key, value, numbers);
  if (typeof value !== 'string') return value;
  if (key === 'size_arg' || key === 'long_arg') return isAddress(value) ? '<address>' : value;
  return textKeys.has(key) ? stableText(value, numbers) : value;
}

/** Numbers that stand where a pid may stand and are none of the tree's: constants of the workload. */
export function constantsIn(key: string, value: unknown, numbers: ProcessNumbers, found: Set<number>): void {
  if (Array.isArray(value)) for (const item of value) constantsIn(key, item, numbers, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [inner, item] of Object.entries(value)) constantsIn(inner, item, numbers, found);
  } else if (typeof value === 'number') {
    if (numberKeys.has(key) && numbers.nameOf(Math.abs(value)) === undefined) found.add(Math.abs(value));
  } else if (typeof value === 'string' && textKeys.has(key)) {
    for (const [digits] of value.matchAll(numberInText)) {
      if (numbers.nameOf(Number(digits)) === undefined) found.add(Number(digits));
    }
  }
}

function stableNumber(key: string, value: number, numbers: ProcessNumbers): unknown {
  if (portKeys.has(key)) return value >= FIRST_EPHEMERAL_PORT ? '<ephemeral port>' : value;
  if (!numberKeys.has(key)) return value;
  const number = numbers.ofMention(Math.abs(value));
  return number === undefined ? value : `<pid of ${number}>`;
}

/** User space above the lowest place of a position-independent program, or the kernel's half without -1 and errors. */
function isAddress(decimal: string): boolean {
  if (!/^-?\d+$/.test(decimal)) return false;
  const value = BigInt.asUintN(64, BigInt(decimal));
  return (
    (value >= 0x5000_0000_0000n && value < 0x8000_0000_0000n) ||
    (value >= 0xffff_8000_0000_0000n && value < 0xffff_ffff_ff00_0000n)
  );
}

/** Pids of the tree become their numbers, unnamed temporary files lose theirs. */
function stableText(text: string, numbers: ProcessNumbers): string {
  return text.replace(/\/#\d+ \(deleted\)$/, '/#N (deleted)').replace(numberInText, (digits) => {
    const number = numbers.ofMention(Number(digits));
    return number === undefined ? digits : `<pid of ${number}>`;
  });
}
