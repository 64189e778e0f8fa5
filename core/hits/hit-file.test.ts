import { describe, expect, it } from 'vitest';
import type { HookPlan } from '../plan/plan.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import { readHit, readHits } from './hit-file.ts';

function hookOf(types: readonly string[]): HookPlan {
  const args = types.map((type, index) => `{ index: ${index}, type: ${type} }`).join(', ');
  const { plans, diagnostics } = loadPolicies(
    `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: { name: hits }\nspec: { kprobes: [{ call: f, syscall: false, args: [${args}] }] }\n`,
    'p',
    anyKernel,
  );
  const hook = plans[0]?.hooks[0];
  if (hook === undefined) throw new Error(JSON.stringify(diagnostics));
  return hook;
}
const args = (text: string, types: readonly string[]) => {
  const hit = readHit(text).on(hookOf(types));
  return types.map((_type, position) => hit.arg(position));
};

describe('a hit file', () => {
  it('holds values in the order of the arguments', () => {
    expect(
      args('{"args": [-1, "18446744073709551615", "/f", "text", "ab"]}', [
        'int',
        'uint64',
        'file',
        'string',
        'char_buf',
      ]),
    ).toEqual([
      { kind: 'int', value: -1 },
      { kind: 'int', value: 18446744073709551615n },
      { kind: 'file', path: '/f', mode: undefined },
      { kind: 'string', value: 'text' },
      { kind: 'buffer', value: 'ab', size: 2 },
    ]);
  });

  it('may be an event', () => {
    const event =
      '{"process_kprobe": {"function_name": "f", "args": [{"int_arg": 3}, {"file_arg": {"path": "/f"}}]}}';
    expect(readHit(event).hook).toBe('f');
    expect(args(event, ['int', 'file'])).toMatchObject([{ value: 3 }, { path: '/f' }]);
  });

  it('is an event without its nop arguments, which events leave out', () => {
    const event = (values: string): string =>
      `{"process_kprobe": {"function_name": "f", "args": [${values}]}}`;
    const types = ['nop', 'file', 'nop', 'int'];
    const [, file, , int] = args(event('{"file_arg": {"path": "/f"}}, {"int_arg": 3}'), types);
    expect([file, int]).toMatchObject([{ path: '/f' }, { value: 3 }]);
    const tooMany = event('{"file_arg": {"path": "/f"}}, {"int_arg": 3}, {"int_arg": 4}');
    expect(() => args(tooMany, types)).toThrow('it has 3 arguments, and f reads 2 in this policy');
  });

  it('has no more arguments than the hook reads', () => {
    expect(() => args('{"hook": "f", "args": [1, 2]}', ['int'])).toThrow('it has 2 arguments');
    expect(args('{"hook": "f", "args": [1]}', ['int', 'int'])).toMatchObject([
      { value: 1 },
      { kind: 'unknown' },
    ]);
  });

  it('takes what an event shows of sockets, capabilities, buffers and failures', () => {
    const event = JSON.stringify({
      process_kprobe: {
        function_name: 'f',
        args: [
          {
            sock_arg: {
              family: 'AF_INET',
              type: 'SOCK_STREAM',
              protocol: 'IPPROTO_TCP',
              state: 'TCP_ESTABLISHED',
              saddr: '127.0.0.1',
              daddr: '10.0.0.1',
              sport: 40_000,
              dport: 443,
            },
          },
          { sockaddr_arg: { family: 'AF_INET6', addr: '::1', port: 53 } },
          { kernel_cap_t_arg: '0000000000200000' },
          { truncated_bytes_arg: { bytes_arg: 'YWI=', orig_size: '5000' } },
          { error_arg: { Message: 'Bad address for basic type' } },
        ],
      },
    });
    expect(args(event, ['sock', 'sockaddr', 'kernel_cap_t', 'char_buf', 'string'])).toMatchObject([
      { kind: 'sock', family: 2, protocol: 6, state: 1, daddr: [10, 0, 0, 1], dport: 443 },
      { kind: 'sockaddr', family: 10, port: 53 },
      { kind: 'caps', value: 1n << 21n },
      { kind: 'buffer', value: 'ab', size: 5000 },
      { kind: 'unreadable', message: 'Bad address for basic type' },
    ]);
  });

  it('writes sockets and capabilities plainly', () => {
    expect(
      args('{"args": [{"daddr": "::1", "dport": 80, "protocol": 17}, ["CAP_SYS_ADMIN"], "@name"]}', [
        'sock',
        'cap_effective',
        'sockaddr_un',
      ]),
    ).toMatchObject([
      { kind: 'sock', family: 10, protocol: 17, dport: 80 },
      { kind: 'caps', value: 1n << 21n },
      { kind: 'sockaddr_un', path: 'name', abstract: true },
    ]);
  });

  it('names tracepoints as policies do', () => {
    expect(readHit('{"process_tracepoint": {"subsys": "syscalls", "event": "sys_enter_open"}}').hook).toBe(
      'syscalls/sys_enter_open',
    );
  });

  it('may leave values out: they are unknown', () => {
    expect(args('{}', ['int'])).toMatchObject([{ kind: 'unknown' }]);
  });

  it('may be a log, whose other events are left out', () => {
    const log =
      '{"process_exec": {}}\n\n{"process_kprobe": {"function_name": "f", "args": []}}\n{"process_lsm": {"function_name": "g"}}\n';
    expect(readHits(log).map(({ line, hit }) => [line, hit.hook])).toEqual([
      [3, 'f'],
      [4, 'g'],
    ]);
    expect(readHits('{\n"hook": "f"\n}').map(({ hit }) => hit.hook)).toEqual(['f']);
    expect(() => readHits('{"hook": "f"}\n{"hok": "f"}')).toThrow('line 2: `hok` is no key');
  });

  it.each([
    ['{"hok": "f"}', 'did you mean `hook`?'],
    ['{"process": {"binry": "/b"}}', 'did you mean `binary`?'],
    ['{"parent": {"name": "/b"}}', 'known are binary'],
  ])('%s has a key that nobody reads', (text, said) => {
    expect(() => readHit(text)).toThrow(said);
  });

  it.each(['', '[]', '{'])('%j is refused', (text) => expect(() => readHit(text)).toThrow(/JSON/));

  it.each([
    ['{"process": "x"}', 'process takes an object'],
    ['{"process": {"pid": 1e305}}', 'process.pid takes a pid'],
    ['{"process": {"pid": "1"}}', 'process.pid takes a pid'],
    ['{"process": {"binary": 5}}', 'process.binary takes a path'],
    ['{"parent": {"pid": -1}}', 'parent.pid takes a pid'],
    ['{"args": {"a": 1}}', 'args takes a list'],
    ['{"process": {"cap": {"effective": "all"}}}', 'process.cap.effective takes a list'],
    ['{"process": {"cap": {"effective": ["CAP_SYS_ADMNI"]}}}', 'process.cap.effective takes names'],
    ['{"process": {"cap": {"efective": []}}}', 'did you mean `effective`?'],
    ['{"process": {"ns": {"mount": "host"}}}', 'is no key of process.ns'],
    ['{"process": {"ns": {"mnt": 5}}}', 'process.ns.mnt takes "host"'],
    ['{"process": {"pod": {"labels": {}}}}', 'process.pod needs namespace and labels'],
    ['{"ancestors": [{"binry": "/b"}]}', 'did you mean `binary`?'],
    ['{"process_exec": {}}', 'comes of no hook'],
    ['{"args": [1e305]}', 'argument 0 is of type int: it takes a whole number of at most 64 bits'],
    ['{"args": ["18446744073709551616"]}', 'argument 0 is of type int'],
  ])('of another type, %s, is refused', (text, message) => {
    expect(() => args(text, ['int'])).toThrow(message);
  });

  it.each([
    ['{"protocol": "TCPP"}', 'protocol takes a number or a name'],
    ['{"daddr": "10.0.0"}', 'daddr takes an address'],
    ['{"dport": "443"}', 'dport takes a port'],
    ['{"dport": 70000}', 'dport takes a port'],
  ])('of a socket, %s is refused', (sock, message) => {
    expect(() => args(`{"args": [${sock}]}`, ['sock'])).toThrow(message);
  });

  it('refuses a text for a number', () => {
    expect(() => args('{"args": ["x"]}', ['int'])).toThrow(
      'argument 0 is of type int: it takes a whole number',
    );
  });
});
