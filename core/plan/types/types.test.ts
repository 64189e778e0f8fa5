import { describe, expect, it } from 'vitest';
import { argumentTypes } from '../../policy/schema/argument.ts';
import { argTypeNames } from '../../values/arg-type-name.ts';
import { argType, argTypeOf, argTypes } from './index.ts';

describe('argument types', () => {
  it('have one row each', () => {
    expect(argTypes.map(({ name }) => name).toSorted()).toEqual([...argTypeNames].toSorted());
    for (const name of argTypeNames) expect(argType(name).name).toBe(name);
  });

  it('have the spellings of the schema', () => {
    const spellings = argTypes.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(spellings.toSorted()).toEqual([...argumentTypes].toSorted());
    expect(argTypeOf('long')?.name).toBe('int64');
    expect(argTypeOf('quux')).toBeUndefined();
  });
});
