/** The ring buffer's records, read. */
import type { ByteString } from '../../core/values/value.ts';
import {
  trArgRecord,
  trArgsRecord,
  trCallRecord,
  trExecRecord,
  trExitRecord,
  trHookRecord,
  trRecord,
  trRecordKind,
  trReturnRecord,
  trTestRecord,
} from '../layout/generated.ts';
import type { Read } from '../layout/struct.ts';
import { textOf } from '../encode/bytes.ts';

export type RecordHead = Read<typeof trRecord>;
export type ArgRead = Read<typeof trArgRecord> & { readonly bytes: Uint8Array };

export type KernelRecord =
  | ({ readonly kind: 'exec'; readonly binary: ByteString; readonly cwd: ByteString } & Omit<
      Read<typeof trExecRecord>,
      'kind'
    >)
  | { readonly kind: 'fork'; readonly head: RecordHead }
  | { readonly kind: 'exit'; readonly head: RecordHead; readonly code: number }
  | {
      readonly kind: 'hook';
      readonly head: RecordHead;
      readonly hook: number;
      readonly selector: number;
      readonly action: number;
      readonly args: readonly ArgRead[];
      /** A record of the function's return follows; only with both halves is there an event. */
      readonly waits: boolean;
      readonly posts: boolean;
      /** Thread that an argument was tracked for: the event is about it. */
      readonly owner?: { readonly pid: number; readonly tid: number };
    }
  | {
      readonly kind: 'return';
      readonly head: RecordHead;
      readonly hook: number;
      readonly selector: number;
      readonly action: number;
      /** What was returned; without it there is no event. */
      readonly value?: ArgRead;
      /** The argument that is read at the return. */
      readonly copied?: ArgRead;
      /** Nobody was told of the return itself: only that it must be over. */
      readonly unmet: boolean;
    }
  | { readonly kind: 'call'; readonly head: RecordHead; readonly number: number; readonly result: bigint }
  | { readonly kind: 'args'; readonly head: RecordHead; readonly bytes: Uint8Array }
  /** Ends a hit of a test. */
  | ({ readonly kind: 'test' } & Omit<Read<typeof trTestRecord>, 'kind'>);

/** Splits what `flush` returned. Throws RangeError for bytes that are no records: a bug, not an input. */
export function readRecords(bytes: Uint8Array): KernelRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: KernelRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    records.push(readRecord(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return records;
}

function readRecord(bytes: Uint8Array): KernelRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = trRecord.read(view, 0);
  switch (head.kind) {
    case trRecordKind.RECORD_EXEC: {
      const exec = trExecRecord.read(view, 0);
      const cwdAt = trExecRecord.size + exec.binary_length;
      return {
        ...exec,
        kind: 'exec',
        binary: textOf(bytes.subarray(trExecRecord.size, cwdAt)),
        cwd: textOf(bytes.subarray(cwdAt, cwdAt + exec.cwd_length)),
      };
    }
    case trRecordKind.RECORD_FORK:
      return { kind: 'fork', head };
    case trRecordKind.RECORD_EXIT:
      return { kind: 'exit', head, code: trExitRecord.read(view, 0).code };
    case trRecordKind.RECORD_CALL: {
      const { number, result } = trCallRecord.read(view, 0);
      return { kind: 'call', head, number, result };
    }
    case trRecordKind.RECORD_ARGS: {
      const { length } = trArgsRecord.read(view, 0);
      return { kind: 'args', head, bytes: bytes.subarray(trArgsRecord.size, trArgsRecord.size + length) };
    }
    case trRecordKind.RECORD_HOOK: {
      const { hook, selector, action, arg_count, waits, posts, ...more } = trHookRecord.read(view, 0);
      const owner = more.owner_pid === 0 ? {} : { owner: { pid: more.owner_pid, tid: more.owner_tid } };
      const args = readArgs(bytes, trHookRecord.size, arg_count);
      return {
        kind: 'hook',
        head,
        hook,
        selector,
        action,
        args,
        waits: waits !== 0,
        posts: posts !== 0,
        ...owner,
      };
    }
    case trRecordKind.RECORD_RETURN: {
      const { hook, selector, action, arg_count, unmet } = trReturnRecord.read(view, 0);
      const [value, copied] = readArgs(bytes, trReturnRecord.size, arg_count);
      return {
        kind: 'return',
        head,
        hook,
        selector,
        action,
        unmet: unmet !== 0,
        ...(value && { value }),
        ...(copied && { copied }),
      };
    }
    case trRecordKind.RECORD_TEST:
      return { ...trTestRecord.read(view, 0), kind: 'test' };
    default:
      throw new RangeError(`a record of unknown kind ${head.kind}`);
  }
}

function readArgs(bytes: Uint8Array, start: number, count: number): ArgRead[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const args: ArgRead[] = [];
  for (let i = 0, at = start; i < count; i++) {
    const arg = trArgRecord.read(view, at);
    const from = at + trArgRecord.size;
    args.push({ ...arg, bytes: bytes.subarray(from, from + arg.length) });
    at = from + Math.ceil(arg.length / 8) * 8;
  }
  return args;
}
