/** What a step achieved: what was read, written, executed and reached, by the calls that took effect. */
import type { Achievement } from '../../core/backend/sums.ts';
import { addressText } from '../../core/go/go-netip.ts';
import type { ByteString } from '../../core/values/value.ts';
import { fromBytes } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import type { OpenFile, SocketState } from '../machine/file.ts';
import type { Machine } from '../machine/machine.ts';
import { rowOf } from '../syscalls/index.ts';
import type { DataFlow } from '../syscalls/row.ts';

interface Row {
  bytes: number;
  count: number;
}

export class Achieved {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly machine: Machine) {}

  /** Calls that are to be seen although they change nothing else. */
  static concerns(name: string): boolean {
    const row = rowOf(name);
    return row?.data !== undefined || row?.reaches !== undefined;
  }

  /** A call that took effect. */
  take(call: Call): void {
    if (!call.ok) return;
    const row = rowOf(call.name);
    if (row?.data !== undefined) {
      const bytes = call.returned ?? 0;
      if (bytes > 0) this.moved(call, row.data, bytes);
    }
    if (row?.reaches !== undefined)
      this.add('reached', targetOf(this.machine.fileAt(call, row.reaches)), call, undefined);
  }

  /** A program that took over. */
  executed(path: ByteString, call: Call): void {
    this.add('executed', fromBytes(path), call, undefined);
  }

  all(): Achievement[] {
    return [...this.rows].map(([key, { bytes, count }]) => {
      const [what, target, diverged, moves] = JSON.parse(key) as [
        Achievement['what'],
        string,
        boolean,
        boolean,
      ];
      return { what, target, ...(moves && { bytes }), count, diverged };
    });
  }

  private moved(call: Call, { from, to }: DataFlow, bytes: number): void {
    if (from !== undefined) this.add('read', targetOf(this.machine.fileAt(call, from)), call, bytes);
    if (to !== undefined) this.add('written', targetOf(this.machine.fileAt(call, to)), call, bytes);
  }

  private add(
    what: Achievement['what'],
    target: string | undefined,
    call: Call,
    bytes: number | undefined,
  ): void {
    if (target === undefined) return;
    const diverged = call.task.process.diverged !== undefined;
    const key = JSON.stringify([what, target, diverged, bytes !== undefined]);
    const row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, { bytes: bytes ?? 0, count: 1 });
    else {
      row.bytes += bytes ?? 0;
      row.count += 1;
    }
  }
}

/** A path, or the address of a socket's peer; undefined where there is neither, as of a pipe. */
function targetOf(file: OpenFile | undefined): string | undefined {
  if (file?.socket !== undefined) return peerOf(file.socket);
  return file === undefined || file.path === '' ? undefined : fromBytes(file.path);
}

function peerOf({ path, daddr, dport }: SocketState): string | undefined {
  if (path !== undefined) return fromBytes(path);
  if (daddr === undefined || dport === 0) return undefined;
  const text = addressText(daddr);
  return text.includes(':') ? `[${text}]:${dport}` : `${text}:${dport}`;
}
