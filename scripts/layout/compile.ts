/** bpf/layout.h compiled by itself: nothing of a kernel is needed to know how its structures lie. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { format, resolveConfig } from 'prettier';
import { layoutDigest, layoutHeader } from '../../setup/layout-digest.ts';
import { declaredIn, layoutText } from './text.ts';

/** What comes with a kernel's types otherwise. */
const integers = [
  '#define __VMLINUX_H__',
  'typedef unsigned char __u8;',
  'typedef unsigned short __u16;',
  'typedef unsigned int __u32;',
  'typedef int __s32;',
  'typedef unsigned long long __u64;',
  'typedef long long __s64;',
];

/** In the repository. */
export const generatedFile = 'kernel-backend/layout/generated.ts';

/** What the generated file of the repository at `root` has to be. Needs clang and bpftool; throws what they say. */
export async function generatedLayout(root: string): Promise<string> {
  const bpf = path.join(root, 'bpf');
  const header = await layoutHeader(bpf);
  const declared = declaredIn(header);
  const folder = await mkdtemp(path.join(tmpdir(), 'tracerig-layout-'));
  try {
    // Only types that something is of are kept.
    const variables = declared.map(({ kind, name }) => `${kind} ${name} a_${name};`);
    const source = path.join(folder, 'layout.c');
    const object = path.join(folder, 'layout.o');
    await writeFile(source, [...integers, '#include "layout.h"', ...variables, ''].join('\n'));
    await execa('clang', ['-g', '-O2', '-target', 'bpf', '-I', bpf, '-c', source, '-o', object]);
    const { stdout } = await execa('bpftool', ['-j', 'btf', 'dump', 'file', object]);
    const config = await resolveConfig(path.join(root, generatedFile));
    return await format(layoutText(declared, layoutDigest(header), stdout), {
      ...config,
      parser: 'typescript',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
