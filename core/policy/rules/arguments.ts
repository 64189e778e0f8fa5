/** Which arguments a hook may read, and how. */
import type { NodePath } from '../../source/spans.ts';
import type { Argument } from '../schema/argument.ts';
import { hooksOf } from '../selectors.ts';
import type { HookEntry } from '../selectors.ts';
import { isRegister } from '../../names/registers.ts';
import type { RuleContext } from './rule.ts';

const maxArguments = 5;

/** The highest index that each kind of hook reaches; a tracepoint's are the numbers of its fields. */
const maxIndex = { kprobes: 4, fentries: 4, lsmhooks: 4, uprobes: 4, usdts: 11, tracepoints: undefined };
/** Kinds of hooks that have data beside args. */
const dataSections: readonly string[] = ['kprobes', 'fentries', 'uprobes'];
/** Kinds of hooks that have no reader for the type bpf_cmd; in others it is read and not shown. */
const noBpfCmd: readonly string[] = ['lsmhooks', 'uprobes'];
/** Kinds of hooks where `auto` is refused even if \`resolve\` would tell the type. */
const typedSections: readonly string[] = ['kprobes', 'fentries', 'tracepoints'];
/** Raw tracepoints pass Tetragon's check with one more than they have. */
const maxRawIndex = 5;

export function argumentRules(context: RuleContext): void {
  for (const entry of hooksOf(context.document)) {
    const { hook, path } = entry;
    const args = hook.args ?? [];
    const data = 'data' in hook ? (hook.data ?? []) : [];
    if (args.length + data.length > maxArguments) {
      const place =
        args.length > maxArguments ? ['args', maxArguments] : ['data', maxArguments - args.length];
      context.error(
        'TR-too-many-args',
        [...path, ...place],
        `a hook takes at most ${maxArguments} args and data together (${args.length + data.length} given)`,
        'Read only what the filters and the event need.',
      );
    }
    if (entry.section === 'tracepoints') checkHiddenSizes(context, entry);
    args.forEach((arg, index) => {
      checkArgument(context, entry, arg, [...path, 'args', index]);
    });
    data.forEach((arg, index) => {
      checkData(context, arg, [...path, 'data', index]);
    });
  }
}

/** A field that holds the size of a buffer and is not listed itself is read as one more argument. */
function checkHiddenSizes(context: RuleContext, { hook, path }: HookEntry): void {
  if ('raw' in hook && hook.raw === true) return;
  const args = hook.args ?? [];
  const listed = new Set(args.map(({ index }) => index));
  const hidden = new Set(
    args.flatMap(({ sizeArgIndex = 0 }) =>
      sizeArgIndex === 0 || listed.has(sizeArgIndex - 1) ? [] : sizeArgIndex,
    ),
  );
  if (args.length > maxArguments || args.length + hidden.size <= maxArguments) return;
  const [size = 0] = [...hidden].slice(maxArguments - args.length);
  const at = args.findIndex(({ sizeArgIndex }) => sizeArgIndex === size);
  context.error(
    'TR-too-many-args',
    [...path, 'args', at, 'sizeArgIndex'],
    `the field that holds the size makes ${args.length + hidden.size} arguments; ${maxArguments} can be read`,
    'Read fewer fields.',
  );
}

function checkArgument(context: RuleContext, entry: HookEntry, arg: Argument, path: NodePath): void {
  const raw = entry.section === 'tracepoints' && entry.hook.raw === true;
  const highest = raw ? maxRawIndex : maxIndex[entry.section];
  if (highest !== undefined && arg.index > highest) {
    context.error(
      'TR-arg-index',
      [...path, 'index'],
      `argument ${arg.index} cannot be read: ${highest} is the highest index`,
      entry.section === 'kprobes'
        ? 'The sixth argument of a function is out of reach; hook a function that has the value earlier.'
        : 'Use an index within the limit.',
    );
  }
  if (raw && arg.index === maxRawIndex) {
    context.warning(
      'TR-arg-index',
      [...path, 'index'],
      `argument ${maxRawIndex} of a raw tracepoint loads, but there is none`,
      'Use an index up to 4.',
    );
  }
  checkType(context, entry, arg, path, raw);
  if ((arg.source ?? '') === '') return;
  const at = [...path, 'source'];
  const message = 'an entry of args takes no source';
  if ('data' in entry.hook || dataSections.includes(entry.section)) {
    context.error('TR-arg-source', at, message, 'Move the entry to data.');
  } else context.warning('TR-arg-source', at, `${message}; it has no effect here`, 'Remove it.');
}

function checkType(
  context: RuleContext,
  entry: HookEntry,
  arg: Argument,
  path: NodePath,
  raw: boolean,
): void {
  const at = context.document.has([...path, 'type']) ? [...path, 'type'] : path;
  const classic = entry.section === 'tracepoints' && !raw;
  if (arg.type === 'auto' && !classic && (arg.resolve === '' || typedSections.includes(entry.section))) {
    const message = `the type \`auto\` is for classic tracepoints; ${nounOf(entry, raw)} needs the argument’s type`;
    const help = 'Name the type, such as int, string or file.';
    if (entry.section === 'usdts') context.warning('TR-arg-type', at, message, help);
    else context.error('TR-arg-type', at, message, help);
  }
  if (arg.type === 'bpf_cmd' && noBpfCmd.includes(entry.section) && arg.resolve === '') {
    context.error(
      'TR-arg-type',
      at,
      `the type \`bpf_cmd\` is for kprobes, not for ${nounOf(entry, raw)}`,
      'Use `int`.',
    );
  }
  if (arg.type === 'nop' && entry.section === 'tracepoints') {
    context.error('TR-arg-type', at, `${nounOf(entry, raw)} has no type \`nop\``, 'Leave the argument out.');
  }
  if (arg.type === 'syscall64' && entry.section !== 'tracepoints') {
    const message = `the type \`syscall64\` is for tracepoints, not for ${nounOf(entry, raw)}`;
    const help = 'Use the tracepoint raw_syscalls/sys_enter, or another type.';
    if (entry.section === 'kprobes' || entry.section === 'fentries')
      context.error('TR-arg-type', at, message, help);
    else context.warning('TR-arg-type', at, message, help);
  }
  if (arg.type === 'const_buf' && entry.section === 'tracepoints') {
    context.error(
      'TR-arg-type',
      at,
      'the type `const_buf` cannot be set; Tetragon derives it from the tracepoint',
      'Write `auto` or leave the type out.',
    );
  }
}

/** Data come from elsewhere than the arguments, so they say from where. */
function checkData(context: RuleContext, arg: Argument, path: NodePath): void {
  const source = arg.source ?? '';
  const help = 'Use `source: current_task` or `source: pt_regs`, with a `resolve`.';
  if (source !== 'current_task' && source !== 'pt_regs') {
    const at = context.document.has([...path, 'source']) ? [...path, 'source'] : path;
    const message = source === '' ? 'an entry of data needs a source' : `\`${source}\` is no source of data`;
    context.error('TR-arg-source', at, message, help);
  } else if (arg.resolve === '') {
    context.error('TR-arg-source', path, 'an entry of data needs a resolve', help);
  } else if (source === 'pt_regs') {
    if (!isRegister(arg.resolve)) {
      context.error(
        'TR-arg-resolve',
        [...path, 'resolve'],
        `\`${arg.resolve}\` is no register`,
        'Name one such as rax, eax, ax or al.',
      );
    }
    if (arg.type === 'auto') {
      context.error('TR-arg-type', path, 'a register needs a type', 'Name the type, such as uint64.');
    }
  }
  if (arg.index > 4) {
    context.error(
      'TR-arg-index',
      [...path, 'index'],
      `the index ${arg.index} of an entry of data is above 4`,
      'Use 0.',
    );
  }
}

function nounOf({ section }: HookEntry, raw: boolean): string {
  switch (section) {
    case 'kprobes':
      return 'a kprobe';
    case 'fentries':
      return 'a fentry';
    case 'tracepoints':
      return raw ? 'a raw tracepoint' : 'a tracepoint';
    case 'lsmhooks':
      return 'an LSM hook';
    case 'uprobes':
      return 'a uprobe';
    case 'usdts':
      return 'a USDT';
  }
}
