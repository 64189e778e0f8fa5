/** Texts of policies for tests: a spec in YAML's flow form, or a part of one. */

/** A policy with this spec; `kind` other than TracingPolicy gets a namespace. */
export function policyText(spec: string, kind = 'TracingPolicy'): string {
  const namespace = kind === 'TracingPolicy' ? '' : ', namespace: default';
  return `apiVersion: cilium.io/v1alpha1\nkind: ${kind}\nmetadata: {name: demo${namespace}}\nspec: {${spec}}\n`;
}

/** A kprobe on fd_install with an int and a file, and these selectors. */
export function kprobe(selectors: string, more = ''): string {
  return `kprobes: [{call: fd_install, syscall: false, args: [{index: 0, type: int}, {index: 1, type: file}], selectors: [${selectors}]${more}}]`;
}
