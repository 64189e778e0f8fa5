/** Tracepoints and their fields, from the structures that the kernel image keeps of them. */
import type { Btf, BtfType } from '../../core/btf/btf.ts';
import type { Tracepoint } from '../../core/kernels/kernel-data.ts';
import type { TracepointField } from '../../core/kernels/kernel-facts.ts';
import type { ElfImage } from '../../core/btf/elf.ts';
import type { SyscallMetadata } from './syscall-metadata.ts';

/**
 * All of them, by name. Without symbols, every pointer of the init data that leads to a `trace_event_call` with
 * readable names is taken for an entry of the table of events.
 */
export function tracepoints(image: ElfImage, btf: Btf, syscalls: readonly SyscallMetadata[]): Tracepoint[] {
  const reader = new EventReader(image, btf);
  const found = new Map<string, Tracepoint>();
  const table = image.section('.init.data');
  if (!table) throw new Error('the image has no .init.data section');
  const view = new DataView(table.data.buffer, table.data.byteOffset, table.data.byteLength);
  for (let at = 0; at + 8 <= table.data.length; at += 8) {
    const event = reader.read(view.getBigUint64(at, true));
    if (event) found.set(`${event.subsystem}/${event.event}`, event);
  }
  for (const call of syscalls) {
    for (const event of syscallEvents(call)) {
      const key = `${event.subsystem}/${event.event}`;
      if (found.has(key)) found.set(key, event);
    }
  }
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const key = ({ subsystem, event }: Tracepoint): string => `${subsystem}/${event}`;

/** Fields of system calls are made up at boot: the number, then each parameter as a register. */
function syscallEvents({ name, parameters }: SyscallMetadata): Tracepoint[] {
  const number: TracepointField = { type: 'int', name: '__syscall_nr', size: 4, signed: true };
  const registers = parameters.map((parameter) => ({ ...parameter, size: 8, signed: false }));
  return [
    { subsystem: 'syscalls', event: `sys_enter_${name}`, fields: [number, ...registers] },
    {
      subsystem: 'syscalls',
      event: `sys_exit_${name}`,
      fields: [number, { type: 'long', name: 'ret', size: 8, signed: true }],
    },
  ];
}

class EventReader {
  private readonly class_: number;
  private readonly name: number;
  private readonly system: number;
  private readonly fields: number;
  private readonly list: number;
  private readonly pointName: number;
  private readonly field: BtfType;
  private readonly union: number;

  constructor(
    private readonly image: ElfImage,
    private readonly btf: Btf,
  ) {
    this.class_ = this.offset('trace_event_call', 'class');
    this.name = this.offset('trace_event_call', 'name');
    this.system = this.offset('trace_event_class', 'system');
    this.fields = this.offset('trace_event_class', 'fields_array');
    this.list = this.offset('trace_event_class', 'fields');
    this.pointName = this.offset('tracepoint', 'name');
    this.field = this.struct('trace_event_fields');
    this.union = this.offset('trace_event_fields', 'name');
  }

  private struct(name: string): BtfType {
    const found = this.btf.find('struct', name);
    if (!found) throw new Error(`the kernel has no struct ${name}`);
    return found;
  }

  /** Byte offset of a member, those of anonymous members included. */
  private offset(struct: string, member: string): number {
    const search = (type: BtfType): number | undefined => {
      for (const candidate of type.members) {
        const at = candidate.bitOffset / 8;
        if (candidate.name === member) return at;
        const inner = candidate.name === '' ? search(this.btf.bare(candidate.type)) : undefined;
        if (inner !== undefined) return at + inner;
      }
      return undefined;
    };
    const found = search(this.struct(struct));
    if (found === undefined) throw new Error(`struct ${struct} has no member ${member}`);
    return found;
  }

  read(address: bigint): Tracepoint | undefined {
    const call = this.memory(address);
    if (!call || call.byteLength < this.name + 8) return undefined;
    const classAddress = call.getBigUint64(this.class_, true);
    const class_ = this.memory(classAddress);
    if (!class_ || class_.byteLength < this.list + 8) return undefined;
    const subsystem = this.word(class_.getBigUint64(this.system, true));
    if (subsystem === undefined) return undefined;
    // The empty list of fields points to itself: that tells a class from whatever else has texts at these places.
    const isClass = class_.getBigUint64(this.list, true) === classAddress + BigInt(this.list);
    if (!isClass && subsystem !== 'syscalls') return undefined;
    const named = call.getBigUint64(this.name, true);
    const event = this.word(named) ?? this.pointWord(named);
    if (event === undefined) return undefined;
    return { subsystem, event, fields: this.readFields(class_.getBigUint64(this.fields, true)) };
  }

  /** Events of tracepoints have no name of their own: the pointer is to the `struct tracepoint`, which is no text. */
  private pointWord(address: bigint): string | undefined {
    const point = this.memory(address);
    return point && point.byteLength >= 8 ? this.word(point.getBigUint64(this.pointName, true)) : undefined;
  }

  private memory(address: bigint): DataView | undefined {
    const bytes = address === 0n ? undefined : this.image.at(address);
    return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private word(address: bigint): string | undefined {
    const text = address === 0n ? undefined : this.image.text(address);
    return text !== undefined && /^[a-zA-Z_][\w-]{2,80}$/.test(text) ? text : undefined;
  }

  private readFields(address: bigint): TracepointField[] {
    const fields: TracepointField[] = [];
    for (let at = address; at !== 0n && fields.length < 64; at += BigInt(this.field.size)) {
      const record = this.memory(at);
      if (!record || record.byteLength < this.field.size) break;
      const type = record.getBigUint64(0, true);
      if (type === 0n) break;
      const name = this.image.text(record.getBigUint64(this.union, true));
      const text = this.image.text(type);
      if (name === undefined || text === undefined) break;
      fields.push({
        type: text,
        name,
        size: record.getInt32(this.union + 8, true),
        signed: record.getInt32(this.union + 16, true) !== 0,
      });
    }
    return fields;
  }
}
