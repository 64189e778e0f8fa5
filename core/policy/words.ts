/** Words that people bring from elsewhere: other tools, other versions, other layers. */

/** Values by their usual names elsewhere, in lower case, and what they are here: of several the first that is allowed. */
export const otherWords: Readonly<Record<string, readonly string[]>> = {
  substringignorecase: ['SubStringIgnCase'],
  notsportpriv: ['NotSportPriv'],
  suffix: ['Postfix'],
  notsuffix: ['NotPostfix'],
  endswith: ['Postfix'],
  hassuffix: ['Postfix'],
  notendswith: ['NotPostfix'],
  startswith: ['Prefix'],
  hasprefix: ['Prefix'],
  beginswith: ['Prefix'],
  notstartswith: ['NotPrefix'],
  contains: ['SubString'],
  includes: ['SubString'],
  eq: ['Equal', 'In'],
  equals: ['Equal', 'In'],
  is: ['Equal', 'In'],
  in: ['Equal', 'In'],
  equal: ['Equal', 'In'],
  '=': ['Equal', 'In'],
  '==': ['Equal', 'In'],
  ne: ['NotEqual', 'NotIn'],
  neq: ['NotEqual', 'NotIn'],
  notequals: ['NotEqual', 'NotIn'],
  notequal: ['NotEqual', 'NotIn'],
  notin: ['NotEqual', 'NotIn'],
  '!=': ['NotEqual', 'NotIn'],
  '>': ['GT'],
  '<': ['LT'],
  between: ['InRange'],
  range: ['InRange'],
  port: ['DPort'],
  addr: ['DAddr'],
  kill: ['Sigkill'],
  terminate: ['Sigkill'],
  mount: ['Mnt'],
  network: ['Net'],
  process: ['Pid'],
  hostname: ['Uts'],
  // Types as C and other languages have them.
  str: ['string'],
  text: ['string'],
  'char*': ['string'],
  'char *': ['string'],
  'const char *': ['string'],
  uint: ['uint32'],
  unsigned: ['uint32'],
  'unsigned int': ['uint32'],
  'unsigned long': ['uint64'],
  u32: ['uint32'],
  u64: ['uint64'],
  s32: ['sint32'],
  s64: ['sint64'],
  integer: ['int'],
  number: ['int'],
  'struct file *': ['file'],
  'struct path *': ['path'],
  'struct sock *': ['sock'],
  'struct sockaddr *': ['sockaddr'],
};

const override = 'To refuse a call, write `Override` with `argError: -1`; to end the process, `Sigkill`.';
const descriptor = 'It was removed; give the descriptor the argument type fd instead.';
const regex = 'There are no patterns: use Prefix, Postfix or SubString, or several values.';

/** Values that are none here, in lower case, and what to do instead. */
export const noWords: Readonly<Record<string, string>> = {
  followfd: descriptor,
  unfollowfd: descriptor,
  copyfd: descriptor,
  notifykiller: 'It is called NotifyEnforcer now.',
  block: override,
  deny: override,
  reject: override,
  drop: override,
  log: 'Write `Post`: the event is the log.',
  audit: 'Write `Post`: the event is the log.',
  alert: 'Write `Post`: the event is the alert.',
  allow: 'To say nothing of a call, write `NoPost`; what no selector forbids is allowed.',
  regex,
  regexp: regex,
  matches: regex,
  match: regex,
  glob: regex,
  notcontains: 'No operator denies a part of a text: use NotPrefix or NotPostfix.',
};

const kubernetes =
  'Selectors look at processes; pods are chosen by `spec.podSelector`, and the namespace by the kind TracingPolicyNamespaced.';

/** Keys from elsewhere, in lower case: the key that is meant, or what to do instead. */
export const otherKeys: Readonly<Record<string, { readonly key?: string; readonly help?: string }>> = {
  lsm: { key: 'lsmhooks' },
  lsms: { key: 'lsmhooks' },
  fentry: { key: 'fentries' },
  actions: { key: 'matchActions' },
  action: { key: 'matchActions' },
  binaries: { key: 'matchBinaries' },
  pids: { key: 'matchPIDs' },
  namespaces: { key: 'matchNamespaces' },
  capabilities: { key: 'matchCapabilities' },
  filters: { key: 'selectors' },
  op: { key: 'operator' },
  value: { key: 'values' },
  argerr: { key: 'argError' },
  errno: { key: 'argError' },
  signal: { key: 'argSig' },
  function: { key: 'call' },
  symbol: { key: 'call' },
  syscalls: { key: 'kprobes' },
  podselector: { help: kubernetes },
  namespaceselector: { help: kubernetes },
  containerselector: { help: kubernetes },
  matchlabels: { help: kubernetes },
  matchcmdargs: {
    help: 'No filter looks at the command line: hook sys_execve and filter on its arguments, or the binary by matchBinaries.',
  },
};

/** Names of namespaces of Kubernetes, where those of the kernel are asked for. */
export const kubernetesNamespace =
  'These are the kernel’s namespaces, not those of Kubernetes: use the kind TracingPolicyNamespaced, or podSelector.';
