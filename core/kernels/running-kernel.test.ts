import { expect, it } from 'vitest';
import { parseSymbols, sharedNames } from './symbols.ts';
import { parseTracepointFormat } from './tracepoint-format.ts';

it('the table of symbols tells functions and their modules', () => {
  const symbols = parseSymbols(`ffffffff81000000 T fd_install
0000000000000000 t local
0000000000000000 D data
ffffffffc0a00000 t nft_init\t[nf_tables]
ffffffffc0b00000 t nft_init\t[nft_compat]
ffffffffc0b00001 t local\t[nft_compat]
`);
  expect([...symbols]).toEqual([
    ['fd_install', []],
    ['local', []],
    ['nft_init', ['nf_tables', 'nft_compat']],
  ]);
});

it.each([
  ['count_symbols', ['show', 'table']],
  // A kernel before that rule puts its kprobe on one of them.
  ['other', []],
])('names that several symbols have are told if the kernel counts them (%s)', (name, shared) => {
  const text = `1 t show\n2 t show.isra.0\n3 t ${name}\n4 t show\n5 T table\n6 d table\t[mod]\n7 t init.cold\n8 t init.cold\n`;
  expect([...sharedNames(text)]).toEqual(shared);
});

it('a format file tells the fields of a tracepoint', () => {
  const text = `name: sched_process_exec
ID: 310
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;
\tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;
\tfield:const char * buf;\toffset:32;\tsize:8;\tsigned:0;

print fmt: "filename=%s", __get_str(filename)
`;
  expect(parseTracepointFormat(text)).toEqual([
    { type: 'unsigned short', name: 'common_type', size: 2, signed: false },
    { type: 'int', name: 'common_pid', size: 4, signed: true },
    { type: '__data_loc char[]', name: 'filename', size: 4, signed: false },
    { type: 'char[16]', name: 'comm', size: 16, signed: false },
    { type: 'const char *', name: 'buf', size: 8, signed: false },
  ]);
});
