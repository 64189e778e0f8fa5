/** Recordings of Tetragon as folders: policies, a workload, and the events that Tetragon told of it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TetragonEvent } from '../../core/events/event.ts';

/** One folder of the format: `policy*.yaml`, `workload.sh`, `events.jsonl`, and what else there is. */
export interface ExamCase {
  readonly name: string;
  readonly folder: string;
  /** Names of the regular files in it. */
  readonly files: readonly string[];
  readonly read: (file: string) => Uint8Array;
}

/** What a recorder may tell of a case beside it; all of it may be absent. */
interface Told {
  readonly kernel?: string;
  readonly load?: {
    readonly ok?: boolean;
    readonly messages?: readonly string[];
    readonly tetragon_crashed?: string;
  };
}

const isCase = (folder: string): boolean =>
  ['workload.sh', 'events.jsonl'].every((file) => existsSync(join(folder, file)));

/** Cases in a folder, or the folder itself if it is one; by name. `others` are its folders that are none. */
export function casesIn(folder: string): { readonly cases: ExamCase[]; readonly others: string[] } {
  if (isCase(folder)) return { cases: [caseAt(folder)], others: [] };
  const inner = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory());
  return {
    cases: inner.filter(isCase).map(caseAt),
    others: inner.filter((path) => !isCase(path)).map((path) => basename(path)),
  };
}

function caseAt(folder: string): ExamCase {
  const files = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return {
    name: basename(folder),
    folder,
    files,
    read: (file) => readFileSync(join(folder, file)),
  };
}

/** In the order in which they were loaded: `policy.yaml`, `policy2.yaml`, … `policy10.yaml`. */
export function policyFiles({ files }: ExamCase): string[] {
  const order = new Intl.Collator('en', { numeric: true });
  return files.filter((file) => /^policy.*\.ya?ml$/.test(file)).sort((a, b) => order.compare(a, b));
}

export const textOf = ({ read }: ExamCase, file: string): string => new TextDecoder().decode(read(file));

/** @throws SyntaxError naming the line that is no JSON */
export function recordedEvents(examCase: ExamCase): TetragonEvent[] {
  return textOf(examCase, 'events.jsonl')
    .split('\n')
    .map((line) => line.trim())
    .flatMap((line, index) => {
      if (line === '') return [];
      try {
        return [JSON.parse(line) as TetragonEvent];
      } catch (error) {
        throw new SyntaxError(`events.jsonl:${index + 1}: ${(error as Error).message}`);
      }
    });
}

const told = (examCase: ExamCase, file: string): Told =>
  examCase.files.includes(file) ? (JSON.parse(textOf(examCase, file)) as Told) : {};

/** Release of the kernel that the events were recorded on; undefined if nothing tells it. */
export function recordedKernel(examCase: ExamCase): string | undefined {
  return told(examCase, 'start.json').kernel ?? told(examCase, 'meta.json').kernel;
}

/** Why Tetragon itself did not load the policies: the events are those of the bare workload. Undefined if it did. */
export function recordedRefusal(examCase: ExamCase): string | undefined {
  const { load } = told(examCase, 'meta.json');
  return load?.ok === false ? (load.messages ?? []).join('; ') : undefined;
}

/** Tetragon ended when it loaded the policies: there are no events, whatever the workload did. */
export const recordedCrash = (examCase: ExamCase): boolean =>
  told(examCase, 'meta.json').load?.tetragon_crashed !== undefined;
