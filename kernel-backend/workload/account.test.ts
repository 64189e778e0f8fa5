import { describe, expect, it } from 'vitest';
import { findAccount } from './account.ts';

describe('users', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n';
  const group = 'adm:x:4:www-data,root\nssl:x:9:\n';
  it.each([
    ['www-data', { uid: 33, gid: 33, groups: [4], home: '/var/www' }],
    [33, { uid: 33, gid: 33, groups: [4], home: '/var/www' }],
    ['1234', { uid: 1234, gid: 1234, groups: [], home: '/' }],
    ['nobody', undefined],
  ])('%s', (user, account) => expect(findAccount(passwd, group, user)).toEqual(account));
});
