import { describe, expect, it } from 'vitest';
import {
  afterExec,
  afterUidChange,
  allCapabilities,
  rootCredentials,
  type Credentials,
} from './credentials.ts';

const root = rootCredentials();
const user: Credentials = {
  ...root,
  uid: 1000,
  euid: 1000,
  suid: 1000,
  fsuid: 1000,
  permitted: 0n,
  effective: 0n,
};
const plain = { mode: 0o100755, uid: 0, gid: 0 };

describe('credentials', () => {
  it('lose all capabilities when root becomes nobody', () => {
    const changed = afterUidChange(root, { ...root, uid: 1000, euid: 1000, suid: 1000, fsuid: 1000 });
    expect([changed.permitted, changed.effective]).toEqual([0n, 0n]);
  });

  it('keep the permitted ones with KEEPCAPS', () => {
    const keeping = { ...root, securebits: 16 };
    const changed = afterUidChange(keeping, { ...keeping, uid: 1000, euid: 1000, suid: 1000, fsuid: 1000 });
    expect([changed.permitted, changed.effective]).toEqual([allCapabilities, 0n]);
  });

  it('of a user gain nothing by an ordinary program', () => {
    expect(afterExec(user, plain)).toMatchObject({ euid: 1000, permitted: 0n, effective: 0n });
  });

  it('gain all by a set-user-ID program of root, but not under no_new_privs', () => {
    const setuid = { ...plain, mode: 0o104755 };
    expect(afterExec(user, setuid)).toMatchObject({
      uid: 1000,
      euid: 0,
      suid: 0,
      effective: allCapabilities,
    });
    expect(afterExec({ ...user, noNewPrivs: true }, setuid)).toMatchObject({ euid: 1000, effective: 0n });
  });

  it('of root in an unmapped user namespace are lost at exec', () => {
    const inside = { ...root, userNs: { level: 1, uid: 0, gid: 0, inum: 1, root: { uid: undefined } } };
    expect(afterExec(inside, plain).effective).toBe(0n);
  });
});
