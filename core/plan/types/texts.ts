/** Strings and buffers. */
import type { ArgType } from './arg-type.ts';

export const textTypes: readonly ArgType[] = [
  {
    name: 'string',
    aliases: [],
    family: 'string',
    reads: 'the text at a pointer, up to 4096 bytes',
    jsonKey: 'string_arg',
  },
  {
    name: 'data_loc',
    aliases: [],
    family: 'string',
    reads: 'a dynamic string of a tracepoint, up to 4095 bytes',
    jsonKey: 'string_arg',
  },
  {
    name: 'net_device',
    aliases: [],
    family: 'string',
    reads: 'the name of a network device, up to 16 bytes',
    jsonKey: 'string_arg',
  },
  {
    name: 'char_buf',
    aliases: [],
    family: 'buffer',
    reads: 'as many bytes at a pointer as `sizeArgIndex` says, up to 4095 (327360 with `maxData`)',
    jsonKey: 'bytes_arg',
  },
];
