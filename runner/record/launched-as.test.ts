import { expect, it } from 'vitest';
import { launchedAs } from './launched-as.ts';

const all = '000001ffffffffff';
const root = {
  uid: { real: 0, effective: 0, saved: 0, fs: 0 },
  gid: { real: 0, effective: 0, saved: 0, fs: 0 },
  groups: [],
  caps: { inheritable: '0', permitted: all, effective: all, bounding: all, ambient: '0' },
};

it('has the ids of the account, and no capabilities but the bounding set', () => {
  expect(launchedAs(root, { uid: 1000, gid: 100, groups: [27] })).toEqual({
    uid: { real: 1000, effective: 1000, saved: 1000, fs: 1000 },
    gid: { real: 100, effective: 100, saved: 100, fs: 100 },
    groups: [27],
    caps: {
      inheritable: '0',
      permitted: '0000000000000000',
      effective: '0000000000000000',
      bounding: all,
      ambient: '0000000000000000',
    },
  });
});

it('keeps capabilities as root, and everything without an account', () => {
  expect(launchedAs(root, { uid: 0, gid: 5, groups: [] })).toMatchObject({
    gid: { real: 5 },
    caps: root.caps,
  });
  expect(launchedAs(root, undefined)).toBe(root);
});
