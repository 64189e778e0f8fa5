/** Enforcement that rests on memory of the caller, which another thread can change after the check. */
import { argumentOf } from '../../policy/addressed.ts';
import { hookName, isSyscallHook } from '../../policy/call-names.ts';
import { isEnforcing } from '../../names/actions.ts';
import type { LintContext } from '../subject.ts';

const pointerTypes = ['string', 'filename', 'char_buf', 'char_iovec', 'sockaddr', 'sockaddr_un', 'bpf_attr'];

/** Hooks further in, where the kernel has its own copy. */
const safer: readonly (readonly [RegExp, string])[] = [
  [/open|creat/, 'security_file_open'],
  [/execve/, 'security_bprm_check'],
  [/connect/, 'security_socket_connect'],
  [/bind/, 'security_socket_bind'],
  [/unlink|rmdir/, 'security_path_unlink'],
  [/rename/, 'security_path_rename'],
  [/symlink/, 'security_path_symlink'],
  [/link/, 'security_path_link'],
  [/mkdir/, 'security_path_mkdir'],
  [/mount/, 'security_sb_mount'],
  [/chmod|chown/, 'security_path_chmod or security_path_chown'],
  [/truncate/, 'security_path_truncate'],
];

export function toctou(context: LintContext): void {
  for (const { entry, expanded } of context.sites) {
    const { selector, listPath } = expanded;
    if (
      !isSyscallHook(context.document, entry) ||
      !(selector.matchActions ?? []).some(({ action }) => isEnforcing(action))
    )
      continue;
    const index = (selector.matchArgs ?? []).findIndex((filter) => {
      const type = argumentOf(entry, 'matchArgs', filter)?.type;
      return type !== undefined && pointerTypes.includes(type);
    });
    if (index === -1) continue;
    const instead =
      safer.find(([call]) => call.test(hookName(entry)))?.[1] ?? 'a security_ function on its way';
    context.warning(
      'TR-toctou',
      [...listPath('matchArgs'), index],
      `enforcement rests on memory of the caller, who can change it between this check and the kernel's own reading; relative and symbolic paths escape it, too`,
      `Hook ${instead}, which sees what the kernel really uses.`,
    );
  }
}
