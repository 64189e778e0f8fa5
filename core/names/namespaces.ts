/** Kinds of kernel namespaces as policies name them, in the order of Tetragon's and of the BPF programs' records. */
export const namespaceNames = [
  'Uts',
  'Ipc',
  'Mnt',
  'Pid',
  'PidForChildren',
  'Net',
  'Time',
  'TimeForChildren',
  'Cgroup',
  'User',
] as const;

export type NamespaceName = (typeof namespaceNames)[number];
