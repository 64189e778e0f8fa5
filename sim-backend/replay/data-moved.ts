/** The bytes that a call moved, as far as the trace shows them. */
import type { ByteString } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { rowOf } from '../syscalls/index.ts';

/** All bytes that the call moved; undefined: the trace does not show all of them. */
export function dataOf(call: Call): ByteString | undefined {
  const flow = rowOf(call.name)?.data;
  const count = call.returned ?? 0;
  if (flow?.buffer !== undefined) {
    const quoted = call.quoted(flow.buffer);
    return enough(quoted?.bytes, count);
  }
  return flow?.vector === undefined ? undefined : enough(call.vector(flow.vector)?.bytes, count);
}

/** The call reads or writes at the open file's own offset, not at one that this argument names. */
export function usesOwnOffset(call: Call, argument: string | undefined): boolean {
  const text = argument === undefined ? 'NULL' : call.arg(argument);
  return text === 'NULL' || text === '-1';
}

const enough = (bytes: ByteString | undefined, count: number): ByteString | undefined =>
  bytes === undefined || bytes.length < count ? undefined : bytes.slice(0, count);
