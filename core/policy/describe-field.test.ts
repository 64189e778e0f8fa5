import { describe, expect, test } from 'vitest';
import { describeField, fieldNames } from './describe-field.ts';

describe('describeField', () => {
  test('describes a list by its entries', () => {
    const args = describeField('spec.kprobes.args');
    expect(args).toMatchObject({ type: 'a list of maps', required: false });
    expect(args?.fields.map(({ name }) => name)).toContain('sizeArgIndex');
  });

  test('takes paths with positions', () => {
    expect(describeField('spec.kprobes[0].args[1].type')).toMatchObject({
      type: 'a text',
      default: '"auto"',
      required: false,
    });
    expect(describeField('spec.kprobes[0].args[1].type')?.values).toContain('linux_binprm');
  });

  test('knows what is required, and names of maps', () => {
    expect(describeField('spec.kprobes.call')).toMatchObject({ required: true, type: 'a text' });
    expect(describeField('spec.selectorsMacros.any.matchArgs')?.type).toBe('a list of maps');
    expect(describeField('spec.uprobes.addrs')?.type).toBe('a list of whole numbers');
  });

  test('has nothing to say of what is not there', () => {
    expect(describeField('spec.kprobe')).toBeUndefined();
    expect(describeField('spec.kprobes.constructor')).toBeUndefined();
    expect(fieldNames('spec')).toContain('kprobes');
  });
});
