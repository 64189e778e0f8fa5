/** Arguments that the hooked function or tracepoint does not have, or has with another type. */
import { syscallParameters } from '../../kernels/syscall-parameters.ts';
import { autoFieldType } from '../../kernels/tracepoint-types.ts';
import { canRead } from '../../kernels/type-match.ts';
import { argTypeOf } from '../types/index.ts';
import type { NodePath } from '../../source/spans.ts';
import type { Argument } from '../../policy/schema/argument.ts';
import type { Tracepoint } from '../../policy/schema/hooks.ts';
import type { KernelFacts, TracepointField } from '../../kernels/kernel-facts.ts';
import type { KernelFinding, KernelRule } from './finding.ts';
import { wantedFunctions } from './functions.ts';

interface Prototype {
  readonly returns?: string;
  readonly parameters: readonly string[];
}

export const argumentTypes: KernelRule = (context, kernel) =>
  context.hooks.flatMap((entry) => {
    const { section, hook, path } = entry;
    if (section === 'tracepoints') return hook.raw === true ? [] : fieldFindings(hook, path, kernel);
    if (section === 'lsmhooks') {
      const prototype = kernel.prototype(`bpf_lsm_${hook.hook}`);
      return prototype ? argFindings(hook.args ?? [], [...path, 'args'], prototype, hook.hook) : [];
    }
    if (section !== 'kprobes' && section !== 'fentries') return [];
    return wantedFunctions(context, hook, path).flatMap(({ symbol }) => {
      const prototype = prototypeOf(symbol, kernel);
      if (!prototype) return [];
      const findings = argFindings(hook.args ?? [], [...path, 'args'], prototype, symbol);
      const { returnArg } = hook;
      if (hook.return === true && returnArg && prototype.returns !== undefined && returnArg.resolve === '') {
        const type = argTypeOf(returnArg.type)?.name;
        if (prototype.returns === 'void' || (type && !canRead(type, prototype.returns))) {
          const message = `${symbol} returns \`${prototype.returns}\`, not ${returnArg.type}`;
          findings.push(finding([...path, 'returnArg', 'type'], message));
        }
      }
      return findings;
    });
  });

/** Of a system call the parameters as user space passes them: its kernel function takes registers only. */
function prototypeOf(symbol: string, kernel: KernelFacts): Prototype | undefined {
  const syscall = /^__x64_sys_(\w+)$/.exec(symbol)?.[1];
  if (syscall === undefined) return kernel.prototype(symbol);
  const parameters = syscallParameters(syscall);
  return parameters && { parameters: parameters.map(({ type }) => type) };
}

function argFindings(
  args: readonly Argument[],
  path: NodePath,
  { parameters }: Prototype,
  name: string,
): KernelFinding[] {
  return args.flatMap((arg, position): KernelFinding[] => {
    const actual = parameters[arg.index];
    if (actual === undefined) {
      const count = parameters.length === 1 ? 'one argument' : `${parameters.length} arguments`;
      const message = `${name} has ${count}: there is none of index ${arg.index}`;
      return [finding([...path, position, 'index'], message)];
    }
    const size = arg.sizeArgIndex ?? 0;
    const holder = parameters[size - 1];
    if (arg.resolve === '' && size > 0 && holder !== undefined && !holdsSize(holder, parameters)) {
      const message = `sizeArgIndex ${size} is argument ${size - 1} of ${name}, \`${holder}\`: no size`;
      return [{ ...finding([...path, position, 'sizeArgIndex'], message), help: plusOne }];
    }
    const type = argTypeOf(arg.type)?.name;
    if (arg.resolve !== '' || !type || canRead(type, actual)) return [];
    const message = `argument ${arg.index} of ${name} is \`${actual}\`, not ${arg.type}`;
    return [finding([...path, position, 'type'], message)];
  });
}

const plusOne = 'It counts from 1: write the index of the argument that holds the size, plus one.';

/** A pointer is none, and an int is hardly one where another argument is a size_t. */
const holdsSize = (type: string, parameters: readonly string[]): boolean =>
  !type.includes('*') && !(/^(unsigned )?int$/.test(type) && parameters.includes('size_t'));

const finding = (path: NodePath, message: string): KernelFinding => ({
  code: 'TR-kernel-argument',
  path,
  message,
  help: 'Tetragon does not compare them: what it reads there is not what it looks like.',
  refused: false,
});

/** A tracepoint's fields are looked up when the policy is loaded: what is wrong there is refused. */
function fieldFindings(hook: Tracepoint, path: NodePath, kernel: KernelFacts): KernelFinding[] {
  const name = `${hook.subsystem}/${hook.event}`;
  const fields = kernel.tracepointFields(hook.subsystem, hook.event);
  if (!fields) return [];
  return (hook.args ?? []).flatMap((arg, position): KernelFinding[] => {
    const at = [...path, 'args', position];
    const field = fields[arg.index];
    if (!field) {
      const message = `${name} has ${fields.length} fields: there is none of index ${arg.index}`;
      const help = 'Fields are counted from 0 in the order of the format file, common ones included.';
      return [{ code: 'TR-kernel-argument', path: [...at, 'index'], message, help, refused: true }];
    }
    const size = arg.sizeArgIndex ?? 0;
    if (size > fields.length) {
      const message = `${name} has ${fields.length} fields: there is none for sizeArgIndex ${size}`;
      const help = 'It is the index of the field that holds the size, plus one.';
      return [{ code: 'TR-kernel-argument', path: [...at, 'sizeArgIndex'], message, help, refused: true }];
    }
    const holder = fields[size - 1];
    if (size > 0 && holder?.type.includes('*') === true) {
      const message = `sizeArgIndex ${size} is field ${size - 1} of ${name}, \`${holder.type} ${holder.name}\`: no size`;
      return [{ ...finding([...at, 'sizeArgIndex'], message), help: plusOne }];
    }
    // Other fields that have no type are refused by the compiler, which knows them from the same data.
    const needsSize = arg.type === 'auto' && isBuffer(field) && (arg.sizeArgIndex ?? 0) === 0;
    if (!needsSize) return [];
    const message = `\`${field.type} ${field.name}\` of ${name} is a buffer, which type auto takes only with a sizeArgIndex`;
    const help = 'Write `type: string`, or name the field that holds its length.';
    return [{ code: 'TR-auto-type', path: [...at, 'type'], message, help, refused: true }];
  });
}

function isBuffer(field: TracepointField): boolean {
  const auto = autoFieldType(field, true);
  return 'type' in auto && auto.type === 'char_buf';
}
