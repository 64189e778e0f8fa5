/** What do_group_exit and do_exit get of a task that ends: by its own call, with its group, or of a signal. */
import type { Call } from '../machine/call.ts';
import type { Process, Task } from '../machine/task.ts';
import { signalNumber } from '../../core/names/signals.ts';
import { rowOf } from '../syscalls/index.ts';
import { dumping } from './signals.ts';

/** By a signal, or else with a code. */
export interface End {
  readonly signal?: string;
  readonly code: number;
  /** Memory was dumped; undefined: that is not known. */
  readonly core?: boolean;
}

const sigkill = 9;
/** Flag in the exit code of a process whose memory was dumped. */
const dumped = 0x80;

/** Calls by which tasks end themselves. */
export class TaskExits {
  private readonly own = new WeakMap<Task, Call>();
  /** Code that exit_group was called with. */
  private readonly groups = new WeakMap<Process, number>();
  /** Codes that its threads asked for, each for itself or for all. */
  private readonly codes = new WeakMap<Process, Set<number>>();

  /** The task ends itself by this call. */
  leaves(call: Call): void {
    this.own.set(call.task, call);
    const codes = this.codes.get(call.task.process) ?? new Set();
    this.codes.set(call.task.process, codes.add(call.flags('error_code') & 0xff));
    if (call.name === 'exit_group')
      this.groups.set(call.task.process, (call.flags('error_code') & 0xff) << 8);
  }

  /**
   * A code that the task's end can have: any that a thread of its process asked for, since the last one to go leaves its own to
   * a first one that went before; undefined: the trace shows none.
   */
  asked(task: Task, code: number): number | undefined {
    const codes = this.codes.get(task.process);
    if (codes?.has(code) === true) return code;
    const own = this.own.get(task);
    return own === undefined ? codes?.values().next().value : own.flags('error_code') & 0xff;
  }

  /** Arguments of the machine's own exit, as text: the exit code, and what do_group_exit gets if it is called now. */
  argumentsOf(task: Task, how: End, at?: Call): string {
    const signal = how.signal === undefined ? undefined : signalNumber(how.signal);
    const own = this.own.get(task);
    const leaving = own ?? (at?.task === task && rowOf(at.name)?.life === 'exit' ? at : undefined);
    const code = signal === undefined ? this.plainCode(task, how, own) : codeOf(signal, how.core);
    if (leaving !== undefined) {
      // A call of exit goes on to the end that it asked for, whatever is raised in it.
      const kept = leaving.name === 'exit' ? (leaving.flags('error_code') & 0xff) << 8 : code;
      return `code=${kept ?? '?'}`;
    }
    return `code=${code ?? '?'}, group=${this.groupOf(task, signal) ?? '?'}`;
  }

  private plainCode({ process }: Task, { code }: End, own: Call | undefined): number {
    return own === undefined
      ? (this.groups.get(process) ?? code << 8)
      : (own.flags('error_code') & 0xff) << 8;
  }

  /** Threads that did not call for it themselves are killed, and fatal signals that dump no memory become SIGKILL. */
  private groupOf({ process }: Task, signal: number | undefined): number | undefined {
    if (signal === undefined || !dumping.has(signal)) return sigkill;
    // Which thread took it is not known, the others are killed.
    return process.threads.size > 1 ? undefined : signal;
  }
}

const codeOf = (signal: number, core: boolean | undefined): number | undefined =>
  !dumping.has(signal) ? signal : core === undefined ? undefined : signal | (core ? dumped : 0);
