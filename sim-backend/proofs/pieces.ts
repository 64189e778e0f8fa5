/** Pieces of traces and policies that many proofs are made of. */

/** The lines of a process that ends well. */
export const end = (pid: number): string => `
  ${pid} exit_group(0) = ?
  ${pid} +++ exited with 0 +++`;

const user = { real: 1000, effective: 1000, saved: 1000, fs: 1000 };

/** Of the start: a user without any capability. */
export const asNobody = {
  uid: user,
  gid: user,
  groups: [],
  caps: { permitted: '0', effective: '0', inheritable: '0', bounding: '0', ambient: '0' },
};

/** A file that the scenario makes, which holds `old`. */
export const oldFile = (
  path: string,
): { readonly path: string; readonly content: Uint8Array; readonly mode: number } => ({
  path,
  content: new TextEncoder().encode('old'),
  mode: 0o644,
});

/** An address of AF_INET. */
export const inet = (port: number, address: string): string =>
  `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("${address}")}`;

/** A policy of mkdir, with these parts beside its arguments. */
export const mkdirOf = (parts: string): string => `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: { name: proof }
spec:
  kprobes:
  - call: security_path_mkdir
    syscall: false
    args: [{ index: 1, type: dentry }]
    ${parts}
`;

/** A policy of mkdir for the tasks that a selector picks. */
export const mkdirSelected = (selector: string): string => mkdirOf(`selectors: [{ ${selector} }]`);
