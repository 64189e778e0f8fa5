/** Sizes and copies of buffers: sizeArgIndex, returnCopy, maxData. */
import type { NodePath } from '../../source/spans.ts';
import type { Argument } from '../schema/argument.ts';
import { hooksOf } from '../selectors.ts';
import type { HookEntry } from '../selectors.ts';
import type { RuleContext } from './rule.ts';

const sizedTypes = ['char_buf', 'char_iovec'];
const maxDataTypes = ['char_buf', 'iov_iter'];
const maxSizeArgIndex = 15;
/** A size argument beyond the fifth is accepted, but no such argument is read. */
const usableSizeArgIndex = 5;

export function buffers(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    entry.hook.args?.forEach((arg, index) => {
      checkBuffer(context, entry, arg, [...entry.path, 'args', index]);
    });
    const data = 'data' in entry.hook ? entry.hook.data : undefined;
    data?.forEach((arg, index) => {
      checkSize(context, entry, arg, [...entry.path, 'data', index]);
    });
  }
}

function checkBuffer(context: RuleContext, entry: HookEntry, arg: Argument, path: NodePath): void {
  checkSize(context, entry, arg, path);
  checkUse(context, arg, path);
}

function checkSize(context: RuleContext, { section }: HookEntry, arg: Argument, path: NodePath): void {
  const size = arg.sizeArgIndex ?? 0;
  if (size > maxSizeArgIndex && section !== 'tracepoints') {
    context.error(
      'TR-arg-size',
      [...path, 'sizeArgIndex'],
      `sizeArgIndex ${size} is beyond ${maxSizeArgIndex}`,
      'Use the number, from 1, of the argument that holds the size.',
    );
  } else if (size > usableSizeArgIndex && section !== 'tracepoints') {
    context.warning(
      'TR-arg-size',
      [...path, 'sizeArgIndex'],
      `sizeArgIndex ${size} names no argument that can be read`,
      `Use 1 to ${usableSizeArgIndex}.`,
    );
  }
}

function checkUse(context: RuleContext, arg: Argument, path: NodePath): void {
  const sized = sizedTypes.includes(arg.type);
  const size = arg.sizeArgIndex ?? 0;
  if (size > 0 && !sized && arg.type !== 'auto') {
    context.warning(
      'TR-arg-size',
      [...path, 'sizeArgIndex'],
      `sizeArgIndex has no effect on the type \`${arg.type}\``,
      'It is for char_buf and char_iovec.',
      { atKey: true },
    );
  }
  if (sized && size === 0 && !(arg.returnCopy && arg.type === 'char_buf')) {
    context.warning(
      'TR-arg-size',
      path,
      `without sizeArgIndex a ${arg.type} is read with size 0`,
      'Add sizeArgIndex: the number, from 1, of the argument that holds the size.',
    );
  }
  if (arg.returnCopy && arg.maxData) {
    context.warning(
      'TR-arg-size',
      [...path, 'maxData'],
      'maxData has no effect beside returnCopy',
      'Drop one of the two.',
      { atKey: true },
    );
  }
  if (arg.maxData && !maxDataTypes.includes(arg.type)) {
    context.warning(
      'TR-arg-size',
      [...path, 'maxData'],
      `maxData has no effect on the type \`${arg.type}\``,
      'It is for char_buf.',
      { atKey: true },
    );
  }
}
