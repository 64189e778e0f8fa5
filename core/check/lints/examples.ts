/** Each lint by example: what the documentation shows, and the tests hold the lints against. */
import { kprobe } from '../../policy/testing.ts';
import type { DiagnosticCode } from '../../source/codes.ts';

const connect = (operator: string, ...values: readonly string[]): string =>
  `kprobes: [{call: tcp_connect, syscall: false, args: [{index: 0, type: sock}], selectors: [{matchArgs: [{index: 0, operator: ${operator}, values: [${values.join(', ')}]}]}]}]`;
const onFile = (operator: string, values: string): string =>
  kprobe(`{matchArgs: [{index: 1, operator: ${operator}, values: [${values}]}]}`);
const onInt = (operator: string, values: string): string =>
  kprobe(`{matchArgs: [{index: 0, operator: ${operator}, values: [${values}]}]}`);
const binary = (operator: string, values: string): string =>
  kprobe(`{matchBinaries: [{operator: ${operator}, values: [${values}]}]}`);
const act = (call: string, actions: string, filters = ''): string =>
  `kprobes: [{call: ${call}, syscall: ${call.startsWith('sys_')}, args: [{index: 1, type: string}], selectors: [{${filters}matchActions: [${actions}]}]}]`;
const tracepoint = (args: string, selectors: string): string =>
  `tracepoints: [{subsystem: syscalls, event: sys_enter_lseek, args: [${args}], selectors: [${selectors}]}]`;
const single = 'options: [{name: disable-kprobe-multi, value: "1"}]';
const first = '{matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}';
const second = '{matchActions: [{action: Post}]}';
const two = (a: string, b: string): string =>
  `kprobes: [{call: fd_install, syscall: false, selectors: [${a}]}, {call: vfs_read, syscall: false, selectors: [${b}]}]`;

const podKill =
  '{matchBinaries: [{operator: In, values: [/usr/bin/dash]}], matchActions: [{action: Sigkill}]}';

const onPath = (operator: string, value: string): string =>
  `{matchArgs: [{index: 1, operator: ${operator}, values: [${value}]}]}`;
const both = (one: string, value: string, other: string, second: string): string =>
  `{matchArgs: [{index: 1, operator: ${one}, values: [${value}]}, {index: 1, operator: ${other}, values: [${second}]}]}`;
const onFlags = (operator: string, values: string): string =>
  `kprobes: [{call: sys_openat, args: [{index: 2, type: int}], selectors: [{matchArgs: [{index: 2, operator: ${operator}, values: [${values}]}]}]}]`;
const onMode = (values: string): string =>
  `kprobes: [{call: sys_mkdirat, args: [{index: 2, type: uint16}], selectors: [{matchArgs: [{index: 2, operator: Mask, values: [${values}]}]}]}]`;
const returned = (values: string): string =>
  `kprobes: [{call: sys_mount, return: true, returnArg: {index: 0, type: int}, selectors: [{matchReturnArgs: [{index: 0, operator: Equal, values: [${values}]}]}]}]`;

const onSock = (operator: string, ...values: readonly string[]): string =>
  `{index: 0, operator: ${operator}, values: [${values.join(', ')}]}`;
/** Selectors of these filters. */
const sockets = (selectors: readonly string[]): string =>
  `kprobes: [{call: tcp_connect, syscall: false, args: [{index: 0, type: sock}], selectors: [${selectors.map((filters) => `{matchArgs: [${filters}]}`).join(', ')}]}]`;
const onNumber = (operator: string, values: string): string =>
  `{matchArgs: [{index: 0, operator: ${operator}, values: [${values}]}]}`;
const onText = (values: string): string =>
  `kprobes: [{call: sys_chdir, args: [{index: 0, type: string}], selectors: [{matchArgs: [{index: 0, operator: Equal, values: [${values}]}]}]}]`;
const capable = (operator: string, values: string): string =>
  `{matchCapabilities: [{type: Effective, operator: ${operator}, values: [${values}]}]}`;
const monitor = 'options: [{name: policy-mode, value: monitor}]';
const killedAtReturn = (filters: string): string =>
  `kprobes: [{call: sys_lseek, return: true, returnArg: {index: 0, type: int}, selectors: [{${filters}matchReturnActions: [{action: Sigkill}]}]}]`;
const flagField = (operator: string): string =>
  `{matchArgs: [{index: 7, operator: ${operator}, values: ["1"]}]}`;
const allCalls = 'lists: [{name: all, type: generated_syscalls}]';

/** Of the hook before one that has 77 in its first map. */
const numbers = (operator: string, value: string): string =>
  `kprobes: [{call: sys_lseek, args: [{index: 2, type: int}], selectors: [{matchArgs: [{index: 2, operator: ${operator}, values: ["${value}"]}]}]}, {call: sys_dup2, args: [{index: 1, type: int}], selectors: [{matchArgs: [{index: 1, operator: InMap, values: ["77"]}]}]}]`;

/** A code, a spec that it is said of, and one that it is not said of. */
export const lintExamples: readonly (readonly [code: DiagnosticCode, warned: string, fine: string])[] = [
  ['TR-never-matches', onFile('Equal', 'etc/passwd'), onFile('Equal', '/etc/passwd')],
  ['TR-never-matches', onFile('Equal', '/etc/'), onFile('Equal', '/etc')],
  ['TR-never-matches', onFile('Prefix', '/etc/../root/'), onFile('Prefix', '/root/')],
  ['TR-never-matches', onInt('InRange', '"9:1"'), onInt('InRange', '"1:9"')],
  ['TR-never-matches', onInt('Mask', '"0"'), onInt('Mask', '"1"')],
  ['TR-never-matches', onInt('GT', '"2147483647"'), onInt('GT', '"2147483646"')],
  [
    'TR-never-matches',
    kprobe(
      '{matchArgs: [{index: 0, operator: Equal, values: ["1"]}, {index: 0, operator: Equal, values: ["2"]}]}',
    ),
    kprobe(
      '{matchArgs: [{index: 0, operator: Equal, values: ["1"]}, {index: 0, operator: NotEqual, values: ["2"]}]}',
    ),
  ],
  [
    'TR-never-matches',
    kprobe(
      '{matchArgs: [{index: 1, operator: Equal, values: [/tmp/a]}, {index: 1, operator: Prefix, values: [/etc/]}]}',
    ),
    kprobe(
      '{matchArgs: [{index: 1, operator: Equal, values: [/tmp/a]}, {index: 1, operator: Prefix, values: [/tmp/]}]}',
    ),
  ],
  [
    'TR-never-matches',
    kprobe('{matchPIDs: [{operator: NotIn, values: [1]}, {operator: NotIn, values: [2]}]}'),
    kprobe('{matchPIDs: [{operator: NotIn, values: [1, 2]}]}'),
  ],
  ['TR-always-matches', onInt('NotInRange', '"9:1"'), onInt('NotInRange', '"1:9"')],
  ['TR-unreachable-selector', kprobe(`${second}, ${first}`), kprobe(`${first}, ${second}`)],
  ['TR-unreachable-selector', kprobe(`${first}, ${first}`), kprobe(first)],
  [
    'TR-unreachable-selector',
    kprobe(`${onPath('Prefix', '/etc/')}, ${onPath('Equal', '/etc/shadow')}`),
    kprobe(`${onPath('Equal', '/etc/shadow')}, ${onPath('Prefix', '/etc/')}`),
  ],
  [
    'TR-unreachable-selector',
    kprobe(`${onPath('NotEqual', '/a')}, ${onPath('Equal', '/b')}`),
    kprobe(`${onPath('NotEqual', '/a')}, ${onPath('Equal', '/a')}`),
  ],
  ...(
    [
      [onSock('DAddr', '10.0.0.0/8'), onSock('DAddr', '10.1.2.0/24')],
      [onSock('DPort', '"1:1024"'), onSock('DPort', '"22", "443"')],
      [onSock('NotDAddr', '127.0.0.0/8'), onSock('NotDAddr', '127.0.0.0/8', '10.0.0.0/8')],
      [onSock('Family', 'AF_INET', 'AF_INET6'), onSock('Family', 'AF_INET')],
      [onSock('State', '"1:5"'), `${onSock('State', '"2:9"')}, ${onSock('State', '"0:4"')}`],
    ] as const
  ).map(
    ([wide, narrow]) =>
      ['TR-unreachable-selector', sockets([wide, narrow]), sockets([narrow, wide])] as const,
  ),
  ...(
    [
      [onPath('NotEqual', '/etc/shadow'), onPath('NotPrefix', '/etc/')],
      [onPath('FileType', 'reg, dir'), onPath('FileType', 'reg')],
      [onPath('SubString', 'etc'), onPath('Prefix', '/etc/')],
      ['{matchPIDs: [{operator: In, values: [1, 2]}]}', '{matchPIDs: [{operator: In, values: [1]}]}'],
      ['{matchPIDs: [{operator: NotIn, values: [1]}]}', '{matchPIDs: [{operator: NotIn, values: [1, 2]}]}'],
      [capable('In', 'CAP_BPF, CAP_SYS_ADMIN'), capable('In', 'CAP_BPF')],
      [capable('NotIn', 'CAP_BPF'), capable('NotIn', 'CAP_BPF, CAP_SYS_ADMIN')],
      [onNumber('InRange', '"0:100"'), onNumber('InRange', '"10:20"')],
      [onNumber('InMap', '"0:100"'), onNumber('Equal', '"7"')],
      [onNumber('GT', '"-5"'), onNumber('InRange', '"-4:3"')],
      [onNumber('NotInMap', '"1"'), onNumber('Equal', '"7"')],
    ] as const
  ).map(
    ([wide, narrow]) =>
      ['TR-unreachable-selector', kprobe(`${wide}, ${narrow}`), kprobe(`${narrow}, ${wide}`)] as const,
  ),
  [
    'TR-never-matches',
    sockets([`${onSock('DPort', '"80"')}, ${onSock('DPort', '"443"')}`]),
    sockets([onSock('DPort', '"80"', '"443"')]),
  ],
  [
    'TR-never-matches',
    sockets([`${onSock('DAddr', '10.0.0.0/8')}, ${onSock('NotDAddr', '0.0.0.0/0')}`]),
    sockets([`${onSock('DAddr', '10.0.0.0/8')}, ${onSock('NotDAddr', '10.1.0.0/16')}`]),
  ],
  [
    'TR-unfiltered-enforcement',
    kprobe('{matchActions: [{action: Sigkill}]}'),
    kprobe('{matchBinaries: [{operator: In, values: [/usr/bin/cat]}], matchActions: [{action: Sigkill}]}'),
  ],
  ...[
    '{matchArgs: [{index: 0, operator: NotInRange, values: ["9:1"]}], matchActions: [{action: Sigkill}]}',
    '{matchArgs: [{index: 1, operator: Prefix, values: [""]}], matchActions: [{action: Sigkill}]}',
    '{matchBinaries: [{operator: In, values: []}], matchActions: [{action: Sigkill}]}',
  ].map((all) => ['TR-unfiltered-enforcement', kprobe(all), `${monitor}, ${kprobe(all)}`] as const),
  [
    'TR-unfiltered-enforcement',
    killedAtReturn(''),
    killedAtReturn('matchReturnArgs: [{index: 0, operator: LT, values: ["0"]}], '),
  ],
  [
    'TR-number-value',
    'kprobes: [{call: tcp_connect, syscall: false, args: [{index: 0, type: sock}], selectors: [{matchArgs: [{index: 0, operator: DPort, values: ["70000"]}]}]}]',
    'kprobes: [{call: tcp_connect, syscall: false, args: [{index: 0, type: sock}], selectors: [{matchArgs: [{index: 0, operator: DPort, values: ["7000"]}]}]}]',
  ],
  ['TR-number-value', onFlags('Equal', '"1"'), onFlags('Mask', '"1"')],
  ['TR-number-value', returned('"13"'), returned('"-13"')],
  ['TR-number-value', onMode('"4755"'), onMode('"04755"')],
  ['TR-number-value', onMode('"4000"'), onMode('"420"')],
  ['TR-number-value', returned('"111"'), returned('"-111"')],
  ['TR-number-value', returned('"0"').replace('Equal', 'GT'), returned('"0"').replace('Equal', 'LT')],
  [
    'TR-number-value',
    tracepoint('{index: 7, type: uint64}', flagField('Equal')).replace('lseek', 'openat'),
    tracepoint('{index: 7, type: uint64}', flagField('Mask')).replace('lseek', 'openat'),
  ],
  [
    'TR-never-matches',
    kprobe('{matchArgs: [{index: 0, operator: GT, values: ["5"]}, {index: 0, operator: LT, values: ["3"]}]}'),
    kprobe('{matchArgs: [{index: 0, operator: GT, values: ["3"]}, {index: 0, operator: LT, values: ["5"]}]}'),
  ],
  [
    'TR-never-matches',
    kprobe('{matchPIDs: [{operator: NotIn, values: [1], followForks: true}]}'),
    kprobe('{matchPIDs: [{operator: NotIn, values: [1]}]}'),
  ],
  [
    'TR-always-matches',
    kprobe('{matchPIDs: [{operator: In, values: [1], followForks: true}]}'),
    kprobe('{matchPIDs: [{operator: In, values: [1]}]}'),
  ],
  ['TR-always-matches', onFile('Prefix', '""'), onFile('Prefix', '/')],
  [
    'TR-pod-enforcement',
    kprobe(podKill, ', message: "no shells in pods"'),
    `podSelector: {}, ${kprobe(podKill, ', message: "no shells in pods"')}`,
  ],
  ['TR-pod-enforcement', kprobe(podKill, ', message: "no shells in pods"'), kprobe(podKill)],
  [
    'TR-pod-enforcement',
    kprobe(podKill, ', message: "no shells in pods"'),
    kprobe(
      podKill.replace('{', '{matchNamespaces: [{namespace: Pid, operator: NotIn, values: [host_ns]}], '),
      ', message: "no shells in pods"',
    ),
  ],
  ['TR-address-family', connect('DAddr', '10.0.0.1'), connect('DAddr', '10.0.0.1', '"::ffff:10.0.0.1"')],
  ['TR-address-family', connect('NotDAddr', '127.0.0.0/8'), connect('NotDAddr', '127.0.0.0/8', '"::1"')],
  [
    'TR-address-family',
    connect('DAddr', '10.0.0.1'),
    connect('DAddr', '10.0.0.1').replace(
      '{matchArgs: [',
      '{matchArgs: [{index: 0, operator: Family, values: [AF_INET]}, ',
    ),
  ],
  [
    'TR-address-family',
    connect('DAddr', '10.0.0.1'),
    connect('DAddr', '10.0.0.1').replace('tcp_connect', 'ip_output').replace('type: sock', 'type: skb'),
  ],
  ['TR-unresolved-path', onFile('Equal', '/bin/su'), onFile('Equal', '/usr/bin/su')],
  ['TR-unresolved-path', onFile('Equal', '/run/docker.sock'), onFile('Equal', '/run/docker.pid')],
  [
    'TR-unresolved-path',
    onFile('Equal', '/etc/shadow, /etc/ssh/'),
    onFile('Equal', '/etc/shadow, /etc/ssh/x'),
  ],
  [
    'TR-unresolved-path',
    onFile('Equal', '"/etc/shadow,/etc/passwd"'),
    onFile('Equal', '/etc/shadow, /etc/passwd'),
  ],
  ['TR-unresolved-path', onFile('Equal', '/proc/mounts'), onFile('Equal', '/proc/cmdline')],
  ['TR-unresolved-path', onText('"/etc/*"'), onText('"/etc/shadow"')],
  ['TR-unresolved-path', onText('"~/.ssh/"'), onText('"a*"')],
  ['TR-unresolved-path', onFile('Equal', '/usr/bin/vi'), onFile('Equal', '/usr/bin/vi, /usr/bin/vim.basic')],
  [
    'TR-unresolved-path',
    onFile('Equal', '/usr/bin/vi'),
    onFile('Equal', '/usr/bin/vi').replace('type: file', 'type: path'),
  ],
  ['TR-binary-path', binary('In', '"/usr/bin/cat "'), binary('In', '/usr/bin/cat')],
  ['TR-binary-path', binary('In', '/var/run/helper'), binary('In', '/run/helper')],
  [
    'TR-never-matches',
    kprobe(both('Prefix', '/etc/', 'Prefix', '/usr/')),
    kprobe(both('Prefix', '/etc/', 'Prefix', '/etc/ssh/')),
  ],
  [
    'TR-never-matches',
    kprobe(both('Postfix', '.so', 'Postfix', '.py')),
    kprobe(both('Postfix', '.so', 'Postfix', 'c.so')),
  ],
  [
    'TR-never-matches',
    kprobe(both('Prefix', '/etc/a/', 'NotPrefix', '/etc/')),
    kprobe(both('Prefix', '/etc/', 'NotPrefix', '/etc/a/')),
  ],
  ...(
    [
      [1, 'NotEqual', '/tmp/x', 'Prefix', '/etc/', '/tmp/'],
      [1, 'NotPrefix', '/tmp/x', 'Prefix', '/etc/', '/tmp/'],
      [0, 'GT', '"5"', 'Equal', '"7"', '"5"'],
      [0, 'GT', '"5"', 'GT', '"9"', '"4"'],
      [0, 'LT', '"9"', 'LT', '"5"', '"10"'],
      [0, 'Mask', '"7"', 'Mask', '"2"', '"8"'],
    ] as const
  ).map(([index, wide, of, narrow, within, beyond]) => {
    const after = (value: string): string =>
      kprobe(
        `{matchArgs: [{index: ${index}, operator: ${wide}, values: [${of}]}]}, {matchArgs: [{index: ${index}, operator: ${narrow}, values: [${value}]}]}`,
      );
    return ['TR-unreachable-selector', after(within), after(beyond)] as const;
  }),
  ['TR-unresolved-path', onFile('Prefix', '"~/.ssh/"'), onFile('Postfix', '/.ssh/id_rsa')],
  ['TR-unresolved-path', onFile('Equal', '"/etc/*.conf"'), onFile('Prefix', '/etc/')],
  ['TR-unresolved-path', onFile('Equal', '/proc/self/mem'), onFile('Equal', '/proc/kcore')],
  ...['followChildren: true', ''].map(
    (more) =>
      [
        'TR-exec-caller',
        'kprobes: [{call: sys_execve, selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}]}]',
        `kprobes: [{call: sys_execve, args: [{index: 0, type: string}], selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/cat], ${more}}]${more === '' ? ', matchArgs: [{index: 0, operator: Postfix, values: [/tac]}]' : ''}}]}]`,
      ] as const,
  ),
  [
    'TR-exec-caller',
    'kprobes: [{call: sys_execve, selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}]}]',
    'kprobes: [{call: sys_execve, args: [{index: 0, type: string}], selectors: [{matchArgs: [{index: 0, operator: Equal, values: [/usr/bin/cat]}]}]}]',
  ],
  [
    'TR-exec-caller',
    'lsmhooks: [{hook: bprm_check_security, selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}]}]',
    'tracepoints: [{subsystem: sched, event: sched_process_exec, selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/cat]}]}]}]',
  ],
  [
    'TR-filled-buffer',
    'kprobes: [{call: sys_read, args: [{index: 1, type: char_buf, sizeArgIndex: 3}]}]',
    'kprobes: [{call: sys_write, args: [{index: 1, type: char_buf, sizeArgIndex: 3}]}]',
  ],
  [
    'TR-filled-buffer',
    'kprobes: [{call: vfs_read, syscall: false, args: [{index: 1, type: char_buf, sizeArgIndex: 3}]}]',
    'kprobes: [{call: vfs_write, syscall: false, args: [{index: 1, type: char_buf, sizeArgIndex: 3}]}]',
  ],
  [
    'TR-filled-buffer',
    'tracepoints: [{subsystem: syscalls, event: sys_enter_read, args: [{index: 6, type: char_buf, sizeArgIndex: 8}]}]',
    'tracepoints: [{subsystem: syscalls, event: sys_enter_write, args: [{index: 6, type: char_buf, sizeArgIndex: 8}]}]',
  ],
  ['TR-volume', 'kprobes: [{call: fd_install, syscall: false}]', kprobe(first)],
  ['TR-volume', kprobe('{}'), kprobe('{matchActions: [{action: Post, rateLimit: "1m"}]}')],
  ['TR-volume', kprobe(`${first}, {}`), kprobe(`${first}, {matchActions: [{action: NoPost}]}`)],
  [
    'TR-volume',
    'tracepoints: [{subsystem: syscalls, event: sys_exit_read}]',
    'tracepoints: [{subsystem: syscalls, event: sys_exit_ptrace}]',
  ],
  [
    'TR-volume',
    'tracepoints: [{subsystem: sched, event: sched_switch}]',
    'tracepoints: [{subsystem: sched, event: sched_process_exec}]',
  ],
  [
    'TR-volume',
    `${allCalls}, kprobes: [{call: "list:all"}]`,
    `${allCalls}, kprobes: [{call: "list:all", selectors: [${first}]}]`,
  ],
  ['TR-prefix-slash', onFile('NotPrefix', '/etc'), onFile('NotPrefix', '/etc/')],
  ['TR-prefix-slash', onFile('NotPrefix', '/etc'), onFile('Prefix', '/etc')],
  ['TR-prefix-slash', onFile('NotPrefix', '/etc'), onFile('NotPrefix', '/etc/shadow')],
  ['TR-prefix-slash', binary('NotPrefix', '/usr/bin'), binary('NotPrefix', '/usr/bin/')],
  ['TR-prefix-slash', onFile('NotPostfix', 'passwd'), onFile('NotPostfix', '/passwd')],
  [
    'TR-prefix-slash',
    act(
      'sys_unlinkat',
      '{action: Sigkill}',
      'matchArgs: [{index: 1, operator: Prefix, values: [/var/lib]}], ',
    ),
    act('sys_unlinkat', '{action: Post}', 'matchArgs: [{index: 1, operator: Prefix, values: [/var/lib]}], '),
  ],
  [
    'TR-rate-limit',
    kprobe(`{matchActions: [{action: Post, rateLimitScope: global}]}`),
    kprobe(`{matchActions: [{action: Post, rateLimit: 1m, rateLimitScope: global}]}`),
  ],
  [
    'TR-rate-limit',
    kprobe(`{matchActions: [{action: Post, rateLimit: "0s", rateLimitScope: global}]}`),
    kprobe(`{matchActions: [{action: Post, rateLimit: "1s", rateLimitScope: global}]}`),
  ],
  [
    'TR-rate-scope',
    act('sys_openat', '{action: Post, rateLimit: 1m}'),
    act('sys_openat', '{action: Post, rateLimit: 1m, rateLimitScope: thread}'),
  ],
  [
    'TR-rate-scope',
    act('sys_openat', '{action: Post, rateLimit: 1m}'),
    act('sys_mount', '{action: Post, rateLimit: 1m}'),
  ],
  ['TR-unresolved-path', onFile('Prefix', '/bin'), onFile('Prefix', '/bin, /usr/bin')],
  ['TR-negated-pathless', onFile('NotPrefix', '/etc/'), onFile('Prefix', '/etc/')],
  [
    'TR-toctou',
    act(
      'sys_openat',
      '{action: Override, argError: -1}',
      'matchArgs: [{index: 1, operator: Equal, values: [/x]}], ',
    ),
    act('sys_openat', '{action: Override, argError: -1}'),
  ],
  [
    'TR-kill-effect',
    act('sys_unlinkat', '{action: Sigkill}'),
    act('sys_unlinkat', '{action: Override, argError: -1}, {action: Sigkill}'),
  ],
  [
    'TR-kill-effect',
    act('security_file_open', '{action: Sigkill}'),
    act('security_file_permission', '{action: Sigkill}'),
  ],
  [
    'TR-syscall-flag',
    'kprobes: [{call: sys_read, syscall: false}]',
    'kprobes: [{call: __sys_setuid, syscall: false}]',
  ],
  [
    'TR-syscall-variants',
    act('sys_delete_module', '{action: Override, argError: -1}'),
    act('sys_delete_module', '{action: Post}'),
  ],
  [
    'TR-syscall-variants',
    act('sys_delete_module', '{action: Override, argError: -1}'),
    `lists: [{name: l, type: syscalls, values: [sys_delete_module, i386/sys_delete_module]}], ${act('sys_x', '{action: Override, argError: -1}').replace('sys_x', '"list:l"')}`,
  ],
  [
    'TR-syscall-variants',
    'kprobes: [{call: sys_unshare}]',
    'kprobes: [{call: sys_unshare}, {call: sys_clone}, {call: sys_clone3}, {call: sys_fork}, {call: sys_vfork}]',
  ],
  [
    'TR-syscall-variants',
    'kprobes: [{call: sys_setns}]',
    'kprobes: [{call: sys_setns}, {call: create_new_namespaces, syscall: false}]',
  ],
  [
    'TR-syscall-variants',
    'kprobes: [{call: sys_ptrace}]',
    'kprobes: [{call: sys_ptrace}, {call: security_ptrace_access_check, syscall: false}]',
  ],
  ['TR-never-called', 'kprobes: [{call: sys_send}]', 'kprobes: [{call: sys_sendto}]'],
  ['TR-never-called', 'kprobes: [{call: sys_stat}]', 'kprobes: [{call: sys_newstat}]'],
  ['TR-never-called', 'kprobes: [{call: sys_setuid16}]', 'kprobes: [{call: sys_setuid}]'],
  ['TR-never-called', 'kprobes: [{call: sys_ipc}]', 'kprobes: [{call: __ia32_sys_ipc}]'],
  ['TR-syscall-variants', act('sys_openat', '{action: Post}'), 'kprobes: [{call: sys_lseek}]'],
  ['TR-syscall-variants', act('sys_sendfile64', '{action: Post}'), 'kprobes: [{call: sys_lseek}]'],
  [
    'TR-syscall-variants',
    'kprobes: [{call: tcp_connect, syscall: false}]',
    'kprobes: [{call: security_socket_connect, syscall: false}]',
  ],
  [
    'TR-syscall-variants',
    'kprobes: [{call: security_sb_mount, syscall: false}]',
    'kprobes: [{call: security_sb_mount, syscall: false}, {call: security_move_mount, syscall: false}]',
  ],
  [
    'TR-syscall-variants',
    'lsmhooks: [{hook: file_permission}]',
    'lsmhooks: [{hook: file_permission}, {hook: mmap_file}]',
  ],
  ['TR-binary-path', binary('In', 'cat'), binary('Postfix', 'cat')],
  ['TR-binary-path', binary('In', '"/usr/bin/cat /etc/shadow"'), binary('In', '/usr/bin/cat')],
  ['TR-binary-path', binary('In', '"/usr/bin/cat,/usr/bin/tac"'), binary('In', '/usr/bin/cat, /usr/bin/tac')],
  ['TR-binary-path', binary('In', '"/usr/bin/python*"'), binary('Prefix', '/usr/bin/python3.')],
  ['TR-binary-path', binary('In', '/usr/bin/../bin/cat'), binary('In', '/usr/bin/cat')],
  ['TR-binary-symlink', binary('In', '/bin/cat'), binary('In', '/usr/bin/cat')],
  ['TR-binary-symlink', binary('In', '/bin/cat'), binary('In', '/bin/cat, /usr/bin/cat')],
  ['TR-binary-symlink', binary('In', '/usr/bin/sh, /bin/dash'), binary('In', '/usr/bin/sh, /usr/bin/dash')],
  [
    'TR-binary-symlink',
    binary('In', '/usr/bin/python, /usr/bin/python3'),
    binary('In', '/usr/bin/python, /usr/bin/python3, /usr/bin/python3.13'),
  ],
  ['TR-binary-symlink', binary('In', '/usr/bin/python3'), binary('In', '/usr/bin/python3.13')],
  ['TR-binary-script', binary('In', '/opt/run.sh'), binary('In', '/opt/run')],
  [
    'TR-ignored-values',
    kprobe('{matchPIDs: [{operator: In, values: [1, 2, 3, 4, 5]}]}'),
    kprobe('{matchPIDs: [{operator: In, values: [1, 2, 3, 4]}]}'),
  ],
  [
    'TR-pid-zero',
    kprobe('{matchPIDs: [{operator: NotIn, values: [0, 1], isNamespacePID: true, followForks: true}]}'),
    kprobe('{matchPIDs: [{operator: NotIn, values: [1], isNamespacePID: true, followForks: true}]}'),
  ],
  ['TR-lsm-no-selector', 'lsmhooks: [{hook: file_open}]', 'lsmhooks: [{hook: file_open, selectors: [{}]}]'],
  [
    'TR-override-no-effect',
    tracepoint('{index: 7, type: uint64}', '{matchActions: [{action: Override, argError: -1}]}'),
    tracepoint('{index: 7, type: uint64}', '{}'),
  ],
  [
    'TR-override-no-effect',
    'kprobes: [{call: vfs_read, syscall: false, return: true, returnArg: {index: 0, type: int}, selectors: [{matchReturnActions: [{action: Override, argError: -1}]}]}]',
    act('sys_mount', '{action: Override, argError: -1}'),
  ],
  [
    'TR-action',
    act('sys_mount', '{action: Set, argIndex: 0, argValue: 1}'),
    act('sys_mount', '{action: Post}'),
  ],
  [
    'TR-override-error',
    act('sys_mount', '{action: Override, argError: 1}'),
    act('sys_mount', '{action: Override, argError: -1}'),
  ],
  [
    'TR-override-error',
    'lsmhooks: [{hook: file_open, selectors: [{matchActions: [{action: Override, argError: -13}]}]}]',
    'lsmhooks: [{hook: file_open, selectors: [{matchActions: [{action: Override, argError: -1}]}]}]',
  ],
  ['TR-signal-zero', act('sys_mount', '{action: Signal}'), act('sys_mount', '{action: Signal, argSig: 10}')],
  [
    'TR-arg-label',
    tracepoint('{index: 7, type: uint64, label: x}', '{}'),
    tracepoint('{index: 7, type: uint64}', '{}'),
  ],
  [
    'TR-tracepoint-common',
    tracepoint('{index: 0, type: uint16}', '{}'),
    tracepoint('{index: 7, type: uint64}', '{}'),
  ],
  [
    'TR-tracepoint-type',
    tracepoint('{index: 7, type: fd}', '{}'),
    tracepoint('{index: 7, type: int32}', '{}'),
  ],
  ['TR-uprobe-symbols', 'uprobes: [{path: /b, symbols: [a, b]}]', 'uprobes: [{path: /b, symbols: [a]}]'],
  [
    'TR-filter-offset',
    'kprobes: [{call: sys_write, args: [{index: 1, type: char_buf, sizeArgIndex: 3}, {index: 2, type: size_t}], selectors: [{matchArgs: [{index: 2, operator: GT, values: ["9"]}]}]}]',
    'kprobes: [{call: sys_write, args: [{index: 2, type: size_t}, {index: 1, type: char_buf, sizeArgIndex: 3}], selectors: [{matchArgs: [{index: 2, operator: GT, values: ["9"]}]}]}]',
  ],
  ['TR-shared-maps', two(first, second), `${two(first, second)}, ${single}`],
  ['TR-shared-maps', two(second, first), two(first, first)],
  ['TR-shared-maps', numbers('InMap', '1'), numbers('InMap', '77')],
  ['TR-shared-maps', numbers('InMap', '1'), numbers('Equal', '1')],
  [
    'TR-track-sock',
    'kprobes: [{call: sk_alloc, syscall: false, return: true, returnArg: {index: 0, type: sock}, returnArgAction: TrackSock}]',
    'kprobes: [{call: sk_alloc, syscall: false, return: true, returnArg: {index: 0, type: sock}, returnArgAction: TrackSock}, {call: __sk_free, syscall: false, args: [{index: 0, type: sock}], selectors: [{matchActions: [{action: UntrackSock, argSock: 0}]}]}]',
  ],
  [
    'TR-mode-shown',
    'kprobes: [{call: sys_lseek, return: true, returnArg: {index: 0, type: int}, selectors: [{matchReturnActions: [{action: Sigkill}]}]}]',
    'kprobes: [{call: sys_lseek, return: true, returnArg: {index: 0, type: int}, selectors: [{matchActions: [{action: Sigkill}]}]}]',
  ],
  ['TR-needs-kubernetes', `${kprobe('')}, podSelector: {}`, `${kprobe('')}, hostSelector: {}`],
  [
    'TR-needs-parents-map',
    kprobe('{matchParentBinaries: [{operator: In, values: [/usr/bin/bash]}]}'),
    binary('In', '/usr/bin/bash'),
  ],
  [
    'TR-kernel-override',
    act('sys_mount', '{action: Override, argError: -1}'),
    act('sys_mount', '{action: Post}'),
  ],
  ['TR-kernel-enforcer', 'enforcers: [{calls: [sys_dup]}]', 'enforcers: [{calls: [security_file_open]}]'],
  ['TR-kernel-function', 'kprobes: [{call: sys_getpid}]', 'kprobes: [{call: sys_getpgid}]'],
  ['TR-kernel-function', 'kprobes: [{call: sys_bogus}]', 'kprobes: [{call: sys_openat2}]'],
];
