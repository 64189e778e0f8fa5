/** Names of tracepoints, LSM hooks and USDTs. */
import { hooksOf } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

export function hookNames(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    const { path } = entry;
    if (entry.section === 'tracepoints') {
      for (const field of ['subsystem', 'event'] as const) {
        if (entry.hook[field] !== '') continue;
        context.error(
          'TR-tracepoint-name',
          [...path, field],
          `the tracepoint has an empty ${field}`,
          'Name both, such as `syscalls` and `sys_enter_openat`.',
        );
      }
    } else if (entry.section === 'lsmhooks') {
      const { hook } = entry.hook;
      const bare = hook.replace(/^(bpf_lsm_|security_)/, '');
      if (hook === '' || bare !== hook) {
        context.error(
          'TR-lsm-hook',
          [...path, 'hook'],
          hook === '' ? 'the LSM hook has no name' : `no kernel has the LSM hook \`bpf_lsm_${hook}\``,
          'Name the hook without prefix, such as `file_open`.',
          bare === '' || bare === hook ? {} : { didYouMean: bare, fix: bare },
        );
      }
    } else if (entry.section === 'usdts') {
      for (const field of ['path', 'provider', 'name'] as const) {
        if (entry.hook[field] !== '') continue;
        context.error(
          'TR-usdt-name',
          [...path, field],
          `the USDT has an empty ${field}`,
          'Name the file, the provider and the probe.',
        );
      }
    }
  }
}
