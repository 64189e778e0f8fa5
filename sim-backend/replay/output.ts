/** What programs write: standard output and error, and the contents of files as far as the trace shows them. */
import type { FileOutcome, Known } from '../../core/backend/outcome.ts';
import { assumed, known, notKnown } from '../../core/backend/outcome.ts';
import type { ByteString } from '../../core/values/value.ts';
import { toBytes } from '../../core/values/value.ts';
import type { Call } from '../machine/call.ts';
import { fileType } from '../machine/inodes.ts';
import type { Machine } from '../machine/machine.ts';
import type { Cause } from '../machine/cause.ts';
import type { Process } from '../machine/task.ts';
import { rowOf } from '../syscalls/index.ts';
import { Contents } from './contents.ts';
import { type Courses, divergedOutput, restsOn } from './courses.ts';
import type { LeftFile } from './earlier.ts';
import { dataOf } from './data-moved.ts';
import type { Gathered } from './gathered.ts';

const notShown =
  'a process whose course an action changed may have made this file, and the trace does not show it';

export class Output {
  private readonly contents: Contents | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly record: Gathered,
    private readonly courses: Courses,
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
    return rowOf(name)?.data?.to !== undefined;
  }

  /** A call that took effect. */
  write(call: Call): void {
    const to = rowOf(call.name)?.data?.to;
    if (to === undefined || !call.ok) return;
    const count = call.returned ?? 0;
    if (count <= 0) return;
    const file = this.machine.fileAt(call, to);
    if (file?.standard === undefined) return;
    const { process } = call.task;
    if (process.diverged) this.record.outputAssumed(file.standard, restsOn(divergedOutput, process.diverged));
    const bytes = dataOf(call);
    if (bytes === undefined)
      this.record.outputUnknown(file.standard, `what ${call.name} wrote is not in the trace`);
    else this.record.write(file.standard, bytes);
  }

  /** An action ended this process: its parent may say so, others may miss it. */
  broken(process: Process, cause: Cause): void {
    if (!process.realParent) return;
    const why = 'a process was killed: what its parent says about it is not in the trace';
    this.record.outputAssumed(2, restsOn(why, cause));
  }

  text(of: 1 | 2): Known<ByteString> {
    return this.record.text(of);
  }

  /** Files that are known when all is over, for those who come later. */
  filesLeft(): LeftFile[] | undefined {
    return this.contents?.left().flatMap(([path, bytes]) => {
      const { inodes } = this.machine;
      const mode = inodes.knownMode(path);
      if (mode === undefined || inodes.exists(path) !== true) return [];
      if (this.courses.doubtOf(path) !== undefined) return [];
      const content = bytes && Uint8Array.from(bytes, (unit) => unit.charCodeAt(0));
      return [{ path, mode: mode & ~fileType.mask, ...(content && { content }) }];
    });
  }

  /** State of a file when all is over. */
  fileAfter(path: string): Known<FileOutcome> {
    const { inodes } = this.machine;
    const bytes = toBytes(path);
    const exists = inodes.exists(bytes);
    const content = this.contents?.of(bytes);
    const doubt = this.courses.doubtOf(bytes) ?? (exists === true ? content?.cause : undefined);
    if (exists === undefined)
      return notKnown(doubt === undefined ? 'the trace does not show this file' : restsOn(notShown, doubt));
    const told = (state: FileOutcome): Known<FileOutcome> =>
      doubt === undefined
        ? known(state)
        : assumed(
            state,
            restsOn('a process whose course an action changed made this file what it is', doubt),
          );
    if (!exists) return told({ exists: false });
    const mode = inodes.knownMode(bytes);
    const state: FileOutcome = {
      exists: true,
      ...(content?.bytes !== undefined && { content: content.bytes }),
      ...(mode !== undefined && { mode: mode & ~fileType.mask }),
    };
    return told(state);
  }
}
