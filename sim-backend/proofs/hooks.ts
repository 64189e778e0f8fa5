/** Hooks in the short form of proofs, as the YAML of policies. */
import { stringify } from 'yaml';

/** `name(0:type, 1:type:resolve)`, then a filter in brackets and an action, both optional. */
const form = /^(?<name>[\w:/]+)(?:\((?<args>[^)]*)\))?(?: +\[(?<filter>[^\]]+)\])?(?: +(?<action>.+))?$/;

export function policyOf(text: string): string {
  const kprobes: object[] = [];
  const tracepoints: object[] = [];
  const lsmhooks: object[] = [];
  for (const line of text.split('\n').map((part) => part.trim())) {
    if (line === '') continue;
    const groups = form.exec(line)?.groups;
    const name = groups?.['name'];
    if (groups === undefined || name === undefined) throw new Error(`no hook: ${line}`);
    const { args = '', filter = '', action = '' } = groups;
    const hook = { ...(args !== '' && { args: argsOf(args) }), ...selectorsOf(filter, action) };
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

function argsOf(text: string): object[] {
  return text.split(',').map((part) => {
    const [index = '', type = '', resolve] = part.trim().split(':');
    return { index: Number(index), type, ...(resolve !== undefined && { resolve }) };
  });
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
