/** References to `spec.lists`: `list:NAME`. */
import type { PolicyDocument } from './document.ts';
import type { PolicyList } from './schema/spec.ts';

const prefix = 'list:';

/** The list's name if the text refers to one. */
export function listReference(text: string): string | undefined {
  return text.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

export function listNamed({ spec }: PolicyDocument, name: string): PolicyList | undefined {
  return spec.lists?.find((list) => list.name === name);
}

/** True if the list's members come from the kernel. */
export function isGenerated({ type }: PolicyList): boolean {
  return type === 'generated_syscalls' || type === 'generated_ftrace';
}

/** True if the list's members are system calls. */
export function isSyscallList({ type }: PolicyList): boolean {
  return type === 'syscalls' || type === 'generated_syscalls';
}
