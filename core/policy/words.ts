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
  like: regex,
  wildcard: regex,
  notcontains: 'No operator denies a part of a text: use NotPrefix or NotPostfix.',
};

const kubernetes =
  'Selectors look at processes; pods are chosen by `spec.podSelector`, and the namespace by the kind TracingPolicyNamespaced.';

/** Keys from elsewhere, in lower case: the key that is meant, by where it stands, or what to do instead. */
export const otherKeys: Readonly<
  Record<string, { readonly keys?: readonly string[]; readonly help?: string }>
> = {
  lsm: { keys: ['lsmhooks'] },
  lsms: { keys: ['lsmhooks'] },
  fentry: { keys: ['fentries'] },
  actions: { keys: ['matchActions'] },
  action: { keys: ['matchActions'] },
  binaries: { keys: ['matchBinaries'] },
  pids: { keys: ['matchPIDs'] },
  namespaces: { keys: ['matchNamespaces'] },
  capabilities: { keys: ['matchCapabilities'] },
  filters: { keys: ['selectors'] },
  op: { keys: ['operator'] },
  value: { keys: ['values'] },
  argerr: { keys: ['argError'] },
  errno: { keys: ['argError'] },
  signal: { keys: ['argSig'] },
  function: { keys: ['call', 'hook', 'symbols'] },
  symbol: { keys: ['call', 'symbols'] },
  call: { keys: ['hook', 'symbols', 'event'] },
  hook: { keys: ['call', 'event'] },
  name: { keys: ['call', 'hook', 'event', 'label'] },
  event: { keys: ['call', 'hook'] },
  binary: { keys: ['path', 'matchBinaries'] },
  executable: { keys: ['path', 'matchBinaries'] },
  arg: { keys: ['index'] },
  argument: { keys: ['index'] },
  argfd: { help: 'It was of FollowFD, UnfollowFD and CopyFD, which were removed.' },
  argname: { help: 'It was of FollowFD, UnfollowFD and CopyFD, which were removed.' },
  error: { keys: ['argError'] },
  errorcode: { keys: ['argError'] },
  syscalls: { keys: ['kprobes'] },
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
