/** What a hit states of its process, and what follows where it does not: every filter that needs it is not known. */
import { expect, it } from 'vitest';
import { createEvaluator } from '../engine/evaluate.ts';
import { reasonCodes } from '../engine/codes.ts';
import { anyKernel } from '../kernels/kernel-facts.ts';
import { loadPolicies } from '../plan/load.ts';
import { readHit } from './hit-file.ts';

/** How the first filter of the selector fares. */
function fares(selector: string, hit: string): string {
  const { plans, diagnostics } = loadPolicies(
    `apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: p}\nspec: {kprobes: [{call: f, syscall: false, args: [{index: 0, type: sock}, {index: 1, type: file}], selectors: [{${selector}}]}]}\n`,
    'p',
    anyKernel,
  );
  const [plan] = plans;
  const hook = plan && createEvaluator(plan).hooks[0];
  if (hook === undefined) throw new Error(JSON.stringify(diagnostics));
  const [reason] = hook.entry(readHit(hit).on(hook.hook), { reasons: true }).reasons ?? [];
  return reason === undefined ? 'none' : reasonCodes[reason.code];
}

const pids = (more: string): string => `matchPIDs: [{operator: In, values: [5], ${more}}]`;
const binaries = (of: string, more = ''): string => `${of}: [{operator: In, values: [/b]${more}}]`;
const namespace = (operator: string, value: string): string =>
  `matchNamespaces: [{namespace: Net, operator: ${operator}, values: ["${value}"]}]`;
const capability = (more: string): string =>
  `matchCapabilities: [{operator: In, values: [CAP_SYS_ADMIN], ${more}}]`;
const arg = (index: number, operator: string, value: string): string =>
  `matchArgs: [{index: ${index}, operator: ${operator}, values: ["${value}"]}]`;

const all = '"cap": {"effective": ["CAP_SYS_ADMIN"], "permitted": [], "inheritable": []}';

it.each([
  [pids('followForks: false'), '{}', 'unknown'],
  [pids('followForks: false'), '{"process": {"pid": 5}}', 'passed'],
  [pids('followForks: false'), '{"process": {"pid": 6}}', 'failed'],
  [pids('followForks: true'), '{"process": {"pid": 6}}', 'unknown'],
  [pids('followForks: true'), '{"parent": {"pid": 5}}', 'passed'],
  [pids('followForks: true'), '{"process": {"pid": 6}, "parent": {"pid": 7}}', 'unknown'],
  [
    pids('followForks: true'),
    '{"process": {"pid": 6}, "parent": {"pid": 7}, "ancestors": [{"pid": 1}]}',
    'failed',
  ],
  [pids('isNamespacePID: true'), '{"process": {"pid": 5}}', 'unknown'],
  [pids('isNamespacePID: true'), '{"process": {"nsPid": 5}}', 'passed'],
  [pids('isNamespacePID: true'), '{"process": {"ns": {"pid": "host"}}}', 'failed'],
  [pids('isNamespacePID: true, followForks: true'), '{"process": {"nsPid": 6, "pid": 1}}', 'unknown'],
  [binaries('matchBinaries'), '{}', 'unknown'],
  [binaries('matchBinaries'), '{"process": {"binary": "/a"}}', 'failed'],
  [binaries('matchBinaries', ', followChildren: true'), '{"process": {"binary": "/a", "pid": 6}}', 'unknown'],
  [
    binaries('matchBinaries', ', followChildren: true'),
    '{"process": {"binary": "/a"}, "parent": {"binary": "/c", "pid": 1}}',
    'failed',
  ],
  [binaries('matchParentBinaries'), '{"process": {"binary": "/b"}}', 'unknown'],
  [binaries('matchParentBinaries'), '{"parent": {"binary": "/b"}}', 'passed'],
  [namespace('In', 'host_ns'), '{}', 'unknown'],
  [namespace('In', 'host_ns'), '{"process": {"ns": {"net": "host"}}}', 'passed'],
  [namespace('In', 'host_ns'), '{"process": {"ns": {"net": {"inum": 7}}}}', 'failed'],
  [namespace('NotIn', 'host_ns'), '{"process": {"ns": {"net": {"inum": 7}}}}', 'passed'],
  [namespace('In', '7'), '{"process": {"ns": {"net": {"inum": 7}}}}', 'passed'],
  ['matchNamespaceChanges: [{operator: In, values: [Net]}]', '{}', 'unknown'],
  [capability('type: Effective'), '{}', 'unknown'],
  [capability('type: Effective'), `{"process": {${all}}}`, 'passed'],
  [capability('type: Permitted'), `{"process": {${all}}}`, 'failed'],
  [capability('type: Inheritable'), '{"process": {"cap": {"effective": []}}}', 'unknown'],
  [capability('type: Effective, isNamespaceCapability: true'), `{"process": {${all}}}`, 'unknown'],
  [
    capability('type: Effective, isNamespaceCapability: true'),
    `{"process": {${all}, "ns": {"user": "host"}}}`,
    'failed',
  ],
  [
    'matchCapabilityChanges: [{operator: In, type: Effective, values: [CAP_SYS_ADMIN]}]',
    `{"process": {${all}}}`,
    'unknown',
  ],
  [arg(0, 'DPort', '443'), '{"args": [{"daddr": "10.0.0.1"}]}', 'unknown'],
  [arg(0, 'NotDPort', '443'), '{"args": [{"daddr": "10.0.0.1"}]}', 'unknown'],
  [arg(0, 'DAddr', '10.0.0.1'), '{"args": [{"daddr": "10.0.0.1"}]}', 'passed'],
  [arg(0, 'SAddr', '10.0.0.1'), '{"args": [{"daddr": "10.0.0.1"}]}', 'unknown'],
  [arg(0, 'Family', 'AF_INET'), '{"args": [{"daddr": "10.0.0.1"}]}', 'passed'],
  [arg(0, 'SAddr', '10.0.0.1'), '{"args": [{"family": "AF_UNIX"}]}', 'failed'],
  [arg(0, 'DPort', '443'), '{"args": [{"sock_arg": {"family": "AF_INET"}}]}', 'failed'],
  [arg(1, 'FileType', 'reg'), '{"args": [{}, "/f"]}', 'unknown'],
  [arg(1, 'FileType', 'reg'), '{"args": [{}, {"path": "/f", "permission": "-rw-r--r--"}]}', 'passed'],
])('%s of %s: %s', (selector, hit, expected) => {
  expect(fares(selector, hit)).toBe(expected);
});

it.each([
  // An event leaves out sets that are empty, and what the agent was not asked to show.
  ['"cap": {"permitted": ["CAP_SYS_ADMIN"]}', 'failed'],
  ['"binary": "/b"', 'unknown'],
])('an event with %s', (process, expected) => {
  const event = `{"process_kprobe": {"function_name": "f", "process": {${process}}}}`;
  expect(fares(capability('type: Effective'), event)).toBe(expected);
});
