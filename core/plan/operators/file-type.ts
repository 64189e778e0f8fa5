/** FileType and NotFileType: the type of the inode. */
import { fileTypes } from '../../names/file-types.ts';
import type { Comparison } from '../plan.ts';
import { checkInlineValues } from './operator.ts';
import type { FilterInput, OperatorFamily } from './operator.ts';

export const fileType: OperatorFamily = {
  operators: { FileType: 'is a file of one of the types', NotFileType: 'is a file of none of the types' },

  support: (_operator, type) => (type.name === 'file' || type.name === 'path' ? 'works' : 'refused'),

  compile(input: FilterInput): Comparison | undefined {
    if (!checkInlineValues(input)) return undefined;
    const types: number[] = [];
    let ok = true;
    input.values.forEach((text, position) => {
      const type = Object.hasOwn(fileTypes, text) ? fileTypes[text] : undefined;
      if (type === undefined) {
        ok = false;
        input.fail(
          'TR-filter-value',
          `value ${JSON.stringify(text)} is no file type`,
          `File types are ${Object.keys(fileTypes).join(', ')}.`,
          position,
        );
      } else types.push(type);
    });
    return ok ? { kind: 'file-type', negated: input.operator === 'NotFileType', types } : undefined;
  },
};
