/** Values that a policy reads from the calling task or from its registers (`data`). */
import type { ArgPlan } from '../../core/plan/plan.ts';
import type { ArgValue } from '../../core/values/value.ts';
import { readDescriptor } from '../trace/annotation.ts';
import { readNumber } from '../trace/number.ts';
import { credFields } from '../kernel-model/resolve.ts';
import { look } from '../machine/credential-doubts.ts';
import type { Call } from '../machine/call.ts';
import type { Task } from '../machine/task.ts';

const registers = ['rdi', 'rsi', 'rdx', 'r10', 'r8', 'r9'];

export function currentTaskValue(plan: ArgPlan, call: Call, task: Task): ArgValue {
  const path = plan.resolve ?? '';
  if (plan.source === 'current_task') {
    const cred = /^(?:real_)?cred\.(.+)$/.exec(path)?.[1];
    const field = cred === undefined ? undefined : credFields[cred];
    if (field) {
      const { seen, doubt } = look(task.cred, field);
      return doubt === undefined ? { kind: 'int', value: seen } : { kind: 'unknown', why: doubt };
    }
    if (path === 'pid') return { kind: 'int', value: task.tid };
    if (path === 'comm') return { kind: 'string', value: task.comm };
    if (path === 'tgid') return { kind: 'int', value: task.process.pid };
    if (path === 'no_new_privs') return { kind: 'int', value: task.cred.noNewPrivs ? 1 : 0 };
  }
  if (plan.source === 'pt_regs') {
    const index = registers.indexOf(path === 'rcx' ? 'r10' : path);
    const text = index < 0 ? '' : call.arg(index);
    const value = readDescriptor(text) ? BigInt(readDescriptor(text)?.fd ?? 0) : readNumber(text);
    if (value !== undefined) return { kind: 'int', value };
  }
  return { kind: 'unknown', why: `"${path}" of ${plan.source} is not in the trace` };
}
