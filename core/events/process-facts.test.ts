import { expect, it } from 'vitest';
import type { CredValue } from '../values/value.ts';
import { execFacts, forkFacts, residentFacts } from './process-facts.ts';
import type { ExecInput } from './process-facts.ts';

const cred = (ids: Partial<CredValue>): CredValue => ({
  ...{ kind: 'cred', uid: 0, gid: 0, euid: 0, egid: 0, suid: 0, sgid: 0, fsuid: 0, fsgid: 0, securebits: 0 },
  ...{ permitted: 0n, effective: 0n, inheritable: 0n },
  userNs: { level: 0, uid: 0, gid: 0, inum: 1, isHost: true },
  ...ids,
});
const namespaces = {} as ExecInput['namespaces'];
const input: ExecInput = {
  ...{ pid: 7, tid: 7, auid: 1, cwd: '/w', binary: '/bin/x', args: [], startNs: 5n, inInitTree: false },
  ...{ forked: false, namespaces, hostNamespaces: namespaces, credentials: cred({}), before: undefined },
  ...{ unlinked: undefined, parent: undefined },
};

it.each<[string, Partial<ExecInput>, string]>([
  ['plain', {}, 'execve'],
  ['in the root folder, after a fork', { cwd: '/', forked: true }, 'execve rootcwd clone'],
  ['long arguments', { args: ['x'.repeat(960)] }, 'execve dataArgs'],
  ['just short enough', { args: ['x'.repeat(953)] }, 'execve'],
  ['a container', { inInitTree: true, args: ['x'.repeat(2000)] }, 'execve inInitTree'],
])('flags: %s', (_name, change, flags) => {
  expect(execFacts({ ...input, ...change }).flags.join(' ')).toBe(flags);
});

it.each<[string, Partial<ExecInput>, object | undefined]>([
  ['of the first image nothing is known', { credentials: cred({ uid: 5 }) }, undefined],
  ['no change', { before: { euid: 0, egid: 0 } }, undefined],
  [
    'set-uid root',
    { before: { euid: 5, egid: 0 }, credentials: cred({ uid: 5 }) },
    { setuid: 0, privileges_changed: ['PRIVILEGES_RAISED_EXEC_FILE_SETUID'] },
  ],
  ['set-uid another', { before: { euid: 0, egid: 0 }, credentials: cred({ euid: 5 }) }, { setuid: 5 }],
  [
    'set-gid root',
    { before: { euid: 0, egid: 5 }, credentials: cred({ gid: 5 }) },
    { setgid: 0, privileges_changed: ['PRIVILEGES_RAISED_EXEC_FILE_SETGID'] },
  ],
  ['no name', { unlinked: 9n }, { file: { inode: { number: '9', links: 0 } } }],
])('binary properties: %s', (_name, change, properties) => {
  expect(execFacts({ ...input, ...change }).binaryProperties).toEqual(properties);
});

it('a fork has the forker as parent, and nothing but its numbers anew', () => {
  const forker = execFacts({ ...input, cwd: '/' });
  const child = forkFacts(forker, { pid: 8, tid: 8, startNs: 6n });
  expect(child).toEqual({ ...forker, pid: 8, tid: 8, startNs: 6n, flags: ['execve'], parent: forker });
});

it('what ran before is known from /proc', () => {
  const facts = residentFacts({ pid: 1, uid: 0, auid: 1, cwd: '/', binary: '/init', args: [], startNs: 0n });
  expect(facts).toMatchObject({ tid: 1, flags: ['procFS', 'rootcwd'], inInitTree: false });
});
