/** Hooks in the short form of proofs, as the YAML of a policy. */
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
    const [kind, subsystem = '', event] = /^(tp|lsm):([^/]+)(?:\/(.+))?$/.exec(name)?.slice(1) ?? [];
    if (kind === 'tp') tracepoints.push({ subsystem, event, ...hook });
    else if (kind === 'lsm') lsmhooks.push({ hook: subsystem, ...hook });
    else kprobes.push({ call: name, syscall: name.startsWith('sys_'), ...hook });
  }
  return stringify({
    apiVersion: 'cilium.io/v1alpha1',
    kind: 'TracingPolicy',
    metadata: { name: 'proof' },
    spec: {
      ...(kprobes.length > 0 && { kprobes }),
      ...(tracepoints.length > 0 && { tracepoints }),
      ...(lsmhooks.length > 0 && { lsmhooks }),
    },
  });
}

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
