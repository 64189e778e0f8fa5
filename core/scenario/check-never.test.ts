import { describe, expect, it } from 'vitest';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import { eventsOf, hasRecordings, recordedCases } from '../../test/recordings.ts';
import { bodyOf, kindOf } from '../events/parse.ts';
import { checkNever } from './check-never.ts';
import { parseScenario } from './parse.ts';

const policy = (spec: string): string =>
  `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: guard}\nspec: ${spec}\n`;
const kprobes = policy(
  `{kprobes: [
    {call: fd_install, syscall: false, message: hands off, tags: [observability.x], args: [{index: 0, type: int}, {index: 1, type: file}]},
    {call: sys_dup, syscall: true, return: true, args: [{index: 0, type: fd}], returnArg: {index: 0, type: int}}]}`,
);
const tracepoints = policy(
  `{tracepoints: [{subsystem: sched, event: sched_process_exec, args: [{index: 4, type: string}]}]}`,
);
const lsmhooks = policy(`{lsmhooks: [{hook: file_open, args: [{index: 0, type: file}], selectors: [{}]}]}`);

const scenario = (events: string): string =>
  `name: n\npolicies: []\nsteps: [{run: x, expect: {events: {${events}}}}]\n`;

function said(events: string, ...policies: string[]): string[] {
  const { scenario: read, diagnostics } = parseScenario(scenario(events), 's');
  const loaded = policies.map((text) => loadPolicies(text, 'p', anyKernel));
  const plans = loaded.flatMap((one) => one.plans);
  expect(loaded.flatMap((one) => one.diagnostics).filter((one) => one.severity === 'error')).toEqual([]);
  const found = [...diagnostics, ...(read === undefined ? [] : checkNever(read, plans))];
  return found.map(({ code, message, didYouMean }) => `${code} ${message} ${didYouMean ?? ''}`.trimEnd());
}

describe('an event that is not to come and that no hook sends', () => {
  it.each([
    ['{process_kprobe: {function_name: fd_instal}}', 'function_name "fd_instal"'],
    ['{process_kprobe: {function_name: /^do_/}}', 'function_name "/^do_/"'],
    ['{process_kprobe: {function_name: null}}', 'function_name null'],
    ['{process_kprobe: {policy_name: other}}', 'policy_name "other"'],
    ['{process_kprobe: {message: other}}', 'message "other"'],
    ['{process_kprobe: {tags: [a, b]}}', 'tags ["a","b"]'],
    ['{process_kprobe: {function_name: fd_install, args: [{file_arg: {}}]}}', 'all of function_name, args'],
    [
      '{process_kprobe: {function_name: fd_install, args: [{int_arg: 1}, {path_arg: {}}]}}',
      'all of function_name, args',
    ],
    ['{process_kprobe: {function_name: fd_install, return: {int_arg: 1}}}', 'all of function_name, return'],
    ['{process_lsm: {}}', 'no hook of the policies sends process_lsm events'],
    ['{process_throttle: {}}', 'no hook of the policies sends process_throttle events'],
    ['{process_loader: {}}', 'no policy has `loader: true`'],
  ])('%s', (pattern, words) => {
    for (const events of [
      `absent: [${pattern}]`,
      `count: [{event: ${pattern}, times: 0}]`,
      `count: [{event: ${pattern}, max: 2}]`,
    ]) {
      const [first, ...more] = said(events, kprobes);
      expect(first).toContain('TR-scenario-never');
      expect(first).toContain(words);
      expect(more).toEqual([]);
    }
    // One that is to come is red by itself, with what came instead.
    expect(said(`present: [${pattern}]`, kprobes)).toEqual([]);
    expect(said(`count: [{event: ${pattern}, times: 1}]`, kprobes)).toEqual([]);
  });

  it.each([
    '{process_kprobe: {}}',
    '{process_kprobe: {function_name: fd_install, policy_name: guard, message: hands off, tags: [observability.x]}}',
    '{process_kprobe: {function_name: /^fd_/, action: KPROBE_ACTION_SIGKILL}}',
    '{process_kprobe: {message: ""}}',
    '{process_kprobe: {function_name: __x64_sys_dup, return: {int_arg: 3}}}',
    '{process_kprobe: {args: [{int_arg: 3, label: x}, {error_arg: {}}]}}',
    // What stands behind a descriptor that is none may be lost.
    '{process_kprobe: {function_name: __x64_sys_dup, args: []}}',
    '{process_exec: {process: {binary: /x}}}',
    '{process_exit: {signal: SIGKILL}}',
  ])('is not one that a hook may send: %s', (pattern) => {
    expect(said(`absent: [${pattern}]`, kprobes)).toEqual([]);
  });

  it('is found in policies of several kinds', () => {
    expect(said('absent: [{process_lsm: {function_name: file_open}}]', kprobes, lsmhooks)).toEqual([]);
    expect(said('absent: [{process_tracepoint: {subsys: sched, args: [{}, {}]}}]', tracepoints)).toEqual([]);
    expect(said('absent: [{process_tracepoint: {event: sched_process_exit}}]', tracepoints)[0]).toMatch(
      /event "sched_process_exit".* sched_process_exec$/,
    );
  });
});

describe('a pattern', () => {
  it.each([
    ['{process_exec: {process: {binary: cat}}}', 'TR-scenario-value "cat" is no absolute path'],
    ['{process_exec: {process: {binary: "^cat"}}}', 'TR-scenario-value "^cat" is compared as a text'],
    [
      '{process_exec: {process: {binary: "/usr/*"}}}',
      'TR-scenario-plain-text "/usr/*" is compared as a text',
    ],
    ['{process_exec: {process: {pid: any}}}', 'pid is a number in events, not the text "any"'],
    ['{process_exec: {process: {arguments: [x]}}}', 'arguments is a text in events, not a list'],
    ['{process_exec: {process: /usr/bin/cat}}', 'process is a map in events, not the text "/usr/bin/cat"'],
    ['{process_exec: {process: {in_init_tree: "yes"}}}', 'in_init_tree is a truth value in events'],
    ['{process_exec: {process: {ns: {mnt: {inm: 1}}}}}', 'events have no key "inm" there'],
    ['{process_exec: {ancestors: [{binry: /x}]}}', 'events have no key "binry" there'],
    ['{process_exit: {signal: 9}}', 'no signal is named "9" in events SIGKILL'],
    ['{process_exit: {signal: sigkill}}', 'no signal is named "sigkill" in events SIGKILL'],
    ['{process_exit: {signal: SIGRTMAX}}', 'no signal is named "SIGRTMAX" in events SIGRTMIN+30'],
    ['{process_kprobe: {args: {int_arg: 1}}}', 'args is a list in events, not a map'],
    ['{process_kprobe: {args: [{strng_arg: x}]}}', 'events have no key "strng_arg" there'],
    ['{process_kprobe: {args: [{file_arg: {pth: x}}]}}', 'events have no key "pth" there'],
    ['{process_kprobe: {tags: a}}', 'tags is a list in events, not the text "a"'],
  ])('fits no event: %s', (pattern, words) => {
    expect(said(`present: [${pattern}]`).join('\n')).toContain(words);
  });

  it.each([
    '{process_exec: {process: {pid: "/^1/", uid: "0", binary: <kernel>, cap: {effective: [CAP_CHOWN]}}}}',
    '{process_exec: {process: {arguments: 3, docker: null, binary: ""}, parent: {}}}',
    '{process_exit: {signal: "", status: 1}}',
    '{process_exit: {signal: /KILL|TERM/}}',
    '{process_kprobe: {args: [{size_arg: 8}, {syscall_id: {id: 1}}, {bpf_cmd_arg: BPF_MAP_CREATE}]}}',
  ])('may fit: %s', (pattern) => {
    expect(said(`present: [${pattern}]`)).toEqual([]);
  });

  it.skipIf(!hasRecordings)('may be any recorded event', () => {
    const found = new Set<string>();
    for (const recorded of recordedCases())
      for (const event of eventsOf(recorded)) {
        const events = `present: [${JSON.stringify({ [kindOf(event)]: bodyOf(event) })}]`;
        for (const line of said(events)) found.add(line.replace(/ .*\]\.process_kprobe/, ''));
      }
    // Which security path a packet took is shown by no backend.
    expect([...found].filter((line) => !/sec_path|TR-scenario-(regex|plain-text)/.test(line))).toEqual([]);
  });
});

describe('an expectation', () => {
  it.each([
    ['{events: []}', '`events: { exactly: [] }`'],
    ['{events: {}}', '`events: { exactly: [] }`'],
    ['{events: {absent: []}}', '`exactly: []`'],
    ['{events: {present: []}}', '`exactly: []`'],
    ['{events: {count: []}}', '`exactly: []`'],
    ['{events: {count: [{event: {process_exec: {}}, min: 0}]}}', 'a min above 0'],
    ['{processes: []}', 'Take it away'],
    ['{errno: {}}', 'Take it away'],
    ['{files: {}}', 'Take it away'],
  ])('that expects nothing is refused: %s', (expectation, help) => {
    const text = `name: n\npolicies: []\nsteps: [{run: x, expect: ${expectation}}]\n`;
    const { diagnostics } = parseScenario(text, 's');
    expect(diagnostics.map(({ code }) => code)).toEqual(['TR-scenario-vacuous']);
    expect(diagnostics[0]?.help).toContain(help);
  });

  it('of no events at all is one', () => {
    expect(said('exactly: []')).toEqual([]);
  });
});
