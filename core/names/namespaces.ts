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

/** Their names in /proc/PID/ns, which are their keys in events, too. */
export const namespaceLinks = {
  Uts: 'uts',
  Ipc: 'ipc',
  Mnt: 'mnt',
  Pid: 'pid',
  PidForChildren: 'pid_for_children',
  Net: 'net',
  Time: 'time',
  TimeForChildren: 'time_for_children',
  Cgroup: 'cgroup',
  User: 'user',
} as const satisfies Readonly<Record<NamespaceName, string>>;
