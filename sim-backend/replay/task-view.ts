/** What filters see of a task. */
import type { TaskPart, TaskView, WorkloadView } from '../../core/engine/hit.ts';
import { namespaceLinks } from '../../core/names/namespaces.ts';
import type { NamespaceName } from '../../core/names/namespaces.ts';
import { doubtOf } from '../machine/credential-doubts.ts';
import { namespaceDoubt } from '../machine/untold.ts';
import type { Machine } from '../machine/machine.ts';
import type { Image, Namespaces, Task } from '../machine/task.ts';

const generations = 9;

const isNamespace = (part: TaskPart): part is NamespaceName => Object.hasOwn(namespaceLinks, part);

const views = new WeakMap<Task, LiveTask>();

/** A view of the task as it is whenever it is asked, in the image that it ran when the view was taken. */
export function taskView(machine: Machine, task: Task, image: Image): TaskView {
  const known = views.get(task);
  if (known?.image === image) return known;
  const view = new LiveTask(machine, task, image);
  views.set(task, view);
  return view;
}

class LiveTask implements TaskView {
  constructor(
    private readonly machine: Machine,
    private readonly of: Task,
    readonly image: Image,
  ) {}

  get pid(): number {
    return this.image.facts.pid;
  }

  get tid(): number {
    return this.of.tid;
  }

  get nsPid(): number {
    return this.of.process.nsPid;
  }

  get binary(): TaskView['binary'] {
    return this.image.binary;
  }

  get parentBinary(): TaskView['parentBinary'] {
    return this.image.executed ? this.image.parent?.binary : undefined;
  }

  get ancestorBinaries(): TaskView['ancestorBinaries'] {
    return this.image.ancestry;
  }

  get ancestorPids(): readonly number[] {
    const pids: number[] = [];
    for (let at = this.image.parent; at && pids.length < generations; at = at.parent) pids.push(at.facts.pid);
    return pids;
  }

  get ancestorNsPids(): readonly number[] {
    const pids: number[] = [];
    for (let at = this.of.process.parent; at && pids.length < generations; at = at.parent)
      pids.push(at.nsPid);
    return pids;
  }

  get namespaces(): Namespaces {
    return this.of.namespaces;
  }

  get recordedNamespaces(): Namespaces | undefined {
    return this.of.process.recordedNamespaces;
  }

  get hostNamespaces(): Namespaces {
    return this.machine.start.hostNamespaces;
  }

  /** Only of those that the start does not tell, and that no call left. */
  doubt(part: TaskPart): string | undefined {
    const { start } = this.machine;
    const { namespaces } = this.of;
    if (part === 'nsPid') return namespaceDoubt(start, namespaces, 'Pid');
    return isNamespace(part) ? namespaceDoubt(start, namespaces, part) : undefined;
  }

  get capabilities(): TaskView['capabilities'] {
    const why = doubtOf(this.of.cred, 'capabilities');
    if (why !== undefined) return { kind: 'unknown', why };
    const { effective, inheritable, permitted } = this.of.cred;
    return { Effective: effective, Inheritable: inheritable, Permitted: permitted };
  }

  get recordedCapabilities(): TaskView['recordedCapabilities'] {
    const { recordedCapabilities, recordedDoubt } = this.of.process;
    return recordedDoubt === undefined ? recordedCapabilities : { kind: 'unknown', why: recordedDoubt };
  }

  get workload(): WorkloadView | undefined {
    return this.machine.workload;
  }
}
