/** Types that are compared by a path. */
import type { ArgType } from './arg-type.ts';

export const pathTypes: readonly ArgType[] = [
  {
    name: 'file',
    aliases: [],
    family: 'path',
    reads: 'the path of a struct file, as its reader sees it',
    jsonKey: 'file_arg',
  },
  {
    name: 'fd',
    aliases: [],
    family: 'path',
    reads: 'the path of the file that a descriptor of the process refers to',
    jsonKey: 'file_arg',
  },
  {
    name: 'path',
    aliases: [],
    family: 'path',
    reads: 'the path of a struct path',
    jsonKey: 'path_arg',
  },
  {
    name: 'dentry',
    aliases: [],
    family: 'path',
    reads: 'the path of a struct dentry within its own mount',
    jsonKey: 'path_arg',
  },
  {
    name: 'linux_binprm',
    aliases: [],
    family: 'path',
    reads: 'the path of the file that is about to be executed',
    jsonKey: 'linux_binprm_arg',
  },
];
