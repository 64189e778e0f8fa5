import { mkdirSync, mkdtempSync, existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readVmImage, readVmImages, writeVmImage } from '../vm/image.ts';
import { readSetupStamp, writeSetupStamp } from '../vm/setup-stamp.ts';
import { snapshotDir } from '../vm/snapshot.ts';
import { prune } from './prune.ts';

let cache: string;
const hourAgo = new Date(Date.now() - 60 * 60 * 1000);

/** A file, and a folder of the cache as old as one that nobody uses. */
function old(path: string, content: string): string {
  const full = join(cache, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  for (const one of [full, dirname(full)]) utimesSync(one, hourAgo, hourAgo);
  return full;
}

async function kernel(line: string): Promise<void> {
  old(`kernels/${line}.json`, JSON.stringify({ release: `${line}.1`, name: `${line}.1_1` }));
  await writeVmImage(cache, line, {
    release: `${line}.1`,
    kernel: old(`kernels/${line}.1_1/vmlinux`, line),
    initramfs: old(`guest/initramfs-${line}/initramfs`, line),
    disk: old('rootfs/trixie-1/root.ext4', 'disk'),
    object: old('native/bpf-1/tracerig.bpf.o', 'object'),
    types: old(`guest/types-${line}/core.btf`, line),
    parameters: [],
  });
  const image = await readVmImage(cache, line);
  if (image === undefined) throw new Error('no image');
  for (const processors of [1, 4]) {
    const dir = await snapshotDir(cache, { image, accelerator: 'tcg', processors });
    old(join('snapshots', dir.slice(join(cache, 'snapshots/').length), 'ram'), 'ram');
  }
}

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'tracerig-prune-'));
  old(
    'native/current.json',
    JSON.stringify({ bpf: 'bpf-1', addon: 'addon-1/x.node', agent: 'agent-1/agent' }),
  );
  old('native/addon-1/x.node', 'x');
  old('native/agent-1/agent', 'x');
  old('rootfs/current.json', JSON.stringify({ image: 'trixie-1/root.ext4', wanted: '1' }));
  await kernel('6.1');
  await kernel('6.12');
  await writeSetupStamp(cache, ['6.1', '6.12']);
});
afterEach(() => rmSync(cache, { recursive: true }));

const paths = async (lines: string[], dryRun = false): Promise<string[]> =>
  (await prune(cache, { lines, dryRun })).map(({ path }) => path);

it('leaves all that the kernels which are set up are made of', async () => {
  expect(await paths([])).toEqual([]);
});

it('removes what none of them uses, unless somebody may still be at it', async () => {
  for (const path of ['debs/x.deb', 'kernels/6.1.0_1/vmlinux', 'snapshots/6.1-0/ram', 'native/agent-0/agent'])
    old(path, 'x');
  mkdirSync(join(cache, 'snapshots/6.12-young'));
  mkdirSync(join(cache, 'kernels/.making-6.1-1-000000000000'));
  const gone = ['debs/x.deb', 'kernels/6.1.0_1', 'native/agent-0', 'snapshots/6.1-0'];
  expect(await paths([], true)).toEqual(gone);
  expect(await paths([])).toEqual(gone);
  expect(await paths([])).toEqual([]);
  expect(existsSync(join(cache, 'snapshots/6.12-young'))).toBe(true);
});

it('removes a kernel that is named, with its image and snapshots, and nothing of the others', async () => {
  const gone = await paths(['6.1']);
  expect(gone).toEqual(
    expect.arrayContaining(['guest/initramfs-6.1', 'guest/types-6.1', 'kernels/6.1.1_1', 'kernels/6.1.json']),
  );
  expect(gone.filter((path) => path.startsWith('snapshots/6.1-'))).toHaveLength(2);
  expect(gone.filter((path) => path.includes('6.12'))).toEqual([]);
  expect(await readVmImages(cache)).toEqual(['6.12']);
  expect((await readSetupStamp(cache))?.kernels).toEqual(['6.12']);
  expect(await paths([])).toEqual([]);
});
