/** Tetragon's own example policies: which of them load, and why the others do not. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allShippedKernels, commonKernels } from '../../runner/kernel-data.ts';
import { checkPolicyText } from './index.ts';

const folder = join(import.meta.dirname, '../../../shared/tetragon/examples');

/** Errors of the examples that load nowhere. All others load on a kernel that has what they hook. */
const refused: Readonly<Record<string, readonly string[]>> = {
  // Not policies at all.
  'quickstart/docker-compose.yaml': ['TR-not-a-policy'],
  // Namespaced policies without metadata.namespace: kubectl adds it, Tetragon’s own loader does not.
  'quickstart/file_monitoring_enforce.yaml': ['TR-metadata-namespace'],
  'quickstart/network_egress_cluster_enforce.yaml': ['TR-metadata-namespace', 'TR-filter-value'],
  // ${PODCIDR} is to be filled in by envsubst.
  'quickstart/network_egress_cluster.yaml': ['TR-filter-value'],
  'policylibrary/egress.yaml': ['TR-filter-value'],
  // A list of system calls is compared with a syscall64, and the example reads a uint64.
  'tracingpolicy/list-syscalls-tracepoint.yaml': ['TR-filter-value'],
  // A name with dots.
  'tracingpolicy/process-credentials/process.credentials.changes.at.syscalls.yaml': ['TR-metadata-name-dot'],
  // Override of security_ functions while kprobe_multi is in use.
  'tracingpolicy/cves/cve-2023-2640-overlayfs-ubuntu.yaml': ['TR-override'],
  'other/file-block-kubectl-exec-access.yaml': ['TR-override'],
  'tracingpolicy/modules-nohost.yaml': ['TR-override'],
  'tracingpolicy/override-security.yaml': ['TR-override'],
  'tracingpolicy/security-socket-connect-block-others.yaml': ['TR-override'],
};

const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
  : [];

describe.skipIf(files.length === 0)('example policies', () => {
  test('are all there', () => {
    expect(files).toHaveLength(84);
    expect(Object.keys(refused).filter((file) => !files.includes(file))).toEqual([]);
  });

  test.each(files)('%s', async (file) => {
    const { diagnostics } = await checkPolicyText(readFileSync(join(folder, file), 'utf8'), file, {
      commonKernels: await commonKernels(),
      knownKernels: allShippedKernels,
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    expect([...new Set(errors)]).toEqual(refused[file] ?? []);
  });
});
