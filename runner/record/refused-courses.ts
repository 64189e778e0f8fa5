/** Courses that the VM could not give: kept beside the others, so that what lacks is not asked for again and again. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestedPolicy } from '../../core/backend/request.ts';
import { coursesPathOf } from '../../core/scenario/trace-place.ts';
import { mostSnapshotBytes, readText } from '../read-file.ts';

const fileOf = (trace: string): string => join(coursesPathOf(trace), 'refused.json');

/** Of what the course was to be: the policies as they were written, and the recording that they change. */
function keyOf(policies: readonly TestedPolicy[], digest: string | undefined): string {
  const texts = policies.map(({ text, plan }) => [text, plan.mode]);
  return createHash('sha256')
    .update(JSON.stringify([texts, digest ?? '']))
    .digest('hex');
}

export interface Refused {
  /** File of the trace that has no course. */
  readonly trace: string;
  readonly policies: readonly TestedPolicy[];
  /** Digest of its recording. */
  readonly digest: string | undefined;
}

/** Returns the file that says so. */
export function noteRefusal({ trace, policies, digest }: Refused, why: string): string {
  const file = fileOf(trace);
  mkdirSync(coursesPathOf(trace), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ of: keyOf(policies, digest), why }, null, 1)}\n`);
  return file;
}

/** Was the very same found out before to be none that the VM can give? */
export function wasRefused({ trace, policies, digest }: Refused): boolean {
  try {
    const { of } = JSON.parse(readText(fileOf(trace), mostSnapshotBytes)) as { readonly of?: unknown };
    return of === keyOf(policies, digest);
  } catch {
    return false;
  }
}
