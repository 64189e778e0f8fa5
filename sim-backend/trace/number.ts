/** Numbers as strace writes them: `0x10`, `0644`, `O_RDONLY|O_CLOEXEC`, `8192*1024`, `1<<CAP_CHOWN`, `NULL`. */
import { constantValue } from './constants.ts';
import { splitList } from './text.ts';

/** Expressions that begin with a name: the same few flags and modes come again and again. */
const memo = new Map<string, bigint>();
const longestRemembered = 80;
const mostRemembered = 256;

/** Value of the expression; undefined when a name in it is not known or it is no number. */
export function readNumber(argument: string): bigint | undefined {
  const first = argument.charCodeAt(0);
  if (!(first >= 65 && first <= 90) || argument.length > longestRemembered) return evaluate(argument);
  const known = memo.get(argument);
  if (known !== undefined) return known;
  const value = evaluate(argument);
  if (value !== undefined && memo.size < mostRemembered) memo.set(argument, value);
  return value;
}

function evaluate(argument: string): bigint | undefined {
  let text = argument;
  if (text.endsWith('*/')) text = text.slice(0, text.lastIndexOf('/*')).trimEnd();
  if (text === '') return undefined;
  if (text === 'NULL') return 0n;
  const open = text.indexOf('<');
  if (open > 0 && text[open + 1] !== '<' && text.endsWith('>')) text = text.slice(0, open);
  return alternatives(text);
}

/** Bits that are surely set in flags of which some names are not known; undefined where these are no flags. */
export function readSetBits(argument: string): bigint | undefined {
  if (!/^[A-Z0-9_a-z]+(\|[A-Z0-9_a-z]+)+$/.test(argument)) return undefined;
  let bits = 0n;
  for (const part of argument.split('|')) bits |= atom(part) ?? 0n;
  return bits;
}

/** As `readNumber`, for values that are surely below 2^53. */
export function readInt(argument: string | undefined): number | undefined {
  if (argument === undefined) return undefined;
  const value = readNumber(argument);
  return value === undefined ? undefined : Number(value);
}

function alternatives(text: string): bigint | undefined {
  if (/^-?\d+$/.test(text) && !(text.length > 1 && text.startsWith('0'))) return BigInt(text);
  if (!text.includes('|')) return product(text);
  let value = 0n;
  for (const part of text.split('|')) {
    const number = product(part);
    if (number === undefined) return undefined;
    value |= number;
  }
  return value;
}

function product(text: string): bigint | undefined {
  if (text.includes('<<')) {
    const [base = '', shift = ''] = text.split('<<');
    const left = atom(base);
    const right = atom(shift);
    return left === undefined || right === undefined || right > 63n ? undefined : left << right;
  }
  if (!text.includes('*')) return atom(text);
  let value = 1n;
  for (const part of text.split('*')) {
    const number = atom(part);
    if (number === undefined) return undefined;
    value *= number;
  }
  return value;
}

function atom(text: string): bigint | undefined {
  if (/^-?\d+$/.test(text)) {
    return text.length > 1 && /^0[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : BigInt(text);
  }
  if (/^0x[0-9a-fA-F]+$/.test(text)) return BigInt(text);
  if (text === 'NULL') return 0n;
  const call = /^([A-Za-z_]+)\((.*)\)$/s.exec(text);
  if (call) return macro(call[1] ?? '', splitList(call[2] ?? ''));
  const value = constantValue(text);
  if (value !== undefined) return BigInt(value);
  // Real-time signals count from the kernel's first one.
  const realtime = /^SIGRT_?(\d+)$/.exec(text) ?? /^SIGRTMIN\+(\d+)$/.exec(text);
  return realtime ? BigInt(32 + Number(realtime[1])) : undefined;
}

function macro(name: string, args: readonly string[]): bigint | undefined {
  const values = args.map((argument) => alternatives(argument));
  const [a, b, c, d] = values;
  switch (name) {
    case 'htons':
    case 'htonl':
      return a;
    case 'makedev':
      return a === undefined || b === undefined ? undefined : (a << 20n) | b;
    case '_IOC': {
      const direction =
        { _IOC_NONE: 0n, _IOC_WRITE: 1n, _IOC_READ: 2n }[args[0] ?? ''] ?? (args[0]?.includes('|') ? 3n : a);
      if (direction === undefined || b === undefined || c === undefined || d === undefined) return undefined;
      return (direction << 30n) | (d << 16n) | (b << 8n) | c;
    }
    case 'KERNEL_VERSION':
      return a === undefined || b === undefined || c === undefined ? undefined : (a << 16n) | (b << 8n) | c;
    default:
      return undefined;
  }
}
