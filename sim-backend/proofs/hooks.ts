/** Hooks in the short form of proofs, as the YAML of policies. */
import { stringify } from 'yaml';

/** `name(0:type, 1:type:resolve) = type`, then a filter in brackets and an action; all but the name are optional. */
const form =
  /^(?<name>[\w:/]+)(?:\((?<args>[^)]*)\))?(?: += +(?<result>\w+))?(?: +\[(?<filter>[^\]]+)\])?(?: +(?<action>.+))?$/;

export function policyOf(text: string): string {
  const kprobes: object[] = [];
  const tracepoints: object[] = [];
  const lsmhooks: object[] = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const groups = form.exec(line)?.groups;
    const name = groups?.['name'];
    if (groups === undefined || name === undefined) throw new Error(`no hook: ${line}`);
    const { args = '', result = '', filter = '', action = '' } = groups;
    const hook = {
      ...(args !== '' && { args: argsOf(args) }),
      ...(result !== '' && { return: true, returnArg: { index: 0, type: result } }),
      ...selectorsOf(filter, action),
    };
    const [kind, subsystem = '', event] = /^(tp|raw|lsm):([^/]+)(?:\/(.+))?$/.exec(name)?.slice(1) ?? [];
    if (kind === 'tp') tracepoints.push({ subsystem, event, ...hook });
    else if (kind === 'raw') tracepoints.push({ subsystem, event, raw: true, ...hook });
    else if (kind === 'lsm') lsmhooks.push({ hook: subsystem, ...hook });
    else kprobes.push({ call: name, syscall: name.startsWith('sys_'), ...hook });
  }
  // Functions can only be overridden by hooks of their own.
  const alone = kprobes.length > 0 && / Override /.test(text);
  const options = alone ? { options: [{ name: 'disable-kprobe-multi', value: '1' }] } : {};
  // A policy takes one section of hooks.
  return Object.entries({ kprobes, tracepoints, lsmhooks })
    .filter(([, hooks]) => hooks.length > 0)
    .map(([section, hooks], index) =>
      documentOf(index === 0 ? 'proof' : `proof-${section}`, section, hooks, options),
    )
    .join('---\n');
}

const documentOf = (name: string, section: string, hooks: readonly object[], options: object): string =>
  stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicy',
    metadata: { name },
    spec: {
      ...options,
      [section]: hooks,
    },
  });

/** Keys of a policy may stand behind an argument (`1:char_buf sizeArgIndex=3 maxData`), and a tracepoint's needs no type. */
function argsOf(text: string): object[] {
  return text.split(',').map((part) => {
    const [place = '', ...keys] = part.trim().split(' ');
    const [index = '', type = '', resolve] = place.split(':');
    return {
      index: Number(index),
      ...(type !== '' && { type }),
      ...(resolve !== undefined && { resolve }),
      ...Object.fromEntries(keys.map(keyOf)),
    };
  });
}

function keyOf(text: string): [key: string, value: number | true] {
  const [key = '', value] = text.split('=');
  return [key, value === undefined ? true : Number(value)];
}

function selectorsOf(filter: string, action: string): { selectors?: object[] } {
  const [index, operator, ...values] = filter.split(' ');
  const [name, value] = action.split(' ');
  const matchArgs = [{ index: Number(index), operator, values }];
  const number =
    name === 'Signal' ? { argSig: Number(value) } : name === 'Override' ? { argError: Number(value) } : {};
  const matchActions = [{ action: name, ...number }];
  const selector = { ...(filter !== '' && { matchArgs }), ...(action !== '' && { matchActions }) };
  return filter === '' && action === '' ? {} : { selectors: [selector] };
}
