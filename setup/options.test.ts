import { expect, it } from 'vitest';
import { addKernelLines } from './options.ts';

it('gathers the kernel lines that are named, each once', () => {
  expect(addKernelLines('5.10', addKernelLines('6.1, 6.12,6.1'))).toEqual(['6.1', '6.12', '5.10']);
  expect(addKernelLines('newest')).toEqual(['newest']);
});

it.each(['six', '6', '6.12.1', '', '6.1,'])('explains that %j is no kernel line', (text) => {
  expect(() => addKernelLines(text)).toThrow('looks like 6.12');
});
