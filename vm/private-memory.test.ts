import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { privateCopy } from './private-memory.ts';

it('copies a file into one without a name, and keeps its holes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tracerig-memory-'));
  try {
    const path = join(folder, 'ram');
    const content = Buffer.alloc(3 * (1 << 20) + 7);
    content.write('first', 0);
    content.write('last', content.length - 4);
    await writeFile(path, content);
    const copy = await privateCopy(path);
    try {
      expect((await copy.readFile()).equals(content)).toBe(true);
      const { nlink, blocks } = await copy.stat();
      expect(nlink).toBe(0);
      expect(blocks).toBeLessThan((await stat(path)).blocks);
      await copy.write('other', 0);
    } finally {
      await copy.close();
    }
    expect((await stat(path)).size).toBe(content.length);
  } finally {
    await rm(folder, { recursive: true });
  }
});
