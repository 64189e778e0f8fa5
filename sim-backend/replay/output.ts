/** What programs write: standard output and error, and the contents of files as far as the trace shows them. */
import type { FileOutcome, Known } from '../../core/backend/outcome.ts';
import { assumed, known, notKnown } from '../../core/backend/outcome.ts';
import type { ByteString } from '../../core/values/value.ts';
import { toBytes } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import type { Process } from '../machine/task.ts';
import { readQuoted, readList, readStruct } from '../trace/text.ts';
import { Contents } from './contents.ts';
import { dataFlows } from './data-flow.ts';
import type { Gathered } from './gathered.ts';

const writes = new Set([
  'write',
  'pwrite64',
  'writev',
  'pwritev',
  'pwritev2',
  'sendto',
  'sendfile',
  'copy_file_range',
  'splice',
]);

export class Output {
  private readonly contents: Contents | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly record: Gathered,
    /** Contents are followed only when a file's state is asked for. */
    watches: boolean,
  ) {
    this.contents = watches ? new Contents(machine) : undefined;
  }

  /** What a call that took effect did to contents, after the machine took it over. */
  changed(call: Call): void {
    this.contents?.apply(call);
  }

  static mayWrite(name: string): boolean {
    return writes.has(name);
  }

  /** A call that took effect. */
  write(call: Call): void {
    if (!writes.has(call.name) || !call.ok) return;
    const count = call.returned ?? 0;
    if (count <= 0) return;
    const file = this.machine.fileOf(call.task, call.descriptor(dataFlows[call.name]?.to ?? 0));
    if (file?.standard === undefined) return;
    const { process } = call.task;
    if (process.diverged) {
      this.record.outputAssumed(
        file.standard,
        'what a process writes after its course was changed is not in the trace',
      );
    }
    const bytes = writtenBytes(call);
    if (bytes === undefined || bytes.length < count) {
      this.record.outputUnknown(file.standard, `what ${call.name} wrote is not in the trace`);
    } else this.record.write(file.standard, bytes.slice(0, count));
  }

  /** An action ended this process: its parent may say so, others may miss it. */
  broken(process: Process): void {
    if (process.realParent) {
      this.record.outputAssumed(2, 'a process was killed: what its parent says about it is not in the trace');
    }
  }

  text(of: 1 | 2): Known<ByteString> {
    return this.record.text(of);
  }

  /** State of a file when all is over. */
  fileAfter(path: string): Known<FileOutcome> {
    const { inodes } = this.machine;
    const bytes = toBytes(path);
    const exists = inodes.exists(bytes);
    if (exists === undefined) return notKnown('the trace does not show this file');
    if (!exists) return known({ exists: false });
    const content = this.contents?.of(bytes);
    const mode = inodes.knownMode(bytes);
    const state: FileOutcome = {
      exists: true,
      ...(content?.bytes !== undefined && { content: content.bytes }),
      ...(mode !== undefined && { mode: mode & ~fileType.mask }),
    };
    return content?.diverged
      ? assumed(state, 'a process whose course an action changed wrote this file')
      : known(state);
  }
}

function writtenBytes(call: Call): ByteString | undefined {
  switch (call.name) {
    case 'write':
    case 'pwrite64':
    case 'sendto': {
      const quoted = readQuoted(call.arg(1));
      return quoted?.bytes;
    }
    case 'writev':
    case 'pwritev':
    case 'pwritev2': {
      let bytes = '';
      for (const item of readList(call.arg(1)) ?? []) {
        const quoted = readQuoted(readStruct(item)?.get('iov_base') ?? '');
        if (!quoted || quoted.cut) return undefined;
        bytes += quoted.bytes;
      }
      return bytes;
    }
    default:
      return undefined;
  }
}
