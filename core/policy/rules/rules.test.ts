/** Each rule with what it refuses, warns of and lets pass. */
import { describe, expect, test } from 'vitest';
import { parsePolicyFile } from '../parse.ts';
import { kprobe, policyText } from '../testing.ts';

/** Codes of the findings; a warning's in brackets. */
function codes(spec: string, kind?: string): string[] {
  const { diagnostics } = parsePolicyFile(policyText(spec, kind), 'p.yaml');
  return diagnostics.map(({ code, severity }) => (severity === 'error' ? code : `(${code})`)).sort();
}

const hook = (fields: string): string => `kprobes: [{call: fd_install, syscall: false, ${fields}}]`;
const arg = (fields: string): string => hook(`args: [{index: 0, type: int, ${fields}}]`);
const uprobe = (fields: string): string => `uprobes: [{path: /bin/bash, ${fields}}]`;
const regs = (list: string): string =>
  uprobe(`symbols: [main], selectors: [{matchActions: [{action: Override, argRegs: [${list}]}]}]`);
const act = (actions: string): string => kprobe(`{matchActions: [${actions}]}`);
const pids = (count: number): string =>
  kprobe(`{matchPIDs: [{operator: In, values: [${Array(count).fill(1).join(',')}]}]}`);
const inMacro = (hooks: string, action: string): string =>
  `${hooks}, selectorsMacros: {m: {matchActions: [${action}]}}`;
const filter = '{index: 0, operator: Equal, values: ["1"]}';

/** So many times field 5, one of them with this sizeArgIndex. */
const tracepoint = (count: number, size: number): string =>
  `tracepoints: [{subsystem: s, event: e, args: [{index: 5, type: char_buf, sizeArgIndex: ${size}}${', {index: 5, type: uint64}'.repeat(count - 1)}]}]`;

type Row = readonly [spec: string, codes: readonly string[]];

const tables: Readonly<Record<string, readonly Row[]>> = {
  sections: [
    ['', ['(TR-no-hooks)']],
    ['loader: true', []],
    [`${kprobe('')}, loader: true`, []],
    [`${kprobe('')}, lsmhooks: [{hook: file_open}]`, ['TR-several-sections']],
    [`${kprobe('')}, lsmhooks: []`, []],
  ],
  loader: [
    ['loader: true, podSelector: {}', ['TR-loader']],
    ['loader: true, nodeSelector: {}', []],
  ],
  selectors: [
    [kprobe(Array(5).fill('{}').join(',')), []],
    [kprobe(Array(6).fill('{}').join(',')), ['TR-too-many-selectors']],
    [kprobe(`{matchArgs: [${Array(6).fill(filter).join(',')}]}`), ['TR-too-many-filters']],
    [act(Array(3).fill('{action: Post}').join(',')), []],
    [act(Array(4).fill('{action: Post}').join(',')), ['TR-too-many-actions']],
    [pids(980), []],
    [pids(1100), ['TR-filter-values']],
    [kprobe('{matchPIDs: [{operator: In, values: [1, -1]}]}'), ['TR-out-of-range']],
    [
      kprobe(`{matchNamespaceChanges: [{operator: In, values: [Mnt]}, {operator: In, values: [Uts]}]}`),
      ['TR-too-many-filters'],
    ],
  ],
  arguments: [
    [arg('label: x'), []],
    [hook('args: [{index: 4, type: int}]'), []],
    [hook('args: [{index: 5, type: int}]'), ['TR-arg-index']],
    [hook(`args: [${Array(6).fill('{index: 0, type: int}').join(',')}]`), ['TR-too-many-args']],
    [hook('args: [{index: 0}]'), ['TR-arg-type']],
    [hook('args: [{index: 0, type: syscall64}]'), ['TR-arg-type']],
    [hook('args: [{index: -1, type: int}]'), ['TR-out-of-range']],
    [arg('source: current_task'), ['TR-arg-source']],
    [hook('data: [{index: 0, type: int}]'), ['TR-arg-source']],
    [hook('data: [{index: 0, type: int, source: current_task}]'), ['TR-arg-source']],
    [hook('data: [{index: 0, type: int, source: current_task, resolve: cred.uid.val}]'), []],
    [hook('data: [{index: 0, type: uint32, source: pt_regs, resolve: rax}]'), []],
    ['tracepoints: [{subsystem: syscalls, event: sys_enter_open, args: [{index: 5}]}]', []],
    ['tracepoints: [{subsystem: s, event: e, raw: true, args: [{index: 5, type: int}]}]', ['(TR-arg-index)']],
    ['tracepoints: [{subsystem: s, event: e, raw: true, args: [{index: 6, type: int}]}]', ['TR-arg-index']],
    ['tracepoints: [{subsystem: s, event: e, raw: true, args: [{index: 0}]}]', ['TR-arg-type']],
    ['tracepoints: [{subsystem: s, event: e, args: [{index: 5, type: const_buf}]}]', ['TR-arg-type']],
    ['usdts: [{path: /b, provider: p, name: nm, args: [{index: 11, type: int}]}]', []],
    ['usdts: [{path: /b, provider: p, name: nm, args: [{index: 12, type: int}]}]', ['TR-arg-index']],
    ['usdts: [{path: /b, provider: p, name: nm, args: [{index: 0}]}]', ['(TR-arg-type)']],
    [hook('data: [{index: 0, type: uint32, source: pt_regs, resolve: r15d}]'), []],
    [hook('data: [{index: 0, type: uint32, source: pt_regs, resolve: xmm0}]'), ['TR-arg-resolve']],
    [hook('data: [{index: 0, source: pt_regs, resolve: rax}]'), ['TR-arg-type']],
    [hook('data: [{index: 0, source: current_task, resolve: pid}]'), []],
    [hook('args: [{index: 0, type: nop}]'), []],
    ['tracepoints: [{subsystem: s, event: e, args: [{index: 5, type: nop}]}]', ['TR-arg-type']],
    ['tracepoints: [{subsystem: s, event: e, args: [{index: 5, type: bpf_cmd}]}]', []],
    ['lsmhooks: [{hook: bpf, args: [{index: 0, type: bpf_cmd}]}]', ['TR-arg-type']],
    [uprobe('symbols: [main], args: [{index: 0, type: bpf_cmd}]'), ['TR-arg-type']],
    [tracepoint(5, 8), ['TR-too-many-args']],
    [tracepoint(4, 8), []],
    [tracepoint(5, 6), []],
  ],
  buffers: [
    [hook('args: [{index: 1, type: char_buf, sizeArgIndex: 3}]'), []],
    [hook('args: [{index: 1, type: char_buf}]'), ['(TR-arg-size)']],
    [hook('args: [{index: 1, type: char_buf, sizeArgIndex: 6}]'), ['(TR-arg-size)']],
    [hook('args: [{index: 1, type: char_buf, sizeArgIndex: 16}]'), ['TR-arg-size']],
    [hook('args: [{index: 1, type: char_buf, returnCopy: true, maxData: true}]'), ['(TR-arg-size)']],
    [arg('maxData: true'), ['(TR-arg-size)']],
    [arg('sizeArgIndex: 1'), ['(TR-arg-size)']],
    [
      hook('data: [{index: 0, type: int, source: current_task, resolve: pid, sizeArgIndex: 16}]'),
      ['TR-arg-size'],
    ],
  ],
  resolve: [
    [arg('resolve: mm.owner.comm'), []],
    [arg('resolve: "[1].a"'), []],
    [arg('resolve: "a[3].b"'), []],
    [arg('resolve: my..field'), ['TR-arg-resolve']],
    [arg('resolve: "a.[1]"'), ['TR-arg-resolve']],
    [arg('resolve: "a[]"'), ['TR-arg-resolve']],
    [arg('resolve: "a[1"'), ['TR-arg-resolve']],
    [arg(`resolve: ${Array(11).fill('a').join('.')}`), ['TR-arg-resolve']],
  ],
  returns: [
    [hook('return: true, returnArg: {index: 0, type: int}'), []],
    [hook('return: true'), ['TR-schema-rule']],
    [hook('return: true, returnArg: {index: 0}'), ['TR-return-arg']],
    [hook('return: true, returnArg: {index: 0, type: bpf_cmd}'), ['TR-return-arg']],
    [hook('returnArgAction: Post'), ['TR-return-arg']],
    [hook('returnArg: {index: 0, type: int}'), ['(TR-return-arg)']],
    [hook('return: true, returnArg: {index: 0, type: sock}, returnArgAction: tracksock'), []],
    [hook('return: true, returnArg: {index: 0, type: sock}, returnArgAction: Post'), ['TR-return-arg']],
    [hook(`selectors: [{matchReturnArgs: [${filter}]}]`), ['(TR-return-arg)']],
    [`lsmhooks: [{hook: file_open, selectors: [{matchReturnArgs: [${filter}]}]}]`, ['TR-return-arg']],
  ],
  'return side without return': [
    [kprobe(`{matchReturnArgs: [${Array(6).fill(filter).join(',')}]}`), ['(TR-return-arg)']],
    [kprobe(`{matchReturnActions: [${Array(4).fill('{action: Post}').join(',')}]}`), ['(TR-return-arg)']],
  ],
  texts: [
    [hook('tags: [ab], message: hello'), []],
    [hook('tags: [""]'), ['TR-tag']],
    [hook('tags: [a]'), ['TR-tag']],
    [hook('tags: [é]'), []],
    [hook(`tags: [${'a'.repeat(129)}]`), ['(TR-tag)']],
    [hook(`tags: [${Array(17).fill('ab').join(',')}]`), ['TR-too-many-items']],
    [hook('message: a'), ['TR-message']],
    [hook('message: ""'), []],
    [hook(`message: ${'a'.repeat(257)}`), ['(TR-message)']],
  ],
  options: [
    [`${kprobe('')}, options: [{name: policy-mode, value: monitor}]`, []],
    [`${kprobe('')}, options: [{name: policy-mode, value: audit}]`, ['TR-option']],
    [`${kprobe('')}, options: [{name: disable-kprobe-multi, value: "1"}]`, []],
    [`${kprobe('')}, options: [{name: disable-kprobe-multi, value: "yes"}]`, ['TR-option']],
    [`${kprobe('')}, options: [{name: disable-kprobe-multi}]`, ['TR-option']],
    [`${kprobe('')}, options: [{name: sleepable-preload-size, value: "0"}]`, ['TR-option']],
    [`${kprobe('')}, options: [{name: override-method, value: bpf-override}]`, ['TR-option']],
    [`${kprobe('')}, options: [{name: policymode, value: x}]`, ['(TR-option-unknown)']],
  ],
  lists: [
    [
      'kprobes: [{call: "list:l"}], lists: [{name: l, type: syscalls, values: [sys_dup, i386/sys_dup, __x64_sys_dup2]}]',
      [],
    ],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: syscalls, values: [dup]}]', ['TR-list-syscall']],
    [
      'kprobes: [{call: "list:l"}], lists: [{name: l, type: syscalls, values: [__foo_dup]}]',
      ['TR-list-syscall'],
    ],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: generated_syscalls}]', []],
    [
      'kprobes: [{call: "list:l"}], lists: [{name: l, type: generated_syscalls, values: [sys_dup]}]',
      ['TR-list'],
    ],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: generated_ftrace}]', ['TR-list']],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: generated_ftrace, pattern: "^ksys_"}]', []],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: generated_ftrace, pattern: "["}]', ['TR-list']],
    ['kprobes: [{call: "list:m"}], lists: [{name: l, type: generated_syscalls}]', ['TR-list']],
    ['kprobes: [{call: "list:l"}], lists: [{name: l, type: functions}]', ['TR-unknown-value']],
  ],
  'lists that are not hooked': [
    [`${kprobe('')}, lists: [{name: l, type: syscalls, values: [dup]}]`, ['(TR-list-syscall)']],
  ],
  calls: [
    ['kprobes: [{call: sys_read}, {call: sys_write}]', []],
    ['kprobes: [{call: fd_install}]', ['TR-call']],
    ['kprobes: [{call: fd_install, ignore: {callNotFound: true}}]', ['(TR-call)']],
    [
      'kprobes: [{call: sys_read}, {call: sys_read}], options: [{name: disable-kprobe-multi, value: "1"}]',
      [],
    ],
    ['fentries: [{call: sys_read}, {call: sys_read}]', []],
    ['tracepoints: [{subsystem: "", event: x}]', ['TR-tracepoint-name']],
    ['lsmhooks: [{hook: security_file_open}]', ['TR-lsm-hook']],
    ['lsmhooks: [{hook: file_open}, {hook: file_open}]', []],
    ['usdts: [{path: /b, provider: "", name: nm}]', ['TR-usdt-name']],
  ],
  uprobes: [
    [uprobe('symbols: [main, main+0x10]'), []],
    [uprobe('symbols: [main+10]'), []],
    [uprobe('symbols: [main+x]'), ['TR-uprobe-place']],
    [uprobe('symbols: [a+1+2]'), ['TR-uprobe-place']],
    [uprobe('offsets: [16], refCtrOffsets: [8]'), []],
    [uprobe('offsets: [16], refCtrOffsets: [8, 9]'), ['TR-uprobe-place']],
    [uprobe('btfPath: /x'), ['TR-uprobe-place']],
    [uprobe('symbols: [main], offsets: [16]'), ['TR-schema-rule']],
    [uprobe(`symbols: [main], binaryDigests: ["SHA256:${'ab'.repeat(32)}"]`), []],
    [uprobe('symbols: [main], binaryDigests: ["md5:ab"]'), ['TR-uprobe-digest']],
    [uprobe('symbols: [main], binaryDigests: ["sha1:xyz"]'), ['TR-uprobe-digest']],
    [uprobe(`symbols: [main], binaryDigests: [" SHA1 : ${'ab'.repeat(20)}"]`), []],
    [uprobe('symbols: [main], return: true'), ['TR-schema-rule']],
    ['uprobes: [{path: /b, symbols: [a]}, {path: /b, offsets: [4]}]', ['TR-uprobe-place']],
    ['uprobes: [{path: /b, symbols: [a]}, {path: /c, offsets: [4]}]', []],
    [
      'uprobes: [{path: /b, symbols: [a]}, {path: /b, offsets: [4]}], options: [{name: disable-uprobe-multi, value: t}]',
      [],
    ],
    [regs('rax=0, "rip=(%rsp)", "rsp=8%rsp", "rdi=0x8(%rsp)", "rsi=%rdi"'), []],
    [regs('rax'), ['TR-override']],
    [regs('foo=1'), ['TR-override']],
    [regs('"rax=%foo"'), ['TR-override']],
    [regs('rax=x'), ['TR-override']],
    [
      uprobe('symbols: [main], selectors: [{matchActions: [{action: Override}, {action: Override}]}]'),
      ['TR-override'],
    ],
  ],
  enforcers: [
    [
      `${act('{action: NotifyEnforcer, argError: -1}')}, enforcers: [{calls: [sys_dup, security_file_open]}]`,
      [],
    ],
    [act('{action: NotifyEnforcer, argError: -1}'), ['TR-notify-enforcer']],
    ['enforcers: [{calls: [sys_dup]}, {calls: [sys_dup2]}]', ['TR-enforcer']],
    ['enforcers: [{calls: [fd_install]}]', ['TR-enforcer']],
    ['enforcers: [{calls: ["list:l"]}]', ['TR-list']],
    [
      'enforcers: [{calls: [security_file_open]}], options: [{name: override-method, value: override-return}]',
      ['TR-enforcer'],
    ],
  ],
  macros: [
    [`${kprobe('{macros: [m]}')}, selectorsMacros: {m: {matchArgs: [${filter}]}}`, []],
    [kprobe('{macros: [m]}'), ['TR-macro']],
    [`${kprobe('{macros: [m]}')}, selectorsMacros: {m: {macros: [other]}}`, ['TR-macro']],
    [
      `${kprobe(`{macros: [m], matchArgs: [${filter}]}`)}, selectorsMacros: {m: {matchArgs: [${filter}]}}`,
      ['TR-macro'],
    ],
    [inMacro(kprobe('{macros: [m]}'), '{action: Sigkill, userStackTrace: true}'), ['(TR-stack-trace)']],
    [inMacro(kprobe('{macros: [m]}'), '{action: NotifyEnforcer}'), ['(TR-notify-enforcer)']],
    [
      inMacro(
        'tracepoints: [{subsystem: s, event: e, selectors: [{macros: [m]}]}]',
        '{action: NotifyEnforcer}',
      ),
      ['TR-notify-enforcer'],
    ],
    [
      inMacro('fentries: [{call: sys_read, selectors: [{macros: [m]}]}]', '{action: Sigkill}'),
      ['(TR-fentry-enforcement)'],
    ],
    [
      inMacro('lsmhooks: [{hook: file_open, selectors: [{macros: [m]}]}]', '{action: GetUrl}'),
      ['TR-lsm-action'],
    ],
    [`${kprobe('{macros: [m]}')}, selectorsMacros: {m: {matchWorkloads: {podSelector: {}}}}`, ['(TR-macro)']],
  ],
  binaries: [
    [kprobe(`{matchBinaries: [{operator: In, values: [/${'a'.repeat(254)}]}]}`), []],
    [kprobe(`{matchBinaries: [{operator: In, values: [/${'a'.repeat(255)}]}]}`), ['TR-binary']],
    [kprobe(`{matchBinaries: [{operator: Postfix, values: [${'a'.repeat(128)}]}]}`), ['TR-binary']],
    [kprobe('{matchBinaries: [{operator: Prefix, values: [/usr/], followChildren: true}]}'), ['TR-binary']],
    [kprobe('{matchBinaries: [{operator: NotIn, values: [/usr/bin/cat], followChildren: true}]}'), []],
    [kprobe('{matchBinaries: [{operator: In, values: []}]}'), ['(TR-binary)']],
    [kprobe('{matchBinaries: [{operator: Prefix, values: [], followChildren: true}]}'), ['(TR-binary)']],
  ],
  actions: [
    [act('{action: Post, kernelStackTrace: true}'), []],
    [act('{action: Sigkill, kernelStackTrace: true}'), ['TR-stack-trace']],
    [
      'fentries: [{call: sys_read, selectors: [{matchActions: [{action: Sigkill}]}]}]',
      ['TR-fentry-enforcement'],
    ],
    [
      'lsmhooks: [{hook: file_open, selectors: [{matchActions: [{action: GetUrl, argUrl: x}]}]}]',
      ['TR-lsm-action'],
    ],
    [
      uprobe('symbols: [main], selectors: [{matchActions: [{action: DnsLookup, argFqdn: x}]}]'),
      ['TR-action-place'],
    ],
    [act('{action: Override, argNewSymbol: a, argNewAddr: 1}'), ['TR-schema-rule']],
  ],
  workloads: [
    [`${kprobe('')}, podSelector: {matchLabels: {app: web}}`, []],
    [`${kprobe('')}, podSelector: {matchLabels: {app: "-"}}`, ['TR-bad-format']],
    [`${kprobe('')}, podSelector: {matchExpressions: [{key: app, operator: In}]}`, ['TR-workload']],
    [
      `${kprobe('')}, podSelector: {matchExpressions: [{key: app, operator: Exists, values: [a]}]}`,
      ['TR-workload'],
    ],
    [
      `${kprobe('')}, containerSelector: {matchExpressions: [{key: image, operator: Exists}]}`,
      ['TR-workload'],
    ],
    [`${kprobe('')}, hostSelector: {}`, []],
    [`${kprobe('')}, hostSelector: {matchLabels: {}}`, ['TR-schema-rule']],
  ],
};

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  test.each(rows.map(([spec, expected]) => ({ spec, expected })))('$spec', ({ spec, expected }) => {
    expect(codes(spec)).toEqual(expected);
  });
});

describe('TracingPolicyNamespaced', () => {
  test.each([
    [kprobe(''), []],
    [uprobe('symbols: [main]'), ['TR-namespaced-section']],
    [`${kprobe('')}, hostSelector: {}`, ['TR-schema-rule']],
  ])('%s', (spec, expected) => {
    expect(codes(spec, 'TracingPolicyNamespaced')).toEqual(expected);
  });
});
