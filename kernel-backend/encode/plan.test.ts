import { describe, expect, it } from 'vitest';
import { BackendError } from '../../core/backend/error.ts';
import { trFieldKind, trFilterKind, trMatch, trOutsideAnswer, trPlan } from '../layout/generated.ts';
import { kernel, plansOf } from '../testing.ts';
import { encodePlans } from './plan.ts';

const hook = (call: string, value: string): string => `
- call: ${call}
  syscall: false
  args:
    - {index: 1, type: file}
  selectors:
    - matchArgs:
        - {index: 1, operator: Equal, values: ["${value}"]}
      matchActions:
        - action: Sigkill`;

const decode = (rodata: Uint8Array) => trPlan.decode(rodata);

describe('plans for the kernel', () => {
  it('carry arguments, filters and actions', () => {
    const { objects, hooks } = encodePlans(plansOf(hook('fd_install', '/tmp/x')), kernel);
    expect(hooks.map(({ hook }) => hook.target)).toEqual(['fd_install']);
    const plan = decode(objects[0]?.rodata ?? new Uint8Array());
    expect(plan.hooks[0]).toMatchObject({ arg_count: 1, selector_count: 1, entry: 0, monitor: 0 });
    expect(plan.hooks[0]?.selectors[0]?.args[0]).toMatchObject({
      kind: trFilterKind.FILTER_BYTES,
      arg: 0,
      negated: 0,
      outside: { no_path: trOutsideAnswer.OUTSIDE_FAILS },
      bytes: { match: trMatch.MATCH_EQUAL },
    });
    expect(objects[0]?.maps.map(({ map }) => map)).toEqual(['equal_32']);
  });

  it.each([
    ['file', 'Equal', '/a', 0],
    ['file', 'NotEqual', '/a', 1],
    ['file', 'NotPostfix', '/a', 1],
    ['file', 'NotFileType', 'reg', 1],
    ['int', 'NotEqual', '1', 1],
    ['int', 'NotInMap', '1', 1],
    ['int', 'NotInRange', '1:2', 1],
    ['int', 'GT', '1', 0],
    ['int', 'Mask', '1', 0],
  ])('of %s and %s say whether the filter is negated', (type, operator, value, negated) => {
    const [filter] =
      decode(
        encodePlans(
          plansOf(`
- call: f
  syscall: false
  args: [{index: 0, type: ${type}}]
  selectors: [{matchArgs: [{index: 0, operator: ${operator}, values: ["${value}"]}]}]`),
          kernel,
        ).objects[0]?.rodata ?? new Uint8Array(),
      ).hooks[0]?.selectors[0]?.args ?? [];
    expect(filter?.kind).not.toBe(trFilterKind.FILTER_CONSTANT);
    expect(filter?.negated).toBe(negated);
  });

  it('give hooks with one plan one program, if the kernel can tell them apart', () => {
    const lists = ['lists:', '- {name: both, values: [vfs_read, vfs_write]}'].join('\n  ');
    const plans = plansOf('- {call: "list:both", syscall: false}', lists);
    const attachments = (cookies: boolean) =>
      encodePlans(plans, { ...kernel, cookies }).objects[0]?.attach.map(({ hooks }) => hooks);
    expect(attachments(true)).toEqual([[0, 1]]);
    expect(attachments(false)).toEqual([[0], [1]]);
  });

  it('take more objects for more hooks than one has', () => {
    const many = Array.from({ length: 9 }, (_, i) => hook(`function_${i}`, `/tmp/${i}`)).join('');
    const { objects } = encodePlans(plansOf(many), kernel);
    expect(objects.map(({ attach }) => attach.length)).toEqual([8, 1]);
  });

  it('refuse by name what the programs cannot do', () => {
    const plans = plansOf(`
- call: tty_write
  syscall: false
  args: [{index: 1, type: char_iovec}]`);
    expect(() => encodePlans(plans, kernel)).toThrow(BackendError);
    expect(() => encodePlans(plans, kernel)).toThrow(
      /policy\.yaml:\d+:\d+: .* does not do arguments of type char_iovec: it lacks a BPF program for it/,
    );
  });

  it('refuse an integer that may be compared with bytes of a socket', () => {
    const args = (types: readonly string[]): string => `
- call: do_it
  syscall: false
  args: [${types.map((type, index) => `{index: ${index}, type: ${type}}`).join(', ')}]
  selectors:
    - matchArgs: [{index: 2, operator: Equal, values: ["1"]}]`;
    const encode = (types: readonly string[]) => encodePlans(plansOf(args(types)), kernel);
    expect(() => encode(['sock', 'string', 'int'])).toThrow(/integers behind a socket and a text/);
    // The place wraps by far more bytes than a socket has.
    const plan = decode(encode(['string', 'sock', 'int']).objects[0]?.rodata ?? new Uint8Array());
    expect(plan).toMatchObject({ uses_record: 1, filter_window: 2048, status_bytes: 4 });
    expect(plan.hooks[0]?.selectors[0]?.args[0]?.outside.beyond).toBe(trOutsideAnswer.OUTSIDE_BYTES);
    expect(decode(encode(['int', 'sock', 'int']).objects[0]?.rodata ?? new Uint8Array()).uses_record).toBe(0);
  });
});

describe('hooks that are not functions of the kernel', () => {
  const places = [0, 2, 3, 4, 8, 16, 24].map((offset) => ({ offset, size: offset < 8 ? 1 : 8 }));
  const tracepoint = (args: string) =>
    plansOf(`- {subsystem: syscalls, event: sys_enter_x, args: [${args}]}`, '', 'tracepoints');
  const encode = (args: string) =>
    encodePlans(tracepoint(args), { ...kernel, fieldsOf: () => places }).objects[0];

  it('read the fields of a tracepoint as Tetragon does, whatever their size', () => {
    const object = encode('{index: 5, type: int32}, {index: 6, type: data_loc}, {index: 4, type: fd}');
    const [first, second, third] = decode(object?.rodata ?? new Uint8Array()).hooks[0]?.args ?? [];
    expect(first?.field).toEqual({ kind: trFieldKind.FIELD_VALUE, bytes: 4, offset: 16 });
    expect(second?.field).toMatchObject({ kind: trFieldKind.FIELD_DYNAMIC, offset: 24 });
    expect(third?.field.kind).toBe(trFieldKind.FIELD_NONE);
    expect(object?.attach).toEqual([
      { program: 'hook_0', tracepoint: { kind: 'tracepoint', target: 'syscalls/sys_enter_x' }, hooks: [0] },
    ]);
  });

  it.each([
    ['{index: 3, type: int32}', /the common_ fields of a tracepoint/],
    ['{index: 7, type: int32}', /field 7 of a tracepoint that has 7/],
    ['{index: 5, type: file}', /arguments of type file at a tracepoint that is not raw/],
  ])('refuse %s', (args, message) => {
    expect(() => encode(args)).toThrow(message);
  });

  it.each([
    ['symbols: [f], args: [{index: 0, type: file}]', /arguments of type file at a uprobe/],
    [
      'symbols: [f], args: [{index: 0, type: string}], selectors: [{matchArgs: [{index: 0, operator: Equal, values: [x]}]}]',
      /filters on texts in the memory of a program/,
    ],
    ['addrs: [4096]', /addrs of a uprobe/],
    [`symbols: [f], binaryDigests: ["sha256:${'00'.repeat(32)}"]`, /binaryDigests/],
  ])('refuse a uprobe with %s', (body, message) => {
    const plans = plansOf(`- {path: /opt/t, ${body}}`, '', 'uprobes');
    expect(() => encodePlans(plans, kernel)).toThrow(message);
  });
});
