import { describe, expect, it } from 'vitest';
import { readPrograms } from '../artefacts.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { encodePlans } from '../encode/plan.ts';
import { layoutDigest } from '../layout/generated.ts';
import type { CallRequest, Rig } from '../rig.ts';
import { artefacts, kernel, plansOf, setupHint } from '../testing.ts';
import type { RigKernel } from './kernel.ts';
import { demandLayout, knownProcesses, loadPlans } from './load.ts';

describe('the compiled programs', () => {
  it.skipIf(artefacts === undefined)(`are of this version (${setupHint})`, async () => {
    const programs = await readPrograms(artefacts?.bpf ?? '', false);
    expect(() => demandLayout(programs)).not.toThrow();
  });

  it('are refused if they were built with another layout', () => {
    const old = { object: Buffer.from('\x7fELF of another version') };
    const expected = expect.objectContaining({ code: 'TR-not-set-up', kind: 'unavailable' }) as unknown;
    expect(() => demandLayout(old)).toThrow(expected);
  });
});

describe('what hooks are attached to', () => {
  const digest = new Uint8Array(new BigUint64Array([layoutDigest]).buffer);
  const known = knownProcesses({ tasks: new Map(), launcher: {} });

  /** The links and programs that are asked for on a kernel. */
  async function asked(plans: readonly Plan[], more: Partial<RigKernel>) {
    const own: RigKernel = { ...kernel, multi: false, exitFunction: 'acct_process', ...more };
    const links: CallRequest<'attach'>['links'][number][] = [];
    const programs: CallRequest<'load'>['programs'][number][] = [];
    const rig = {
      facts: { release: '6.12' },
      kallsyms: (names: readonly string[]) =>
        Promise.resolve(Object.fromEntries(names.map((name, index) => [name, [String(index)]]))),
      call(name: string, head: object) {
        if (name === 'attach') links.push(...(head as CallRequest<'attach'>).links);
        if (name === 'load') programs.push(...(head as CallRequest<'load'>).programs);
        return Promise.resolve({ head: { object: 1, ms: 0 }, bytes: new Uint8Array() });
      },
    } as unknown as Rig;
    await loadPlans(rig, { object: digest }, encodePlans(plans, own), own, known);
    const ofHooks = ({ program = '', name = program }: { program?: string; name?: string }): boolean =>
      !/^process_|^call_/.test(name);
    return { links: links.filter(ofHooks), programs: programs.filter(ofHooks) };
  }

  const returning = plansOf(
    '- {call: fd_install, syscall: false, return: true, returnArg: {index: 0, type: int}}',
  );

  it('carries a cookie only where the kernel takes one', async () => {
    const places = [
      { program: 'return_0', kind: 'kretprobe', target: 'fd_install' },
      { program: 'hook_0', kind: 'kprobe', target: 'fd_install' },
    ];
    expect((await asked(returning, { cookies: false })).links).toEqual(places);
    const withCookies = places.map((place) => ({ ...place, cookie: 0 }));
    expect((await asked(returning, { cookies: true })).links).toEqual(withCookies);
  });

  it('is a tracepoint, for which the program is made', async () => {
    const plans = plansOf(
      '- {subsystem: sched, event: sched_switch}\n- {subsystem: sched, event: sched_switch, raw: true}',
      '',
      'tracepoints',
    );
    const { links, programs } = await asked(plans, { multi: true });
    expect(programs).toEqual([
      { name: 'hook_0', kind: 'tracepoint' },
      { name: 'hook_1', kind: 'raw_tracepoint' },
    ]);
    expect(links).toEqual([
      { program: 'hook_0', kind: 'tracepoint', target: 'sched/sched_switch' },
      { program: 'hook_1', kind: 'raw_tracepoint', target: 'sched_switch' },
    ]);
  });

  it('is a place in a file', async () => {
    const plans = plansOf(
      '- {path: /opt/t, symbols: ["f+0x10"], refCtrOffsets: [64]}\n- {path: /opt/u, offsets: [4096]}',
      '',
      'uprobes',
    );
    expect((await asked(plans, { multi: true })).links).toEqual([
      {
        ...{ program: 'hook_0', kind: 'uprobe', target: '/opt/t', cookie: 0 },
        ...{ symbol: 'f', offset: 16, refCtrOffset: 64 },
      },
      { program: 'hook_1', kind: 'uprobe', target: '/opt/u', offset: 4096, cookie: 1 },
    ]);
  });

  it('is joined by a program that overrides what a security_ function returns', async () => {
    const plans = plansOf(
      `
- call: security_path_mkdir
  syscall: false
  selectors: [{matchActions: [{action: Override, argError: -1}]}]`,
      'options: [{name: disable-kprobe-multi, value: "1"}]',
    );
    const { links, programs } = await asked(plans, {});
    expect(programs).toEqual([{ name: 'hook_0' }, { name: 'override_0', target: 'security_path_mkdir' }]);
    expect(links.map(({ program, kind }) => [program, kind])).toEqual([
      ['override_0', 'trace'],
      ['hook_0', 'kprobe'],
    ]);
  });
});
