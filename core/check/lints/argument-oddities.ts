/** Arguments that are read or shown otherwise than one would think. */
import { isZeroAtField } from '../../kernels/tracepoint-types.ts';
import { argTypeOf } from '../../plan/types/index.ts';
import { positionOf } from '../../policy/addressed.ts';
import type { ArgTypeName } from '../../values/arg-type-name.ts';
import type { LintContext } from '../subject.ts';

const unlabelled = ['sockaddr', 'sockaddr_un'];
/** Types whose values may fill the part of the buffer that filters see. */
const longTypes = ['char_buf', 'char_iovec', 'iov_iter'];
/** common_type, common_flags, common_preempt_count and common_pid. */
const commonFields = 4;

/** Not of types that stand for what the format says, which is found out when the policy is loaded. */
const isUnreadField = (type: ArgTypeName): boolean => type !== 'auto' && isZeroAtField(type);

export function argumentOddities(context: LintContext): void {
  for (const entry of context.hooks) {
    const { hook, section, path } = entry;
    hook.args?.forEach((arg, index) => {
      const at = [...path, 'args', index];
      if (
        arg.label !== undefined &&
        arg.label !== '' &&
        (section === 'tracepoints' || unlabelled.includes(arg.type))
      ) {
        context.warning(
          'TR-arg-label',
          [...at, 'label'],
          `events do not show the label of a ${section === 'tracepoints' ? 'tracepoint argument' : arg.type}`,
          'Remove it.',
          { atKey: true },
        );
      }
      if (section === 'tracepoints' && hook.raw !== true && arg.index < commonFields) {
        context.warning(
          'TR-tracepoint-common',
          [...at, 'index'],
          `field ${arg.index} is one of the common_ fields; with it the hook gives no events`,
          'Fields of the tracepoint itself come after those, from 4 or 5 on (see its format file).',
        );
      }
      const type = argTypeOf(arg.type)?.name;
      if (section === 'tracepoints' && hook.raw !== true && type !== undefined && isUnreadField(type)) {
        context.warning(
          'TR-tracepoint-type',
          [...at, 'type'],
          `Tetragon reads no ${arg.type} at a tracepoint: the argument is 0 whatever the field holds`,
          'Read the number or the text itself, or hook a function by a kprobe.',
        );
      }
    });
    if (section === 'uprobes' && (hook.symbols?.length ?? 0) > 1) {
      context.warning(
        'TR-uprobe-symbols',
        [...path, 'symbols'],
        'events of every symbol name the last of the list',
        'Write a hook for each symbol to tell them apart.',
        { atKey: true },
      );
    }
  }
  for (const { entry, expanded } of context.sites) {
    expanded.selector.matchArgs?.forEach((filter, index) => {
      const position = positionOf(entry, 'matchArgs', filter) ?? 0;
      const before = (entry.hook.args ?? []).slice(0, position).find(({ type }) => longTypes.includes(type));
      if (before === undefined) return;
      context.warning(
        'TR-filter-offset',
        [...expanded.listPath('matchArgs'), index],
        `this filter comes after a ${before.type} argument; if that has more than 2 KiB, the filter does not match`,
        'Put the argument before the buffer in the list of args.',
      );
    });
  }
}
