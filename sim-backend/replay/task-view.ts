/** What filters see of a task. */
import type { TaskView } from '../../core/engine/hit.ts';
import type { Machine } from '../machine/machine.ts';
import type { Image, Task } from '../machine/task.ts';

export function taskView(machine: Machine, task: Task, image: Image): TaskView {
  const { process, cred } = task;
  const ancestors: number[] = [];
  for (let at = image.parent; at && ancestors.length < 9; at = at.parent) ancestors.push(at.facts.pid);
  const nsAncestors: number[] = [];
  for (let at = process.parent; at && nsAncestors.length < 9; at = at.parent) nsAncestors.push(at.nsPid);
  return {
    pid: image.facts.pid,
    tid: task.tid,
    nsPid: process.nsPid,
    binary: image.binary,
    parentBinary: image.executed ? image.parent?.binary : undefined,
    ancestorBinaries: image.ancestry,
    ancestorPids: ancestors,
    ancestorNsPids: nsAncestors,
    namespaces: task.namespaces,
    recordedNamespaces: process.recordedNamespaces,
    hostNamespaces: machine.start.hostNamespaces,
    capabilities: { Effective: cred.effective, Inheritable: cred.inheritable, Permitted: cred.permitted },
    recordedCapabilities: process.recordedCapabilities,
    ...(machine.workload !== undefined && { workload: machine.workload }),
  };
}
