/**
 * The columns before the body of a line, in all the forms that strace and those who copy its logs give them: process, name,
 * time, call number, instruction pointer. For logs of other forms than `strace -f -ttt -o`, which `head.ts` reads.
 */

/** How a time column counts. */
export type TimeForm = 'unix' | 'day' | 'since-last';

export interface Columns {
  /** Decimal; undefined: there is no process column. */
  readonly pid: number | undefined;
  /** `[pid N]`, as strace writes to standard error. */
  readonly bracketed: boolean;
  readonly time: { readonly form: TimeForm; readonly seconds: number; readonly step: number } | undefined;
  readonly body: string;
}

const bracketedPid = /^\[pid\s+(\d+)(?:<[^>]*>)?\]\s*/;
/** Pids have up to seven digits; longer numbers are times. */
const plainPid = /^(\d{1,7})(?:<[^>]*>)?\s+/;
const isoTime =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?\s+/;
const dayTime = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s+/;
const unixTime = /^(\d{8,11})(?:\.(\d{1,9}))?\s+/;
const relativeTime = /^(?:\(\+\s*(\d{1,7})\.(\d{3,9})\)|(\d{1,7})\.(\d{3,9}))\s+/;
const callNumber = /^\[\s*(?:\d{1,4}|\?{4})\]\s+/;
const instructionPointer = /^\[(?:[0-9a-f]{8,16}|\?{8,16})\]\s+/;

const fractionOf = (digits: string | undefined): number => (digits === undefined ? 0 : Number(`0.${digits}`));
const stepOf = (digits: string | undefined): number => (digits === undefined ? 1 : 10 ** -digits.length);

export function readColumns(line: string): Columns {
  let rest = line.trimStart();
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest);
    if (found) rest = rest.slice(found[0].length);
    return found ?? undefined;
  };
  let time = isoOf(take(isoTime));
  const bracketed = take(bracketedPid);
  const pid = bracketed ?? (dayTime.test(rest) || relativeTime.test(rest) ? undefined : take(plainPid));
  time ??= isoOf(take(isoTime)) ?? dayOf(take(dayTime)) ?? unixOf(take(unixTime));
  const relative = take(relativeTime);
  if (relative && !time) {
    const [, first, firstDigits, second, secondDigits] = relative;
    const digits = firstDigits ?? secondDigits;
    const seconds = Number(first ?? second) + fractionOf(digits);
    time = { form: 'since-last', seconds, step: stepOf(digits) };
  }
  take(callNumber);
  take(instructionPointer);
  return {
    pid: pid === undefined ? undefined : Number(pid[1]),
    bracketed: bracketed !== undefined,
    time,
    body: rest,
  };
}

function isoOf(found: RegExpExecArray | undefined): Columns['time'] {
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, digits, sign, zoneHour, zoneMinute] = found;
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const zone =
    sign === undefined ? 0 : (sign === '-' ? -60 : 60) * (Number(zoneHour) * 60 + Number(zoneMinute));
  return { form: 'unix', seconds: utc / 1000 - zone + fractionOf(digits), step: stepOf(digits) };
}

function dayOf(found: RegExpExecArray | undefined): Columns['time'] {
  if (!found) return undefined;
  const [, hour, minute, second, digits] = found;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second) + fractionOf(digits);
  return { form: 'day', seconds, step: stepOf(digits) };
}

function unixOf(found: RegExpExecArray | undefined): Columns['time'] {
  if (!found) return undefined;
  return { form: 'unix', seconds: Number(found[1]) + fractionOf(found[2]), step: stepOf(found[2]) };
}
