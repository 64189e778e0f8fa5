/** Codes of the rules by which Tetragon refuses policies that have the schema’s shape. */
import type { CodeStage } from './code.ts';

export const rules = {
  'TR-several-sections': {
    meaning: 'A policy may hold one section of hooks only.',
    exit: 'usage',
    cause: 'Kprobes, tracepoints, LSM hooks, uprobes, USDTs and fentries cannot stand in one policy.',
    cure: 'Make a policy of each section.',
  },
  'TR-no-hooks': {
    meaning: 'The policy hooks nothing.',
    exit: 'ok',
    cause: 'None of the sections of hooks has an entry, so the policy loads and does nothing.',
    cure: 'Add a hook, or check the indentation of the section.',
  },
  'TR-namespaced-section': {
    meaning: 'This section is not allowed in a TracingPolicyNamespaced.',
    exit: 'usage',
    cause: 'Uprobes and USDTs attach to files of the host, so a namespaced policy takes none.',
    cure: 'Use the kind TracingPolicy with a podSelector.',
  },
  'TR-loader': {
    meaning: 'loader events cannot be limited to workloads.',
    exit: 'usage',
    cause:
      '`loader: true` reports files mapped as code by every process, so it does not go with selectors of pods or containers.',
    cure: 'Put `loader` into a policy of its own.',
  },
  'TR-too-many-args': {
    meaning: 'A hook takes at most five arguments and data entries.',
    exit: 'usage',
    cause:
      'The BPF programs have room for five values. The field that holds the size of a buffer counts, even if it is not listed.',
    cure: 'Read only what the filters and the event need.',
  },
  'TR-arg-index': {
    meaning: 'The argument index cannot be reached.',
    exit: 'usage',
    cause: 'The programs see the first five arguments of a function, from 0.',
    cure: 'Use an index within the limit, or hook a function that has the value earlier in its list.',
  },
  'TR-arg-type': {
    meaning: 'The argument type is not usable in this kind of hook.',
    exit: 'usage',
    cause:
      'Some types are for one kind of hook only, such as `auto` for tracepoints and `syscall64` for raw_syscalls.',
    cure: 'Name the type of the value, such as int, string or file.',
  },
  'TR-arg-source': {
    meaning: 'The source of an argument is not usable here.',
    exit: 'usage',
    cause:
      'Entries of `args` are arguments and have no source; those of `data` come from current_task or pt_regs and need a `resolve`.',
    cure: 'Move the entry to the other list, or complete it.',
  },
  'TR-arg-size': {
    meaning: 'sizeArgIndex, returnCopy or maxData is used where it cannot be.',
    exit: 'usage',
    cause:
      'These fields say how much of a buffer is read, and count for a few types only. sizeArgIndex counts arguments from 1.',
    cure: 'Give a char_buf its size, and leave the fields out elsewhere.',
  },
  'TR-arg-resolve': {
    meaning: 'The resolve path is malformed, leads nowhere, or could be checked for its form only.',
    exit: 'usage',
    cause:
      'The path names members of kernel structures, which type information (BTF) tells. A warning says that there was none to check it with.',
    cure: 'Write members separated by ".", such as `mm.owner.comm`, as the kernel has them; check on a machine with /sys/kernel/btf/vmlinux.',
  },
  'TR-arg-label': {
    meaning: 'The label of this argument never shows.',
    exit: 'ok',
    cause: 'Tetragon leaves labels out of the events for arguments of tracepoints and for some types.',
    cure: 'Remove the label.',
  },
  'TR-return-arg': {
    meaning: 'returnArg, returnArgAction or matchReturnArgs is used wrongly.',
    exit: 'usage',
    cause:
      'The return side needs `return: true` and a `returnArg` with a type, and takes TrackSock and UntrackSock as its action.',
    cure: 'Add what is missing, or remove what has no effect.',
  },
  'TR-tag': {
    meaning: 'A tag is too short or too long.',
    exit: 'usage',
    cause: 'Tags have 2 to 128 bytes; shorter ones are refused, longer ones are cut.',
    cure: 'Change its length.',
  },
  'TR-message': {
    meaning: 'The message is too short or too long.',
    exit: 'usage',
    cause: 'Messages have 2 to 256 bytes; shorter ones are refused, longer ones are cut.',
    cure: 'Change its length.',
  },
  'TR-call': {
    meaning: 'The hooked function or list is missing or badly named.',
    exit: 'usage',
    cause: '`syscall` is true unless it is written, and then the name is looked for among system calls only.',
    cure: 'Name a kernel function, with `syscall: false` if it is no system call.',
  },
  'TR-duplicate-call': {
    meaning: 'A function is hooked twice in a policy that attaches with kprobe_multi.',
    exit: 'usage',
    cause: 'With kprobe_multi all functions of a policy attach in one go, and none may be there twice.',
    cure: 'Merge the selectors of the two hooks, or set the option disable-kprobe-multi.',
  },
  'TR-tracepoint-name': {
    meaning: 'A tracepoint needs a subsystem and an event.',
    exit: 'usage',
    cause: 'One of the two names is empty.',
    cure: 'Name both, such as `syscalls` and `sys_enter_openat`.',
  },
  'TR-lsm-hook': {
    meaning: 'The LSM hook is badly named.',
    exit: 'usage',
    cause: 'Tetragon puts `bpf_lsm_` before the name itself, so it is written without prefix.',
    cure: 'Write the bare name, such as `file_open`.',
  },
  'TR-uprobe-place': {
    meaning: 'A uprobe needs exactly one of symbols, offsets and addrs.',
    exit: 'usage',
    cause:
      'The hook has no place to attach to or several kinds of them, its path or a symbol is malformed, or two uprobes of a file name their places in different ways.',
    cure: 'Give each uprobe a path and one list of places.',
  },
  'TR-uprobe-digest': {
    meaning: 'A binary digest is malformed.',
    exit: 'usage',
    cause: 'A digest is ALGORITHM:HEX, with as many digits as the algorithm has.',
    cure: 'Write it as `sha256:…`, as sha256sum prints it.',
  },
  'TR-usdt-name': {
    meaning: 'A USDT needs a path, a provider and a name.',
    exit: 'usage',
    cause: 'One of the three is empty.',
    cure: 'Name the file, the provider and the probe.',
  },
  'TR-enforcer': {
    meaning: 'spec.enforcers is used wrongly.',
    exit: 'usage',
    cause: 'A policy takes one enforcer, whose calls are system calls, security_ functions or lists of them.',
    cure: 'Put all calls into one enforcer, and drop those that cannot be enforced.',
  },
  'TR-list': {
    meaning: 'A list is malformed or unknown.',
    exit: 'usage',
    cause:
      'The list is not in spec.lists, is there twice, or has values or a pattern that its type does not take.',
    cure: 'Define the list once, with what its type takes.',
  },
  'TR-list-syscall': {
    meaning: 'A value of a syscall list is no system call name.',
    exit: 'usage',
    cause: 'Values of such lists begin with `sys_`, with an ABI before it if need be.',
    cure: 'Write `sys_NAME` or `i386/sys_NAME`.',
  },
  'TR-macro': {
    meaning: 'A macro is unknown, nested, or defines what its selector defines too.',
    exit: 'usage',
    cause:
      'Macros are put into selectors as they are: what is in both would be there twice, and macros in macros are not looked up.',
    cure: 'Define each kind of filter in one of them.',
  },
  'TR-option': {
    meaning: 'An option has a value that does not load.',
    exit: 'usage',
    cause: 'Tetragon knows the option and cannot read its value.',
    cure: 'Write a value that the message names, in quotes.',
  },
  'TR-option-unknown': {
    meaning: 'Tetragon ignores this option.',
    exit: 'ok',
    cause: 'The option’s name is misspelled or unknown. Tetragon passes it over without a word.',
    cure: 'Correct the name, or remove the option.',
  },
  'TR-too-many-selectors': {
    meaning: 'A hook takes at most five selectors.',
    exit: 'usage',
    cause: 'The BPF programs have room for five.',
    cure: 'Merge selectors, or hook the function in a second policy, too.',
  },
  'TR-too-many-filters': {
    meaning: 'A selector takes at most so many filters of this kind.',
    exit: 'usage',
    cause: 'The BPF programs have room for a fixed number of filters of each kind in a selector.',
    cure: 'Put the values into one filter, or split the policy.',
  },
  'TR-too-many-actions': {
    meaning: 'A selector takes at most three actions.',
    exit: 'usage',
    cause: 'The BPF programs have room for three.',
    cure: 'Drop actions; Post needs no mention beside others.',
  },
  'TR-binary': {
    meaning: 'matchBinaries or matchParentBinaries has a value or option that does not load.',
    exit: 'usage',
    cause:
      'A path is longer than its operator can compare, or followChildren stands at another operator than In and NotIn.',
    cure: 'Compare a part of the path by Prefix or Postfix; remove followChildren.',
  },
  'TR-stack-trace': {
    meaning: 'Stack traces are for the Post action of kprobes, uprobes and tracepoints.',
    exit: 'usage',
    cause: 'A stack is taken when an event is posted, and LSM hooks cannot take one.',
    cure: 'Put kernelStackTrace or userStackTrace beside a Post.',
  },
  'TR-fentry-enforcement': {
    meaning: 'Enforcing actions are not supported for fentries.',
    exit: 'usage',
    cause: 'Tetragon only observes at fentries.',
    cure: 'Use a kprobe.',
  },
  'TR-lsm-action': {
    meaning: 'The action is not allowed for LSM hooks.',
    exit: 'usage',
    cause: 'LSM hooks take Sigkill, Signal, NoPost, Override and Post.',
    cure: 'Use one of these, or a kprobe.',
  },
  'TR-action-place': {
    meaning: 'The action is for another kind of hook.',
    exit: 'usage',
    cause: 'GetUrl and DnsLookup are carried out for kprobes and tracepoints only.',
    cure: 'Remove the action.',
  },
  'TR-notify-enforcer': {
    meaning: 'NotifyEnforcer is used without spec.enforcers.',
    exit: 'usage',
    cause: 'The action leaves a note for the enforcer’s own hook, and there is none.',
    cure: 'Add spec.enforcers with the calls to act on.',
  },
  'TR-workload': {
    meaning: 'The workload selector is malformed.',
    exit: 'usage',
    cause:
      'In and NotIn need values, Exists and DoesNotExist take none, and containers have the keys name and repo only.',
    cure: 'Correct the expression that is shown.',
  },
} as const satisfies CodeStage;
