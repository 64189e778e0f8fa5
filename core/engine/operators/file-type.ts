/** FileType: works on pathless objects too. */
import { fileTypeMask, fileTypeWord } from '../../names/file-types.ts';
import type { Comparison } from '../../plan/plan.ts';
import { FOREIGN, HOLDS, LACKS } from '../tri.ts';
import { firstOf, listed } from './operator.ts';
import type { OperatorEngine } from './operator.ts';

type FileType = Extract<Comparison, { kind: 'file-type' }>;

export const fileType: OperatorEngine<FileType> = {
  prepare({ types }) {
    return (value) => {
      if (value.kind !== 'file') return FOREIGN;
      const type = value.mode === undefined ? value.type : value.mode & fileTypeMask;
      if (type === undefined) return FOREIGN;
      return types.includes(type) ? HOLDS : LACKS;
    };
  },

  which: (comparison) =>
    firstOf(comparison.types, (type) => fileType.prepare({ ...comparison, types: [type] })),

  words({ types }, holds) {
    return `is ${holds ? '' : 'not '}a ${listed(types.map(fileTypeWord))}`;
  },
};
