import { expect, it } from 'vitest';
import { TemporaryNames } from './temporary-names.ts';

const stable = (value: unknown): unknown => new TemporaryNames().stable(value);

it.each([
  ['/w/sedbbSlsn', '/w/sed<1>'],
  ['/w/CudMpDEW', '/w/Cu<1>'],
  ['/tmp/tmp.a1B2c3D4e5', '/tmp/tmp.<1>'],
  ['/tmp/tmp.a1B2c3D4e5/inner', '/tmp/tmp.<1>/inner'],
  ['/tmp/tmpab_1c2d3', '/tmp/tmp<1>'],
  ['mv /w/sedbbSlsn /w/h', 'mv /w/sed<1> /w/h'],
])('of %s leaves %s', (text, left) => {
  expect(stable(text)).toBe(left);
});

it.each([
  '/usr/bin/sed',
  '/w/sedation',
  '/etc/Curious',
  '/tmp/tmp.conf',
  '/tmp/tmpfiles',
  '/w/xsedbbSlsn',
  '/w/sedbbSlsn.txt',
])('leaves %s alone', (text) => {
  expect(stable(text)).toBe(text);
});

it('tells names apart, wherever they stand', () => {
  const names = new TemporaryNames();
  expect(names.stable({ a: ['/w/sedAAAAA1', '/w/sedBBBBB2'], b: { c: '/w/sedAAAAA1' }, n: 1 })).toEqual({
    a: ['/w/sed<1>', '/w/sed<2>'],
    b: { c: '/w/sed<1>' },
    n: 1,
  });
});

it('takes names that a scenario says are others in each run', () => {
  const names = new TemporaryNames(['conf-*.new', 'x.*']);
  expect(names.stable(['/w/conf-1a2B.new', 'mv conf-1a2B.new conf', '/w/conf-9.new', '/w/x.7/f'])).toEqual([
    '/w/conf-<1>.new',
    'mv conf-<1>.new conf',
    '/w/conf-<2>.new',
    '/w/x.<3>/f',
  ]);
  expect(names.stable(['/w/conf-.new', '/w/aconf-1.new', '/w/conf-1.newer', '/w/xx.1'])).toEqual([
    '/w/conf-.new',
    '/w/aconf-1.new',
    '/w/conf-1.newer',
    '/w/xx.1',
  ]);
});
