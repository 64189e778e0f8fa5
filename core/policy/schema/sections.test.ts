import { expect, it } from 'vitest';
import { elementOf, shapeOf } from '../../yaml/schema-nodes.ts';
import { hookSections, specSchema } from './spec.ts';

it('the sections of hooks are the lists whose entries have selectors', () => {
  const lists = Object.entries(shapeOf(specSchema) ?? {}).filter(([, schema]) => {
    const element = elementOf(schema);
    return element !== undefined && shapeOf(element)?.['selectors'] !== undefined;
  });
  expect(lists.map(([name]) => name)).toEqual([...hookSections]);
});
