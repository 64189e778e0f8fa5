/** Load verdicts of real Tetragon: we accept what it accepted, and refuse what it refused, for the same reason. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../source/diagnostic.ts';
import { checkPolicyText } from './index.ts';
import { kernelFacts } from '../kernels/kernel-facts.ts';
import type { KernelFacts } from '../kernels/kernel-facts.ts';
import { codeOfTetragonError } from './tetragon-errors.ts';

const shared = join(import.meta.dirname, '../../../shared');

interface Verdict {
  readonly name: string;
  readonly file: string;
  readonly loaded: boolean;
  readonly error: string;
  readonly kernel: string;
}

interface Meta {
  readonly kernel: string;
  readonly load?: { readonly ok: boolean; readonly messages?: readonly string[] };
  readonly verdicts?: Readonly<Record<string, { readonly loaded: boolean; readonly error?: string }>>;
  readonly policy?: string;
  readonly status?: readonly string[];
  readonly add?: readonly string[];
}

function readMeta(folder: string): Meta {
  return JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as Meta;
}

function cases(name: string): string[] {
  const folder = join(shared, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((entry) => join(folder, entry))
    .filter((entry) => existsSync(join(entry, 'meta.json')));
}

function recorded(): Verdict[] {
  return cases('oracle2').flatMap((folder): Verdict[] => {
    const { kernel, verdicts, load } = readMeta(folder);
    if (verdicts !== undefined) {
      return Object.entries(verdicts).map(([name, { loaded, error = '' }]) => ({
        name,
        file: join(folder, 'policies', `${name}.yaml`),
        loaded,
        error,
        kernel,
      }));
    }
    return readdirSync(folder)
      .filter((file) => /^policy\d*\.yaml$/.test(file))
      .map((file) => ({
        name: `${basename(folder)}/${file}`,
        file: join(folder, file),
        loaded: load?.ok ?? true,
        error: (load?.messages ?? []).join('\n'),
        kernel,
      }));
  });
}

function examples(): Verdict[] {
  return cases('oracle').map((folder) => {
    const { policy = '', status = [], add = [], kernel } = readMeta(folder);
    return {
      name: basename(folder),
      file: join(shared, policy),
      loaded: status[0]?.startsWith('status=ok') === true,
      error: add[0] ?? '',
      kernel,
    };
  });
}

/**
 * The kernel of a recording, as far as the recording tells: a cloud kernel without bpf_override_return (those of the
 * override cases have it), and without the functions that Tetragon did not find.
 */
function kernelOf({ kernel, error, loaded }: Verdict): KernelFacts {
  const missing = /(?:call|syscall) "([^"]+)".*not found/.exec(error)?.[1];
  const cloud = kernel.includes('cloud') && !loaded;
  return kernelFacts(
    { id: kernel, version: kernel.split('.').slice(0, 2).join('.'), release: kernel },
    {
      hasFunction: (name) => name !== missing,
      hasTracepoint: () => true,
      hasLsmHook: () => true,
      has: (capability) => capability !== 'override-return' || !cloud,
    },
  );
}

async function check(verdict: Verdict) {
  const text = readFileSync(verdict.file, 'utf8');
  const facts = kernelOf(verdict);
  const { diagnostics } = await checkPolicyText(text, verdict.file, {
    kernels: [facts.version],
    loadKernel: () => Promise.resolve(facts),
  });
  return diagnostics;
}

describe.skipIf(!existsSync(shared))('recorded load verdicts', () => {
  test.each(recorded())('$name', async (verdict) => {
    const diagnostics = await check(verdict);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (verdict.loaded) {
      expect(errors).toEqual([]);
      return;
    }
    const code = codeOfTetragonError(verdict.error);
    expect(code, verdict.error).toBeDefined();
    // Only the kernel's format files tell the type of a tracepoint's field; without them it is a warning.
    const found = code === 'TR-auto-type' ? diagnostics : errors;
    expect(found.map((finding) => finding.code)).toContain(code);
  });

  test.each(examples().filter(({ file }) => existsSync(file)))('example $name', async (verdict) => {
    const diagnostics = await check(verdict);
    if (verdict.loaded) {
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      return;
    }
    const code = codeOfTetragonError(verdict.error);
    expect(code, verdict.error).toBeDefined();
    expect(diagnostics.filter(({ severity }) => severity === 'error').map((error) => error.code)).toContain(
      code,
    );
  });

  test.each(recorded().filter(({ error }) => /bpf_override_return/.test(error)))(
    '$name is a warning where no kernel is named',
    async ({ file }) => {
      const { diagnostics } = await checkPolicyText(readFileSync(file, 'utf8'), file);
      expect(hasErrors(diagnostics)).toBe(false);
      expect(diagnostics.map(({ code }) => code)).toContain('TR-kernel-override');
    },
  );
});
