/** The ring buffer's records, read. */
import type { ByteString } from '../../core/values/value.ts';
import {
  argRecord,
  argsRecord,
  callRecord,
  execRecord,
  exitRecord,
  hookRecord,
  recordHead,
  recordKinds,
} from '../layout.ts';
import { textOf } from '../encode/bytes.ts';

type Read<S> = S extends { read(view: DataView, at: number): infer V } ? V : never;
export type RecordHead = Read<typeof recordHead>;
export type ArgRead = Read<typeof argRecord> & { readonly bytes: Uint8Array };

export type KernelRecord =
  | ({ readonly kind: 'exec'; readonly binary: ByteString; readonly cwd: ByteString } & Omit<
      Read<typeof execRecord>,
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
    }
  | { readonly kind: 'call'; readonly head: RecordHead; readonly number: number; readonly result: bigint }
  | { readonly kind: 'args'; readonly head: RecordHead; readonly bytes: Uint8Array };

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
  const head = recordHead.read(view, 0);
  switch (head.kind) {
    case recordKinds.exec: {
      const exec = execRecord.read(view, 0);
      const cwdAt = execRecord.size + exec.binary_length;
      return {
        ...exec,
        kind: 'exec',
        binary: textOf(bytes.subarray(execRecord.size, cwdAt)),
        cwd: textOf(bytes.subarray(cwdAt, cwdAt + exec.cwd_length)),
      };
    }
    case recordKinds.fork:
      return { kind: 'fork', head };
    case recordKinds.exit:
      return { kind: 'exit', head, code: exitRecord.read(view, 0).code };
    case recordKinds.call: {
      const { number, result } = callRecord.read(view, 0);
      return { kind: 'call', head, number, result };
    }
    case recordKinds.args: {
      const { length } = argsRecord.read(view, 0);
      return { kind: 'args', head, bytes: bytes.subarray(argsRecord.size, argsRecord.size + length) };
    }
    case recordKinds.hook: {
      const { hook, selector, action, arg_count } = hookRecord.read(view, 0);
      const args: ArgRead[] = [];
      for (let i = 0, at = hookRecord.size; i < arg_count; i++) {
        const arg = argRecord.read(view, at);
        const from = at + argRecord.size;
        args.push({ ...arg, bytes: bytes.subarray(from, from + arg.length) });
        at = from + Math.ceil(arg.length / 8) * 8;
      }
      return { kind: 'hook', head, hook, selector, action, args };
    }
    default:
      throw new RangeError(`a record of unknown kind ${head.kind}`);
  }
}
