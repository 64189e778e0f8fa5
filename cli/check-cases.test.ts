/**
 * Policies with one mistake of each kind that `check` was once wrong about, or silent, and what is to be said of them. They are
 * read in place; without their folder this is skipped. In short they are among the tests of the rules and lints.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../core/source/diagnostic.ts';
import { type BuiltCli, buildCli } from './testing.ts';

const shared = join(import.meta.dirname, '..', '..', 'shared', 'cases', 'check');

/** Findings of the errors, in the order of the text: code, and what message, help and suggestion must say together. */
type Said = readonly [code: string, says: RegExp];

interface Case {
  readonly file: string;
  readonly args?: readonly string[];
  /** All errors. */
  readonly errors?: readonly Said[];
  /** These must be among the warnings. */
  readonly warnings?: readonly Said[];
}

const function_ = 'TR-kernel-function';
const resolved = 'TR-unresolved-path';
const onMulti: readonly (readonly [string, readonly Said[]])[] = [
  ['override-multi', [['TR-override', /kprobe_multi/]]],
  ['call-twice', [['TR-duplicate-call', /twice/]]],
  ['cel-ten-over-two-hooks', [['TR-cel', /at most 8 expressions/]]],
];

const cases: readonly Case[] = [
  { file: 'null-labels' },
  { file: 'null-default' },
  { file: 'cel-unknown-arg', errors: [['TR-cel', /arg3 is unknown/]] },
  { file: 'cel-not-bool', errors: [['TR-cel', /texts are not supported/]] },
  {
    file: 'cel-three-faults',
    errors: [
      ['TR-cel', /exactly one expression/],
      ['TR-cel', /arg1 is unknown/],
      ['TR-cel', /texts are not supported/],
      ['TR-cel', /unexpected character "="/],
    ],
  },
  ...onMulti.flatMap(([file, errors]): Case[] => [
    { file, errors },
    ...['6.12', '6.18', '7.3'].map((line) => ({ file, args: ['--kernel', line], errors })),
    ...['5.10', '6.1'].map((line) => ({ file, args: ['--kernel', line] })),
  ]),
  {
    file: 'override-inode-create',
    errors: [
      ['TR-return-arg', /since Tetragon 1\.7.*Leave the line out/s],
      ['TR-override', /kprobe_multi/],
    ],
  },
  { file: 'override-inode-create', args: ['--kernel', '5.10', '--tetragon', '1.6'] },
  { file: 'shared-maps', warnings: [['TR-shared-maps', /kprobe_multi/]] },
  ...[[], ['--kernel', '6.12']].map((args): Case => ({
    file: 'module-function',
    args,
    warnings: [
      [function_, /nf_tables/],
      [function_, /overlay/],
    ],
  })),
  { file: 'lsm-on-5.10' },
  { file: 'lsm-on-5.10', args: ['--kernel', '5.10'], errors: [['TR-kernel-lsm', /no BPF LSM/]] },
  { file: 'tracepoint-or-call-stat', warnings: [['TR-never-called', /never runs on x86-64.*sys_newstat/s]] },
  { file: 'call-send', warnings: [['TR-never-called', /never runs on x86-64.*sys_sendto/s]] },
  { file: 'typo-function', errors: [[function_, /no known kernel.*fd_install/s]] },
  { file: 'typo-syscall', errors: [[function_, /no known kernel.*sys_openat/s]] },
  { file: 'typo-tracepoint', errors: [['TR-kernel-tracepoint', /no known kernel.*sys_enter_openat/s]] },
  { file: 'typo-lsm', errors: [['TR-kernel-lsm', /no known kernel.*file_open/s]] },
  { file: 'typo-in-list', errors: [[function_, /no known kernel.*sys_openat/s]] },
  {
    file: 'extra-dash-kills-all',
    warnings: [['TR-unfiltered-enforcement', /every process.*fd_install.*the selector above/s]],
  },
  { file: 'kill-all', warnings: [['TR-unfiltered-enforcement', /every process.*fd_install/s]] },
  { file: 'kill-all', args: ['--strict'], errors: [['TR-unfiltered-enforcement', /every process/]] },
  { file: 'shadowed-prefix', warnings: [['TR-unreachable-selector', /selector 0/]] },
  { file: 'shadowed-not-equal', warnings: [['TR-unreachable-selector', /selector 0/]] },
  {
    file: 'values-usr-merge',
    warnings: [
      ...['sh', 'vi', 'awk', 'nc', 'java', 'editor', 'init', 'python3', 'bash'].map((name): Said => [
        'TR-binary-symlink',
        new RegExp(`/${name}"`),
      ]),
      ['TR-binary-symlink', /"\/bin\/sh".*dash, bash or busybox/s],
      ['TR-binary-symlink', /"\/usr\/bin\/python"/],
    ],
  },
  {
    file: 'values-var-run',
    warnings: [
      [resolved, /\/var\/run.*\/run/s],
      [resolved, /"\/bin\/"/],
      [resolved, /x86_64/],
    ],
  },
  {
    file: 'values-linked-folder',
    warnings: ['/var/run/secrets/', '/bin/', '/lib/', '/sbin/'].map((value): Said => [
      resolved,
      new RegExp(value),
    ]),
  },
  {
    file: 'values-glob',
    warnings: [/\/usr\/bin\/\*/, /python\*/].map((says): Said => ['TR-binary-path', says]),
  },
  { file: 'values-proc-self', warnings: [/environ/, /mem/].map((says): Said => [resolved, says]) },
  { file: 'values-home', warnings: [/"~/, /\$HOME/, /\/home\/\*/].map((says): Said => [resolved, says]) },
  { file: 'exec-caller', warnings: [['TR-exec-caller', /caller.*argument 0.*security_bprm_check/s]] },
  { file: 'port-70000', warnings: [['TR-number-value', /no port 70000/]] },
  { file: 'flags-equal', warnings: [['TR-number-value', /flags.*Mask/s]] },
  {
    file: 'gt-above-lt',
    warnings: [['TR-never-matches', /no value passes both this LT "3" and the GT "5"/]],
  },
  { file: 'return-positive-errno', warnings: [['TR-number-value', /negative.*-13/s]] },
  { file: 'size-arg', warnings: [['TR-kernel-argument', /sizeArgIndex 2.*plus one/s]] },
  { file: 'read-without-return-copy', warnings: [['TR-filled-buffer', /returnCopy/]] },
  { file: 'rate-scope', errors: [['TR-rate-limit', /thread, process and global.*each thread/s]] },
  { file: 'notin-1-follow-forks', warnings: [['TR-never-matches', /descends from 1/]] },
  { file: 'volume', warnings: [['TR-volume', /security_file_permission/]] },
  ...['return-arg-action-post', 'return-arg-action-post-2'].flatMap((file): Case[] => [
    { file, errors: [['TR-return-arg', /since Tetragon 1\.7.*Leave the line out/s]] },
    { file, args: ['--tetragon', '1.6'] },
  ]),
  {
    file: 'namespace-in-cluster-policy',
    errors: [
      ['TR-metadata-namespace', /from a file it is refused.*covers the whole cluster/],
      ['TR-too-many-selectors', /at most 5/],
    ],
  },
  {
    file: 'words-calls',
    errors: [
      [function_, /sys_opnat.*sys_openat/s],
      ['TR-call', /openat.*Write `sys_openat`/s],
      [function_, /sys_unlinkat/],
      ['TR-call', /Write `sys_openat`/],
      ['TR-call', /Write `sys_openat`/],
      ['TR-call', /getpid.*no arguments/s],
      [function_, /sys_fork`, since it has no arguments/],
    ],
    warnings: [['TR-never-called', /sys_stime/]],
  },
  {
    file: 'words-operators',
    errors: [
      ...['GT', 'Mask', 'DAddr', 'InMap'].map((operator): Said => [
        'TR-operator-type',
        new RegExp(`${operator}.*Prefix`, 's'),
      ]),
      ['TR-operator-type', /Equal.*DAddr/s],
      ['TR-filter-value', /127\.0\.0\.256/],
      ['TR-filter-value', /10\.0\.0\.0\/33/],
      ['TR-filter-value', /localhost.*127\.0\.0\.0\/8/s],
      ['TR-filter-value', /http.*"80"/s],
      ['TR-filter-value', /80-90.*"80:90"/s],
      ['TR-filter-value', /-1.*0 to 65535/s],
      ...['TCP', 'tcp', 'IPPROTO_TCPX'].map((): Said => ['TR-filter-value', /Write IPPROTO_TCP\./]),
      ...['INET', 'ipv4'].map((): Said => ['TR-filter-value', /Write AF_INET\./]),
    ],
  },
  {
    file: 'words-names',
    errors: [
      ['TR-metadata-name', /My_Policy/],
      ['TR-metadata-namespace', /whole cluster/],
      ['TR-unknown-value', /effective.*Effective/s],
      ['TR-capability', /Write CAP_SYS_ADMIN/],
      ['TR-capability', /Write CAP_SYS_ADMIN/],
      ['TR-unknown-value', /pid.*Pid/s],
      ['TR-namespace', /"host".*host_ns/s],
      ['TR-unknown-value', /Network.*Net/s],
      ['TR-namespace', /Write Mnt/],
    ],
  },
  {
    file: 'words-actions',
    errors: [
      ['TR-schema-rule', /returnArg/],
      ['TR-postfix-empty', /""/],
      ['TR-unknown-key', /argError/],
      ['TR-rate-limit', /Post/],
      ['TR-unknown-value', /NotifyEnforcer/],
    ],
  },
  {
    file: 'words-quote-and-twice',
    errors: [
      ['TR-yaml-duplicate-key', /syscall.*line 8/],
      ['TR-yaml-syntax', /quote.*not closed/],
    ],
  },
  {
    file: 'second-document',
    errors: [[function_, /sys_openat/]],
    warnings: [
      ['TR-later-document', /first document/],
      ['TR-name-twice', /TracingPolicy p/],
    ],
  },
];

const said = ({ message, help, didYouMean }: Diagnostic): string => [message, help, didYouMean].join('\n');

describe.skipIf(!existsSync(shared))('policies with one mistake each', () => {
  let cli: BuiltCli;
  let folder: string;
  beforeAll(async () => {
    cli = await buildCli();
    folder = mkdtempSync(join(tmpdir(), 'tracerig-cases-'));
  }, 120_000);
  afterAll(() => {
    cli.remove();
    rmSync(folder, { recursive: true });
  });

  /** Of several files at once: the command takes longer to start than to check. */
  const known = new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>();
  const findings = (file: string, args: readonly string[]): readonly Diagnostic[] => {
    const key = args.join(' ');
    let byFile = known.get(key);
    if (byFile === undefined) {
      const files = readdirSync(shared).filter((name) => name.endsWith('.yaml'));
      const { out } = cli.run(['check', '--reporter', 'json', ...args, ...files], { cwd: shared });
      const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
      const grouped = new Map<string, Diagnostic[]>();
      for (const finding of diagnostics) {
        const name = basename(finding.span.file, '.yaml');
        grouped.set(name, [...(grouped.get(name) ?? []), finding]);
      }
      byFile = grouped;
      known.set(key, byFile);
    }
    return byFile.get(file) ?? [];
  };

  it.each(cases)('$file $args', ({ file, args = [], errors = [], warnings = [] }) => {
    const found = findings(file, args);
    const refused = found.filter(({ severity }) => severity === 'error');
    expect(refused.map(({ code }) => code)).toEqual(errors.map(([code]) => code));
    errors.forEach(([, says], index) => {
      const error = refused[index];
      expect(error === undefined ? '' : said(error)).toMatch(says);
    });
    const warned = found.filter(({ severity }) => severity === 'warning');
    for (const [code, says] of warnings) {
      const fit = warned.filter((finding) => finding.code === code && says.test(said(finding)));
      expect(fit.length, `${code} ${String(says)} in ${JSON.stringify(warned.map(said))}`).toBeGreaterThan(0);
    }
  });

  it('is asked about every file', () => {
    const asked = new Set(cases.map(({ file }) => file));
    const files = readdirSync(shared).flatMap((name) =>
      name.endsWith('.yaml') ? [basename(name, '.yaml')] : [],
    );
    expect(files.filter((file) => !asked.has(file))).toEqual([]);
  });

  it.each(['return-arg-action-post', 'return-arg-action-post-2'])('%s is repaired by --fix', (file) => {
    const copy = join(folder, `${file}.yaml`);
    copyFileSync(join(shared, `${file}.yaml`), copy);
    expect(cli.run(['check', '--fix', copy]).status).toBe(0);
    expect(readFileSync(copy, 'utf8')).not.toContain('returnArgAction');
  });

  it('folder/ holds four policies that are checked, and others', () => {
    const { status, out } = cli.run(['check', 'folder'], { cwd: shared });
    expect(status).toBe(0);
    expect(out).toMatch(/helm-template\.yaml.*\[TR-template\]/);
    expect(out).toContain('render it first: helm template … | tracerig check -'.replace('render', 'Render'));
    expect(out).toMatch(
      /8 files, 0 errors.*passed over: 4 documents of other kinds \(ConfigMap, Kustomization, Namespace, /,
    );
  });
});
