import { expect, it } from 'vitest';
import { loadPolicies } from '../plan/load.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { launcherNotes } from './launcher-notes.ts';

const notesOf = (hook: string): string[] =>
  launcherNotes(
    loadPolicies(
      `apiVersion: cilium.io/v1alpha1
kind: TracingPolicy
metadata: {name: p}
spec:
  kprobes:
  - ${hook}
`,
      'p.yaml',
      anyKernel,
    ).plans,
  );
const caller = 'selectors: [{matchBinaries: [{operator: In, values: [/usr/bin/dash]}]}]';

it('names hooks of an exec that filter on the caller', () => {
  expect(notesOf(`{call: sys_execve, ${caller}}`)).toEqual([
    `policy p: __x64_sys_execve sees who executes, which for a step's own command is /tracerig/launch; write the command as a text (run: "factor 12") and a shell executes it`,
  ]);
  expect(notesOf(`{call: security_bprm_check, syscall: false, ${caller}}`)).toHaveLength(1);
});

it('has nothing to say of other hooks and filters', () => {
  expect(notesOf(`{call: fd_install, syscall: false, ${caller}}`)).toEqual([]);
  expect(notesOf('{call: sys_execve, args: [{index: 0, type: string}]}')).toEqual([]);
});
