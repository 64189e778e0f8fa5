/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Stage: process. What is known of each process in the fence, and the filters on it. */
#ifndef TRACERIG_PROCESS_H
#define TRACERIG_PROCESS_H

#include "credentials.h"
#include "path.h"
#include "sets.h"
#include "setup.h"

/* Of its memory, as Tetragon has it; of its credentials where memory has none (kernels from 7.0 on). */
INLINE __u32 user_namespace_of(struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	if (bpf_core_field_exists(mm->user_ns))
		return BPF_CORE_READ(mm, user_ns, ns.inum);
	return BPF_CORE_READ(task, cred, user_ns, ns.inum);
}

INLINE __u32 namespace_of(struct task_struct *task, __u32 which)
{
	struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);
	struct pid *pid;
	__u32 level, inum = 0;

	switch (which) {
	case NAMESPACE_UTS:
		return BPF_CORE_READ(proxy, uts_ns, ns.inum);
	case NAMESPACE_IPC:
		return BPF_CORE_READ(proxy, ipc_ns, ns.inum);
	case NAMESPACE_MNT:
		return BPF_CORE_READ(proxy, mnt_ns, ns.inum);
	case NAMESPACE_PID:
		pid = BPF_CORE_READ(task, thread_pid);
		level = BPF_CORE_READ(pid, level);
		if (level < 32) {
			struct upid *upid = &pid->numbers[level];

			inum = BPF_CORE_READ(upid, ns, ns.inum);
		}
		return inum;
	case NAMESPACE_PID_FOR_CHILDREN:
		return BPF_CORE_READ(proxy, pid_ns_for_children, ns.inum);
	case NAMESPACE_NET:
		return BPF_CORE_READ(proxy, net_ns, ns.inum);
	case NAMESPACE_TIME:
		return bpf_core_field_exists(proxy->time_ns) ? BPF_CORE_READ(proxy, time_ns, ns.inum) : 0;
	case NAMESPACE_TIME_FOR_CHILDREN:
		return bpf_core_field_exists(proxy->time_ns_for_children)
			       ? BPF_CORE_READ(proxy, time_ns_for_children, ns.inum)
			       : 0;
	case NAMESPACE_CGROUP:
		return bpf_core_field_exists(proxy->cgroup_ns) ? BPF_CORE_READ(proxy, cgroup_ns, ns.inum) : 0;
	default:
		return user_namespace_of(task);
	}
}

/* Pid within the innermost pid namespace; 0 where that is the host's. */
INLINE __u32 namespace_pid(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, signal, pids[PIDTYPE_TGID]);
	__u32 level = BPF_CORE_READ(pid, level);

	if (level == 0 || level >= 32)
		return 0;
	return BPF_CORE_READ(pid, numbers[level].nr);
}

/* The entry that a hit belongs to: the process's own, or of up to three ancestors (its own is gone while it ends). */
INLINE struct tr_task_entry *entry_of_current(__u32 *pid)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	for (int i = 0; i < 4; i++) {
		__u32 tgid = BPF_CORE_READ(task, tgid);
		struct tr_task_entry *entry = bpf_map_lookup_elem(&tasks, &tgid);

		if (entry) {
			*pid = tgid;
			return entry;
		}
		task = BPF_CORE_READ(task, real_parent);
	}
	*pid = current_pid();
	return NULL;
}

#define PF_EXITING 0x4 /* linux/sched.h; no enumeration, so not in BTF */

/* What an ending task meets when neither it nor an ancestor has an entry is its parent's, which is none of the step's.
 */
INLINE bool belongs_to_nobody(struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	return !entry && (BPF_CORE_READ(task, flags) & PF_EXITING);
}

/* Which matchBinaries filters the path in the slot is one of. */
PART int binary_matches(__u32 number, __u32 index)
{
	if (!plan.binary_count || index >= MAX_BINARIES)
		return 0;
	index &= MAX_BINARIES - 1;
	return match_bytes(number, plan.binaries[index].match, plan.binaries[index].set);
}

INLINE bool listed(const volatile __u32 *values, __u32 count, __u32 value)
{
	for (__u32 i = 0; i < MAX_VALUES; i++)
		if (i < count && values[i] == value)
			return true;
	return false;
}

INLINE bool pid_found(const volatile struct tr_pid_filter *filter, __u32 own)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	bool found = listed(filter->values, filter->count, own);

	if (!filter->follow_forks)
		return found;
	/* The recorded parent counts as 0 here (an oddity of Tetragon). */
	if (filter->namespaced)
		found = found || listed(filter->values, filter->count, 0);
	for (int i = 0; i < 10 && !found; i++) {
		task = BPF_CORE_READ(task, real_parent);
		found = listed(filter->values, filter->count,
			       filter->namespaced ? namespace_pid(task) : BPF_CORE_READ(task, tgid));
	}
	return found;
}

INLINE bool pid_passes(const volatile struct tr_pid_filter *filter, bool negated, __u32 pid)
{
	__u32 own = filter->namespaced ? namespace_pid((void *)bpf_get_current_task()) : pid;

	if (filter->follow_forks && filter->namespaced && own == 0)
		return false;
	return pid_found(filter, own) != negated;
}

INLINE bool namespace_passes(const volatile struct tr_namespace_filter *filter, bool negated)
{
	__u32 inum = namespace_of((void *)bpf_get_current_task(), filter->which);

	return listed(filter->values, filter->count, inum) != negated;
}

INLINE bool capability_passes(const volatile struct tr_capability_filter *filter, bool negated)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	const struct cred *cred = BPF_CORE_READ(task, cred);

	if (filter->namespaced && BPF_CORE_READ(cred, user_ns, ns.inum) == plan.host_user_ns)
		return false;
	return ((capability_set(cred, filter->set) & filter->mask) != 0) != negated;
}

INLINE bool binary_passes(const volatile struct tr_binary_filter *filter, bool negated, struct tr_task_entry *entry)
{
	__u64 bits;

	if (filter->of_parent) {
		/* A child that never execs has no image before it: the filter is skipped. */
		if (!entry || !entry->parent_known)
			return true;
		bits = entry->parent_bits;
	} else {
		if (!entry || !entry->known)
			return false;
		bits = entry->bits;
	}
	if (filter->follow_children)
		bits |= entry->ancestor_bits;
	return (bool)(bits >> (filter->bit & 63) & 1) != negated;
}

INLINE bool namespace_changed(const volatile struct tr_namespace_change_filter *filter, bool negated,
			      struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (!entry || !entry->recorded)
		return false;
	for (__u32 i = 0; i < MAX_NAMESPACES; i++) {
		bool listed = filter->namespaces & 1u << i;

		/* 0: it was not known. */
		if (listed != negated && entry->namespaces[i] && entry->namespaces[i] != namespace_of(task, i))
			return true;
	}
	return false;
}

INLINE bool capability_changed(const volatile struct tr_capability_change_filter *filter, bool negated,
			       struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 changed, set = filter->set;

	if (!entry || !entry->recorded || set >= CAPABILITY_SETS)
		return false;
	changed = entry->capabilities[set] ^ capability_set(BPF_CORE_READ(task, cred), set);
	if (negated)
		return changed && !(changed & filter->mask);
	return (changed & filter->mask) != 0;
}

INLINE void record_namespaces(struct tr_task_entry *entry, struct task_struct *task)
{
	for (__u32 i = 0; i < MAX_NAMESPACES; i++)
		entry->namespaces[i] = namespace_of(task, i);
}

INLINE void record_capabilities(struct tr_task_entry *entry, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	for (__u32 i = 0; i < CAPABILITY_SETS; i++)
		entry->capabilities[i] = capability_set(cred, i);
}

/* What a selector told of by its event it tells of once. */
INLINE void renew_recorded(const volatile struct tr_hook_plan *hook, __u32 winner, struct tr_task_entry *entry)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (!entry || !entry->recorded)
		return;
	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *selector = &hook->selectors[s];

		if (s >= hook->selector_count)
			break;
		if (s != winner)
			continue;
		for (__u32 f = 0; f < MAX_PROCESS_FILTERS; f++) {
			if (f >= selector->process_count)
				break;
			if (selector->process[f].kind == PROCESS_NAMESPACE_CHANGE)
				record_namespaces(entry, task);
			if (selector->process[f].kind == PROCESS_CAPABILITY_CHANGE)
				record_capabilities(entry, task);
		}
	}
}

INLINE bool process_passes(const volatile struct tr_process_filter *filter, struct tr_task_entry *entry, __u32 pid)
{
	bool negated = filter->negated;

	switch (filter->kind) {
	case PROCESS_CONSTANT:
		return filter->constant.result;
	case PROCESS_BINARY:
		return binary_passes(&filter->binary, negated, entry);
	case PROCESS_PID:
		return pid_passes(&filter->pid, negated, pid);
	case PROCESS_NAMESPACE:
		return namespace_passes(&filter->ns, negated);
	case PROCESS_CAPABILITY:
		return capability_passes(&filter->capability, negated);
	case PROCESS_NAMESPACE_CHANGE:
		return namespace_changed(&filter->namespace_change, negated, entry);
	case PROCESS_CAPABILITY_CHANGE:
		return capability_changed(&filter->capability_change, negated, entry);
	default:
		return false;
	}
}

/* The stage: a bit for each selector whose process filters all pass. Before any argument is read. */
INLINE __u32 stage_process(const volatile struct tr_hook_plan *hook, struct tr_task_entry *entry, __u32 pid)
{
	__u32 active = 0;

	for (__u32 s = 0; s < MAX_SELECTORS; s++) {
		const volatile struct tr_selector *selector = &hook->selectors[s];
		bool passes = true;

		if (s >= hook->selector_count)
			break;
		for (__u32 f = 0; f < MAX_PROCESS_FILTERS; f++) {
			if (f >= selector->process_count)
				break;
			if (!process_passes(&selector->process[f], entry, pid)) {
				passes = false;
				break;
			}
		}
		if (passes)
			active |= 1u << s;
	}
	return active;
}

#endif
